"""The port `Archive` on both databases: what goes into a backup comes out of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from federation.ground.engine import make_engine, reading, sqlite_url, transaction
from node.adapters.backup.archive import KEPT, FolderArchive, open_backup
from node.adapters.backup.dump import dump_rows, load_rows
from node.adapters.backup.tombstones import TombstoneFile
from node.adapters.sql.schema import HEAD, bring_to
from node.adapters.sql.tables import people
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import backup_key, load_keys, make_words
from node.domain.actor import UserId
from node.domain.audit import Act, AuditEntry
from node.domain.errors import BackupTooNewError, RecoveryWordsError, UnreadableBackupError
from node.domain.person import Contact
from node.domain.program import Tongue
from node.domain.texts import LetterKind, OwnTexts, Wording
from node.services.ports.vault import Guard
from tests.support.clock import NOON
from tests.support.node import WORDS, OpenSqlWork, a_person

KEY = backup_key(WORDS)


@pytest.fixture
def archive(tmp_path: Path, node_engine: Engine, vault: FileVault) -> FolderArchive:
    data_dir = tmp_path / "data"
    (data_dir / "roster").mkdir(parents=True)
    (data_dir / "roster" / "root.json").write_text("{}")
    (data_dir / "node.toml").write_text('instance = "a"\n')
    return FolderArchive(tmp_path / "backups", data_dir, node_engine, vault)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(sqlite_url(tmp_path / "elsewhere.sqlite3"))
    yield engine
    engine.dispose()


def test_a_restored_database_holds_every_row_and_opens_every_seal(
    work: OpenSqlWork, archive: FolderArchive, elsewhere: Engine, tmp_path: Path
) -> None:
    person, own = a_person(), Wording(code="letter.link.lead", language=Tongue.FRENCH, text="Voici votre porte é")
    with work() as unit:
        unit.people.add([person])
        unit.programs.texts.replace(OwnTexts(letter=LetterKind.SIGN_IN, wordings=(own,)))
        unit.audit.add(AuditEntry(at=NOON, actor=UserId("user"), act=Act.PEOPLE_IMPORTED, subject="x"))

    with Path(archive.write(NOON).file).open("rb") as source:
        contents = open_backup(source, KEY)
        bring_to(elsewhere, contents.revision)
        with transaction(elsewhere) as connection:
            load_rows(connection, contents.rows)
    lock = Lock(guard=Guard.BARE, passphrase=None)
    vault = FileVault.create(tmp_path / "restored.key", lock, load_keys(contents.keys))

    with unit_of_work(elsewhere, vault)() as unit:
        assert unit.people.get(person.id) == person
        assert unit.programs.texts.get(LetterKind.SIGN_IN).wordings == (own,)
        assert len(unit.audit.since(NOON)) == 1
    assert dict(contents.files) == {"node.toml": b'instance = "a"\n', "roster/root.json": b"{}"}
    assert (contents.made_at, contents.revision) == (NOON, HEAD)


def test_rows_copied_into_this_kind_of_database_can_be_added_to(
    elsewhere: Engine, node_engine: Engine, vault: FileVault
) -> None:
    bring_to(elsewhere, HEAD)
    entry = AuditEntry(at=NOON, actor=UserId("user"), act=Act.PEOPLE_IMPORTED, subject="x")
    with unit_of_work(elsewhere, vault)() as unit:
        unit.people.count()
        unit.audit.add(entry)
    with reading(elsewhere) as source, transaction(node_engine) as target:
        load_rows(target, dump_rows(source))

    with unit_of_work(node_engine, vault)() as unit:
        unit.audit.add(entry)
        assert unit.audit.since(NOON) == (entry, entry)


def test_other_words_do_not_open_a_backup(archive: FolderArchive) -> None:
    file = Path(archive.write(NOON).file)

    with file.open("rb") as source, pytest.raises(RecoveryWordsError):
        open_backup(source, backup_key(make_words("fr")))


def test_a_backup_that_was_cut_short_is_refused(work: OpenSqlWork, archive: FolderArchive) -> None:
    with work() as unit:
        unit.people.add([a_person(contact=Contact(name="Amara", notes="a" * 20_000)) for _ in range(60)])
    file = Path(archive.write(NOON).file)
    whole = file.read_bytes()
    assert len(whole) > 1_100_000, "the backup must have several pieces"

    for kept in (whole[: 4 + 16 + 4 + (1 << 20) + 29], whole[:-1], whole[:10], b"PK", whole + b"\0\0\0\1x"):
        file.write_bytes(kept)
        with file.open("rb") as source, pytest.raises((UnreadableBackupError, RecoveryWordsError)):
            for _ in open_backup(source, KEY).rows:
                pass


def test_rows_of_an_unknown_table_are_refused(node_engine: Engine) -> None:
    with pytest.raises(UnreadableBackupError), transaction(node_engine) as connection:
        load_rows(connection, iter(['{"table": "wishes", "columns": []}']))


def test_a_backup_of_a_newer_release_is_refused(elsewhere: Engine) -> None:
    with pytest.raises(BackupTooNewError):
        bring_to(elsewhere, "9999")


def test_only_the_newest_fourteen_backups_are_kept(archive: FolderArchive) -> None:
    assert archive.newest() is None
    first = Path(archive.write(NOON).file)
    earlier = [
        first.with_name(first.name.replace(f"{NOON:%Y%m%d}", f"{NOON - timedelta(days=day):%Y%m%d}"))
        for day in range(KEPT, 0, -1)
    ]
    for file in earlier:
        file.write_bytes(first.read_bytes())

    last = archive.write(NOON + timedelta(days=1))

    assert archive.newest() == last
    assert [file.exists() for file in (*earlier, first, Path(last.file))] == [False, False, *([True] * KEPT)]


def test_the_list_of_erasures_lies_beside_the_backups(archive: FolderArchive, tmp_path: Path) -> None:
    folder = TombstoneFile(tmp_path / "backups")
    assert folder.read().tombstones == ()
    archive.publish_tombstones(("aa", "bb"), NOON)

    assert folder.read().tombstones == ("aa", "bb")
    assert folder.read().complete_to == NOON


def test_nothing_of_a_person_can_be_read_in_a_backup(work: OpenSqlWork, archive: FolderArchive) -> None:
    person = a_person()
    with work() as unit:
        unit.people.add([person])
        assert unit.connection.execute(select(people.c.occupation)).scalar_one() == "21300"

    content = Path(archive.write(NOON).file).read_bytes()

    assert b"21300" not in content
    assert person.contact.name.encode() not in content
