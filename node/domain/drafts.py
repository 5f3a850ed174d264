"""A draft of who meets whom: staged, edited by hand, signed off, published. Until then it concerns nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.domain.person import PersonId

DraftId = NewType("DraftId", str)


class UnknownDraftError(DomainError):
    """No draft has this id, or there is none."""

    code = "unknown-draft"


class DraftClosedError(DomainError):
    """The draft was published or thrown away."""

    code = "draft-closed"


class SecondPersonNeededError(DomainError):
    """Somebody else than who made or last changed the draft must sign it off first."""

    code = "second-person-needed"


class NotInDraftError(DomainError):
    """The draft says nothing of this mentee."""

    code = "not-in-draft"


class NothingToUndoError(DomainError):
    """Nothing was changed by hand, or every change was taken back."""

    code = "nothing-to-undo"


class DraftState(StrEnum):
    """How far a draft is."""

    STAGED = "staged"
    SIGNED = "signed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Why(StrEnum):
    """Why a mentee is without a mentor in a draft."""

    NOBODY = "nobody_compatible"
    LONGER_WAIT = "longer_wait"
    CLOSER_FIT = "closer_fit"
    SEAT_FREE = "seat_free"
    KEPT = "kept_for_locals"
    WANTED = "wanted_pair"
    CHANGED = "changed_since"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPair:
    """One pair of a draft, and whether a coordinator put it there.

    `one_by_one` are the points of this mentee if mentees were taken in the order of their waiting, 0 with nobody.
    """

    mentee: PersonId
    mentor: PersonId
    tier: int
    fit: int
    by_hand: bool = False
    one_by_one: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A mentee without a mentor, and why; for a closer fit, the fit that was needed and the best of her own."""

    mentee: PersonId
    tier: int
    why: Why
    cutoff: int | None = None
    own: int | None = None
    one_by_one: int | None = None


Standing = DraftPair | Unmatched
"""How a mentee stands in a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change by hand: how the mentee stood before it; `undoes` is the number of a change that it took back."""

    number: int
    before: Standing
    by: UserId
    at: datetime
    undoes: int | None = None


def next_to_undo(changes: Sequence[Change]) -> Change:
    """The newest change that was not taken back yet; `changes` are in their order. Raises: NothingToUndoError."""
    undone = {change.undoes for change in changes}
    for change in reversed(changes):
        if change.undoes is None and change.number not in undone:
            return change
    raise NothingToUndoError


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a draft reached when it was made, beside taking mentees in the order of their waiting one by one.

    `for_locals` is how many more it would have matched without seats kept for locals; `circle_seats` are those among
    the seats whose mentors would rather carry a group.
    """

    mentees: int
    seats: int
    matched: int
    fit: int
    by_tier: tuple[int, ...]
    greedy_matched: int
    greedy_fit: int
    greedy_by_tier: tuple[int, ...]
    for_locals: int = 0
    circle_seats: int = 0


MOST_TRIES = 3
"""A draft that could not be made so often is not tried again before somebody asks for it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDraft:
    """A draft that somebody asked for and that is being made; this becomes its id.

    `tries` were begun, the last of them until `claimed_until` at most.
    """

    id: DraftId
    by: UserId
    at: datetime
    tries: int = 0
    claimed_until: datetime | None = None

    def has_failed(self, now: datetime) -> bool:
        """Whether nobody tries any more."""
        return self.tries >= MOST_TRIES and self.claimed_until is not None and self.claimed_until <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft; `made_of` changes with the people of whom it was made, blank where that was not kept."""

    id: DraftId
    made_at: datetime
    made_by: UserId
    edited_by: UserId
    figures: Figures
    made_of: str = ""
    state: DraftState = DraftState.STAGED
    signed_by: UserId | None = None
    version: int = 1

    def edit(self, by: UserId) -> Self:
        """Changed by hand: whoever signed it off has to look again. Raises: DraftClosedError."""
        return replace(self._open(), edited_by=by, signed_by=None, state=DraftState.STAGED)

    def sign(self, by: UserId) -> Self:
        """Signed off. Raises: DraftClosedError, SecondPersonNeededError."""
        found = self._open()
        if by in {self.made_by, self.edited_by}:
            raise SecondPersonNeededError(draft=self.id)
        return replace(found, signed_by=by, state=DraftState.SIGNED)

    def publish(self, *, second_person: bool) -> Self:
        """Published. Raises: DraftClosedError, SecondPersonNeededError."""
        if second_person and self._open().signed_by is None:
            raise SecondPersonNeededError(draft=self.id)
        return replace(self._open(), state=DraftState.PUBLISHED)

    def discard(self) -> Self:
        """Thrown away. Raises: DraftClosedError."""
        return replace(self._open(), state=DraftState.DISCARDED)

    def _open(self) -> Self:
        if self.state in {DraftState.PUBLISHED, DraftState.DISCARDED}:
            raise DraftClosedError(draft=self.id)
        return self
