"""Where backups go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup file."""

    file: str
    made_at: datetime
    size: int


class Archive(Protocol):
    """Writes the whole node into one encrypted file and knows the newest."""

    def write(self, at: datetime) -> Backup:
        """Make a backup, and destroy all but the newest fourteen."""
        ...

    def newest(self) -> Backup | None:
        """The newest backup, if there is one."""
        ...

    def publish_tombstones(self, tombstones: tuple[str, ...], at: datetime) -> None:
        """Copy the list of erasures beside the backups."""
        ...
