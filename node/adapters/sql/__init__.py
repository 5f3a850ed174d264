"""The program's own database: SQLAlchemy Core on SQLite or PostgreSQL."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from node.adapters.sql import (
        audit,
        board,
        consent,
        desk,
        drafts,
        exclusions,
        factors,
        folk,
        intake,
        letter,
        links,
        mentorship,
        merges,
        pair,
        participants,
        passkeys,
        people,
        pins,
        postings,
        privacy,
        program,
        records,
        release,
        request,
        seat,
        signin,
        tokens,
        users,
    )

__all__ = [
    "audit",
    "board",
    "consent",
    "desk",
    "drafts",
    "exclusions",
    "factors",
    "folk",
    "intake",
    "letter",
    "links",
    "mentorship",
    "merges",
    "pair",
    "participants",
    "passkeys",
    "people",
    "pins",
    "postings",
    "privacy",
    "program",
    "records",
    "release",
    "request",
    "seat",
    "signin",
    "tokens",
    "users",
]


def __getattr__(name: str) -> ModuleType:
    """Load a shelf when it is first named: together they take long, and a command needs few of them."""
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
