"""What a restore finds beside the backup it starts from: the list of erasures, and newer backups that know of others.

A list that was lost, or copied too early, is made up for by every newer backup in the folder that the same words open.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from node.adapters.backup.archive import SUFFIX, open_backup
from node.adapters.backup.tombstones import TombstoneFile, Tombstones
from node.adapters.sql.tables import erasures
from node.domain.errors import BackupTooNewError, RecoveryWordsError, UnreadableBackupError


def found_beside(backup: Path, made_at: datetime, key: bytes) -> Tombstones:
    """Everything that is known there of erasures, and up to which moment that is complete."""
    known = [TombstoneFile(backup.parent).read(), *_in_newer(backup, made_at, key)]
    return Tombstones(
        complete_to=max((one.complete_to for one in known if one.complete_to is not None), default=None),
        tombstones=tuple(sorted({tombstone for one in known for tombstone in one.tombstones})),
    )


def _in_newer(backup: Path, made_at: datetime, key: bytes) -> Iterator[Tombstones]:
    for file in sorted(backup.parent.glob(f"*{SUFFIX}")):
        # One of another program, or a damaged one, says nothing; the restore itself rests on another file.
        try:
            with file.open("rb") as source:
                contents = open_backup(source, key)
                if contents.made_at > made_at:
                    yield Tombstones(contents.made_at, tuple(_tombstones(contents.rows)))
        except (BackupTooNewError, RecoveryWordsError, UnreadableBackupError):
            continue


def _tombstones(rows: Iterator[str]) -> Iterator[str]:
    place: int | None = None
    for line in rows:
        parsed = json.loads(line)
        if isinstance(parsed, dict):
            ours = parsed["table"] == erasures.name
            place = parsed["columns"].index(erasures.c.tombstone.name) if ours else None
        elif place is not None:
            yield str(parsed[place])
