"""The ledger of what left this program: every entry holds the hash of the one before, so that a later change shows.

An entry says when, what and about which record; it names no person, and stays when a person is erased. What it
witnesses is kept beside it by others. Somebody who noted the newest hash can tell later that nothing was cut off.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from node.domain.audit import Act

NOTHING = "0" * 64
"""What the first entry follows."""

_UNNAMED = frozenset({Act.PERSON_ERASED, Act.PEOPLE_MERGED})
WITNESSED = frozenset(
    act
    for act in Act
    if act.value.startswith(("request.", "consent.", "summary.", "counts."))
    or act in {Act.VISIBILITY_SET, *_UNNAMED, Act.PROGRAM_RESTORED, Act.MENTORSHIP_BEGUN}
)
"""Acts by which something leaves, is agreed to, or is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One fact. `content` is the hash of the record it is about, empty where the fact says everything."""

    number: int
    at: datetime
    act: Act
    subject: str
    content: str
    digest: str


def next_entry(last: LedgerEntry | None, at: datetime, act: Act, subject: str, content: str) -> LedgerEntry:
    """The entry after `last`. A person who is erased or merged is not named by it."""
    number, before = (1, NOTHING) if last is None else (last.number + 1, last.digest)
    subject = "" if act in _UNNAMED else subject
    sealed = hashlib.sha256(content.encode()).hexdigest() if content else ""
    entry = LedgerEntry(number=number, at=at, act=act, subject=subject, content=sealed, digest="")
    return replace(entry, digest=_digest(before, entry))


def first_broken(entries: Iterable[LedgerEntry], records: Mapping[tuple[Act, str], str]) -> int | None:
    """The number of the first entry that does not hold, or None.

    `records` are what is kept today of what the entries witness, by act and subject: a record that changed breaks its
    entry as much as an entry that changed does, and so does one that is gone.
    """
    before = NOTHING
    for number, entry in enumerate(entries, start=1):
        if entry.number != number or entry.digest != _digest(before, entry) or not _still_holds(entry, records):
            return number
        before = entry.digest
    return None


def _still_holds(entry: LedgerEntry, records: Mapping[tuple[Act, str], str]) -> bool:
    kept = records.get((entry.act, entry.subject))
    if kept is None:
        return not entry.content
    return hashlib.sha256(kept.encode()).hexdigest() == entry.content


def _digest(before: str, entry: LedgerEntry) -> str:
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [before, entry.number, moment, entry.act, entry.subject, entry.content]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
