"""Backups in a folder: database, keys, settings and roster in one file that the recovery words open."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from federation.ground.engine import reading
from node.adapters.backup.dump import dump_rows
from node.adapters.backup.sealed import read_sealed, write_sealed
from node.adapters.backup.tombstones import TombstoneFile
from node.adapters.sql.schema import revision
from node.adapters.vault.file import FileVault
from node.domain.errors import UnreadableBackupError
from node.services.ports.archive import Backup

SUFFIX = ".mwbackup"
KEPT = 14
_STAMP = "%Y%m%dT%H%M%SZ"
_FORMAT = 1
_FOLDERS = ("roster",)
_FILES = ("node.toml",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stands at the head of a backup; the rows follow."""

    made_at: datetime
    revision: str
    keys: bytes
    files: tuple[tuple[str, bytes], ...]
    rows: Iterator[str]


class FolderArchive:
    """Fulfils `Archive` in a folder."""

    def __init__(self, folder: Path, data_dir: Path, engine: Engine, vault: FileVault) -> None:
        """Backups of the node in `data_dir` go to `folder`."""
        self._folder = folder
        self._data_dir = data_dir
        self._engine = engine
        self._vault = vault
        self._tombstones = TombstoneFile(folder)

    def write(self, at: datetime) -> Backup:
        """Make a backup, and destroy all but the newest fourteen."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._folder / f"mentorweave-{at.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"
        beside = file.with_suffix(".part")
        try:
            with beside.open("wb") as out:
                write_sealed(out, self._vault.backup_key(), self._lines(at))
                out.flush()
                os.fsync(out.fileno())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
        for old in self._files()[:-KEPT]:
            old.unlink()
        return Backup(file=str(file), made_at=at, size=file.stat().st_size)

    def newest(self) -> Backup | None:
        """The newest backup, if there is one."""
        files = self._files()
        if not files:
            return None
        stamp = files[-1].stem.removeprefix("mentorweave-")
        made_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        return Backup(file=str(files[-1]), made_at=made_at, size=files[-1].stat().st_size)

    def publish_tombstones(self, tombstones: tuple[str, ...], at: datetime) -> None:
        """Copy the list of erasures beside the backups."""
        self._tombstones.publish(tombstones, at)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"mentorweave-*{SUFFIX}"))

    def _lines(self, at: datetime) -> Iterator[str]:
        head = {"format": _FORMAT, "made_at": at.isoformat(), "revision": revision(self._engine)}
        yield json.dumps({**head, "keys": base64.b64encode(self._vault.dump()).decode()})
        yield json.dumps({name: base64.b64encode(content).decode() for name, content in self._small_files()})
        # One reading transaction: the rows are of one moment, and nobody waits for it.
        with reading(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("set transaction isolation level repeatable read")
            yield from dump_rows(connection)

    def _small_files(self) -> Iterator[tuple[str, bytes]]:
        inside = [path for folder in _FOLDERS for path in sorted((self._data_dir / folder).rglob("*"))]
        for path in [*(self._data_dir / name for name in _FILES), *inside]:
            if path.is_file():
                yield path.relative_to(self._data_dir).as_posix(), path.read_bytes()


def open_backup(source: BinaryIO, key: bytes) -> Contents:
    """The contents of a backup. Raises: RecoveryWordsError, UnreadableBackupError."""
    lines = read_sealed(source, key)
    head, files = json.loads(next(lines)), json.loads(next(lines))
    if head["format"] != _FORMAT:
        raise UnreadableBackupError
    return Contents(
        made_at=datetime.fromisoformat(head["made_at"]),
        revision=head["revision"],
        keys=base64.b64decode(head["keys"]),
        files=tuple((name, base64.b64decode(content)) for name, content in files.items()),
        rows=lines,
    )
