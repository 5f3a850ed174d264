"""The list of erasures beside the backups: keyed tombstones only, so that any later restore can erase again."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from federation.ground.files import write_atomically

NAME = "erasures.json"


@dataclass(frozen=True, slots=True)
class Tombstones:
    """A copy of the list, complete up to a moment."""

    complete_to: datetime | None
    tombstones: tuple[str, ...]


class TombstoneFile:
    """The list in the folder of backups."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the list is first written."""
        self._folder = folder

    def publish(self, tombstones: tuple[str, ...], at: datetime) -> None:
        """Replace the list by a newer copy."""
        self._folder.mkdir(parents=True, exist_ok=True)
        document = {"complete_to": at.isoformat(), "tombstones": list(tombstones)}
        write_atomically(self._folder / NAME, json.dumps(document).encode())

    def read(self) -> Tombstones:
        """The newest copy; an empty one where there is none."""
        file = self._folder / NAME
        if not file.is_file():
            return Tombstones(None, ())
        document = json.loads(file.read_bytes())
        return Tombstones(datetime.fromisoformat(document["complete_to"]), tuple(document["tombstones"]))
