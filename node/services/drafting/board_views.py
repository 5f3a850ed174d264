"""What people read of the board of a draft, and which part of it they want."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.drafts import DraftId, DraftState, Figures, Why
from node.domain.person import PersonId
from node.services.drafting.comparing import ComparisonView


class Show(StrEnum):
    """Which mentors of a board to show."""

    ALL = "all"
    FREE = "free"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a board: which mentors, after which of them, and after which mentee left out."""

    show: Show = Show.ALL
    cards_after: PersonId | None = None
    left_after: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedView:
    """Somebody in a place of a card."""

    mentee: PersonId
    name: str
    title_en: str
    title_fr: str
    tier: int
    fit: int
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One mentor: places that are in use, held for somebody of another program, given by this draft, and free.

    All places of a `circle` meet together; `circle_lacks` are the people it lacks to start.
    """

    mentor: PersonId
    name: str
    title_en: str
    title_fr: str
    community: str
    circle: bool
    circle_lacks: int
    seats: int
    used: int
    held: int
    free: int
    people: tuple[SeatedView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutView:
    """Somebody whom the draft leaves without a mentor, and why."""

    mentee: PersonId
    name: str
    title_en: str
    title_fr: str
    tier: int
    why: Why
    cutoff: int | None
    own: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A draft in part: the rest of its mentors and of whom it leaves out is behind `next_card` and `next_left`.

    `by_tier` and `of_tier` count who has a mentor, and everybody, by how long they wait. `to_undo` is whose change is
    the next to be taken back. `second_person`: somebody else has to sign it off before it is published; `may_sign`:
    whoever asks could. `outdated`: people or rules changed since, so that what it says may not hold any more.
    """

    id: DraftId
    state: DraftState
    version: int
    made_at: datetime
    made_by: str
    edited_by: str
    signed_by: str
    second_person: bool
    may_sign: bool
    outdated: bool
    figures: Figures
    matched: int
    fit: int
    by_tier: tuple[int, ...]
    of_tier: tuple[int, ...]
    by_hand: int
    to_undo: str
    simple: ComparisonView | None
    last: ComparisonView | None
    wanted: Wanted
    cards: tuple[CardView, ...]
    cards_in_all: int
    next_card: PersonId | None
    left: tuple[LeftOutView, ...]
    left_in_all: int
    left_why: tuple[tuple[Why, int], ...]
    next_left: PersonId | None
