"""The program that owns this node, and whether it was just restored from a backup."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

ProgramId = NewType("ProgramId", str)


class Standing(StrEnum):
    """Whether the node may speak to other programs as usual."""

    NORMAL = "normal"
    RESTORED = "restored"


def quarters_between(start: datetime, end: datetime) -> tuple[str, ...]:
    """Every calendar quarter that two moments and the time between them touch."""
    first, last = (moment.year * 4 + (moment.month - 1) // 3 for moment in (start, end))
    return tuple(f"{number // 4}-Q{number % 4 + 1}" for number in range(first, last + 1))


class Tongue(StrEnum):
    """A language in which the program writes to people."""

    ENGLISH = "en"
    FRENCH = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One community program. `restored_to` is the moment of the backup a restored node came from."""

    id: ProgramId
    name: str
    region: str
    language: Tongue
    founded_at: datetime
    standing: Standing = Standing.NORMAL
    restored_to: datetime | None = None
    version: int = 1
