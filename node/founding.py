"""Making a node's data folder, restoring one from a backup, upgrading its database: what happens before it is open.

Stands on `bootstrap`, which opens a node that is there.
"""

import secrets
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from federation.ground.clock import SystemClock
from federation.ground.engine import make_engine, transaction
from node.adapters.backup.archive import Contents, open_backup
from node.adapters.backup.beside import found_beside
from node.adapters.backup.dump import load_rows
from node.adapters.ids import SystemIds
from node.adapters.membership.restored import mark_restored
from node.adapters.sql.schema import HEAD, bring_to, bring_to_head, revision
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault
from node.adapters.vault.keys import NodeKeys, backup_key, load_keys, make_keys, make_words
from node.adapters.vault.passphrase import new_lock
from node.bootstrap import archive_of, open_vault
from node.domain.actor import Actor, Role
from node.domain.errors import DatabaseInUseError, ProgramExistsError, UnreadableBackupError
from node.domain.program import Tongue
from node.services.backup import Recovered, RestoredView, TakeUpRestored
from node.services.program import FoundProgram, IdentifyOperator, NewProgram, ProgramView
from node.settings import FILE, Settings, make_settings, write_settings

AskPassphrase = Callable[[], str | None]
Values = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNode:
    """What `init` was told; `settings` goes into `node.toml`."""

    data_dir: Path
    program: NewProgram
    recovery_words: str
    unattended: bool
    settings: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class OldNode:
    """What `restore` was told: the backup, its words, where to put it; `settings` win over those in the backup."""

    data_dir: Path
    backup: Path
    recovery_words: str
    unattended: bool
    settings: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedView:
    """From which revision to which a database was brought."""

    before: str
    after: str


def fresh_recovery_words(language: Tongue) -> str:
    """Twelve words for a new program's backups."""
    return make_words(language.value)


def found_node(new: NewNode, ask_passphrase: AskPassphrase) -> ProgramView:
    """Make the data folder, keys and database of a new program; where that fails, it can be tried again.

    Raises: ProgramExistsError, the refusals of `FoundProgram` and of `federation.ground.keyfile`.
    """
    values = {"language": new.program.language.value, **new.settings}
    ask = None if new.unattended else ask_passphrase
    with _making(new.data_dir, values, make_keys(new.recovery_words), ask) as (engine, vault):
        bring_to_head(engine)
        clock = SystemClock()
        return FoundProgram(unit_of_work(engine, vault), clock, SystemIds(clock))(new.program)


def restore_node(old: OldNode, ask_passphrase: AskPassphrase) -> RestoredView:
    """Make a data folder from a backup, marked restored, and erase again whom the lists of erasures name.

    Raises: RecoveryWordsError, UnreadableBackupError, BackupTooNewError, ProgramExistsError, DatabaseInUseError.
    """
    with old.backup.open("rb") as source:
        contents = open_backup(source, backup_key(old.recovery_words))
        values = {**_settings_in(contents), **old.settings}
        ask = None if old.unattended else ask_passphrase
        with _making(old.data_dir, values, load_keys(contents.keys), ask) as (engine, vault):
            bring_to(engine, contents.revision)
            with transaction(engine) as connection:
                load_rows(connection, contents.rows)
            bring_to_head(engine)
            _write_files(old.data_dir, contents)
            work = unit_of_work(engine, vault)
            clock = SystemClock()
            with transaction(engine) as connection:
                joined = mark_restored(connection, contents.made_at, clock.now())
            beside = found_beside(old.backup, contents.made_at, backup_key(old.recovery_words))
            found = Recovered(
                made_at=contents.made_at,
                tombstones=beside.tombstones,
                complete_to=beside.complete_to,
                joined=joined,
            )
            operator: Actor = IdentifyOperator(work)()
            return TakeUpRestored(work, clock)(Actor(operator.id, Role.ADMINISTRATOR), found)


def upgrade_database(settings: Settings, ask_passphrase: AskPassphrase) -> UpgradedView:
    """Back up, then bring the database to this release. Raises: the refusals of `federation.ground.keyfile`."""
    vault = open_vault(settings, ask_passphrase)
    engine = make_engine(settings.url)
    try:
        before = revision(engine)
        if before not in {"", HEAD}:
            archive_of(settings, engine, vault).write(SystemClock().now())
        bring_to_head(engine)
    finally:
        engine.dispose()
    return UpgradedView(before=before, after=HEAD)


@contextmanager
def _making(
    data_dir: Path, values: Values, keys: NodeKeys, ask: AskPassphrase | None
) -> Iterator[tuple[Engine, FileVault]]:
    """An empty database and a new key file; `node.toml` is written last, so that a folder without it is no node."""
    if (data_dir / FILE).exists():
        raise ProgramExistsError
    named = {**values, "instance": secrets.token_hex(8)}
    settings = make_settings(data_dir, dict(named))
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = make_engine(settings.url)
    try:
        if revision(engine):
            raise DatabaseInUseError
        lock = new_lock(settings.instance, settings.passphrase_file, ask)
        vault = FileVault.create(settings.key_file, lock, keys)
        with _undone_on_error(settings, engine):
            yield engine, vault
            write_settings(data_dir, named)
    finally:
        engine.dispose()


@contextmanager
def _undone_on_error(settings: Settings, engine: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        settings.key_file.unlink()
        _forget_sqlite(settings)
        raise


def _forget_sqlite(settings: Settings) -> None:
    if not settings.database_url:
        for left in settings.data_dir.glob("mentorweave.sqlite3*"):
            left.unlink()


def _settings_in(contents: Contents) -> dict[str, str | int | bool]:
    for name, content in contents.files:
        if name == FILE:
            return {key: value for key, value in tomllib.loads(content.decode()).items() if key != "instance"}
    raise UnreadableBackupError


def _write_files(data_dir: Path, contents: Contents) -> None:
    for name, content in contents.files:
        target = (data_dir / name).resolve()
        if name != FILE and target.is_relative_to(data_dir.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
