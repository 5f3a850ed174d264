"""What a member has seen of the federation, told inside signed objects so that forks come to light.

Specification: docs/protocol/06-roster.md.
"""

from __future__ import annotations

from enum import StrEnum

from protocol.documents import Count, DigestText, Document, Version


class Seen(Document):
    """Roster versions, and the hash of the last board batch, that the author had verified when it signed."""

    root: Version
    targets: Version
    suspensions: Count
    batch: DigestText | None = None


class Withheld(StrEnum):
    """Which part of the federation the exchange does not show us as it showed another member."""

    ROOT = "root"
    TARGETS = "targets"
    SUSPENSIONS = "suspensions"
    BATCH = "board"


def withheld(theirs: Seen, ours: Seen, *, batch_is_known: bool) -> tuple[Withheld, ...]:
    """What `theirs` shows that `ours` lacks. `batch_is_known`: they name no batch, or one that we hold.

    A higher version, or a batch we were never served: the exchange is withholding or forked (06-roster 6.4.1).
    """
    found = [
        part
        for part, peer, own in (
            (Withheld.ROOT, theirs.root, ours.root),
            (Withheld.TARGETS, theirs.targets, ours.targets),
            (Withheld.SUSPENSIONS, theirs.suspensions, ours.suspensions),
        )
        if peer > own
    ]
    return (*found, Withheld.BATCH) if not batch_is_known else tuple(found)
