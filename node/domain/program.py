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
