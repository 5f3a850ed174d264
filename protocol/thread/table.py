"""The declared table of a request's life: who may say what in which state, whose move it is, and until when.

The table is checked when this module is imported. Specification: docs/protocol/05-messages.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from protocol.bodies import CONTROL, Kind


class Side(StrEnum):
    """The two ends of a thread: home asks for its mentee, the host has the mentor."""

    HOME = "home"
    HOST = "host"

    @property
    def other(self) -> Side:
        """The other end."""
        return Side.HOST if self is Side.HOME else Side.HOME


class State(StrEnum):
    """Where a request stands."""

    NEW = "new"
    ASKED = "asked"
    QUESTIONED = "questioned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    HOST_REVEALED = "host_revealed"
    INTRODUCED = "introduced"
    CLOSING_BY_HOME = "closing_by_home"
    CLOSING_BY_HOST = "closing_by_host"
    CLOSED = "closed"
    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose move an open state is, when that side is reminded, and when the state lapses."""

    owner: Side
    nudge: timedelta
    deadline: timedelta


_NUDGE = timedelta(days=3)
_DEADLINE = timedelta(days=14)
_HOME = Duty(Side.HOME, _NUDGE, _DEADLINE)
_HOST = Duty(Side.HOST, _NUDGE, _DEADLINE)

DUTIES: dict[State, Duty] = {
    State.NEW: _HOME,
    State.ASKED: _HOST,
    State.QUESTIONED: _HOME,
    State.OFFERED: _HOME,
    State.ACCEPTED: _HOST,
    State.CONFIRMED: _HOST,
    State.HOST_REVEALED: _HOME,
    # A mentorship lasts months: home asks after the first meeting, and closes what has run for a year.
    State.INTRODUCED: Duty(Side.HOME, timedelta(days=30), timedelta(days=365)),
    State.CLOSING_BY_HOME: _HOST,
    State.CLOSING_BY_HOST: _HOME,
}

RANKS: dict[State, int] = {
    State.CLOSED: 1,
    State.REFUSED: 2,
    State.DECLINED: 3,
    State.EXPIRED: 4,
    State.RECALLED: 5,
    State.WITHDRAWN: 6,
    State.CONSENT_WITHDRAWN: 7,
    State.ERASED: 8,
}
"""Final states; of two that meet, the higher holds at both ends."""

ENDS: dict[Kind, State] = {
    Kind.MATCH_CLOSED: State.CLOSED,
    Kind.OFFER_REFUSE: State.REFUSED,
    Kind.REQUEST_DECLINE: State.DECLINED,
    Kind.REQUEST_EXPIRE: State.EXPIRED,
    Kind.OFFER_RECALL: State.RECALLED,
    Kind.REQUEST_WITHDRAW: State.WITHDRAWN,
    Kind.CONSENT_WITHDRAW: State.CONSENT_WITHDRAWN,
    Kind.PERSON_ERASE: State.ERASED,
}
"""What a message that ends a request makes of it; it counts by its rank, even when it comes late."""

UNCONDITIONAL = frozenset({Kind.CONSENT_WITHDRAW, Kind.PERSON_ERASE})
"""What may be said in every state but the first, and so counts before the letters that it overtook have arrived."""

_BEFORE_INTRODUCTION = (
    State.ASKED,
    State.QUESTIONED,
    State.OFFERED,
    State.ACCEPTED,
    State.CONFIRMED,
    State.HOST_REVEALED,
)
_WITH_AN_OFFER = (State.OFFERED, State.ACCEPTED, State.CONFIRMED, State.HOST_REVEALED)
_CLOSING = (State.CLOSING_BY_HOME, State.CLOSING_BY_HOST)
_ANY_BUT_NEW = tuple(state for state in State if state is not State.NEW)
_BOTH = (Side.HOME, Side.HOST)

_Key = tuple[State, Side, Kind]

TABLE: dict[_Key, State] = {
    (State.NEW, Side.HOME, Kind.REQUEST_OPEN): State.ASKED,
    (State.ASKED, Side.HOST, Kind.REQUEST_QUESTION): State.QUESTIONED,
    (State.QUESTIONED, Side.HOME, Kind.REQUEST_ANSWER): State.ASKED,
    (State.ASKED, Side.HOST, Kind.REQUEST_OFFER): State.OFFERED,
    (State.ASKED, Side.HOST, Kind.REQUEST_DECLINE): State.DECLINED,
    (State.OFFERED, Side.HOME, Kind.OFFER_ACCEPT): State.ACCEPTED,
    (State.OFFERED, Side.HOME, Kind.OFFER_REFUSE): State.REFUSED,
    (State.ACCEPTED, Side.HOST, Kind.OFFER_CONFIRM): State.CONFIRMED,
    (State.CONFIRMED, Side.HOST, Kind.INTRO_REVEAL): State.HOST_REVEALED,
    (State.HOST_REVEALED, Side.HOME, Kind.INTRO_REVEAL): State.INTRODUCED,
    (State.INTRODUCED, Side.HOME, Kind.STATUS_UPDATE): State.INTRODUCED,
    (State.INTRODUCED, Side.HOST, Kind.STATUS_UPDATE): State.INTRODUCED,
    (State.INTRODUCED, Side.HOME, Kind.MATCH_CLOSE): State.CLOSING_BY_HOME,
    (State.INTRODUCED, Side.HOST, Kind.MATCH_CLOSE): State.CLOSING_BY_HOST,
    (State.CLOSING_BY_HOME, Side.HOST, Kind.MATCH_CLOSED): State.CLOSED,
    (State.CLOSING_BY_HOST, Side.HOME, Kind.MATCH_CLOSED): State.CLOSED,
    # A withdrawal is sent again, as a new message, until its receipt comes home: it may repeat what it made.
    **{
        (state, Side.HOME, Kind.REQUEST_WITHDRAW): State.WITHDRAWN for state in (*_BEFORE_INTRODUCTION, State.WITHDRAWN)
    },
    **{(state, Side.HOST, Kind.OFFER_RECALL): State.RECALLED for state in (*_WITH_AN_OFFER, State.RECALLED)},
    # A mentorship that one end closed lapses when the other never answers.
    **{
        (state, side, Kind.REQUEST_EXPIRE): State.EXPIRED
        for state in (*_BEFORE_INTRODUCTION, *_CLOSING)
        for side in _BOTH
    },
    # A consent may be withdrawn, and a person erased, at any time, also after the end: the other person's, too.
    **{(state, side, Kind.CONSENT_WITHDRAW): State.CONSENT_WITHDRAWN for state in _ANY_BUT_NEW for side in _BOTH},
    **{(State.ERASED, side, Kind.CONSENT_WITHDRAW): State.ERASED for side in _BOTH},
    **{(state, side, Kind.PERSON_ERASE): State.ERASED for state in _ANY_BUT_NEW for side in _BOTH},
}


class TableError(Exception):
    """The table contradicts itself: a mistake of the programmer, found at import."""


def is_final(state: State) -> bool:
    """Whether nothing more is expected of anyone."""
    return state in RANKS


def allowed(state: State, side: Side) -> tuple[Kind, ...]:
    """What `side` may say in `state`."""
    return tuple(kind for at, by, kind in TABLE if at is state and by is side)


_LAPSES = frozenset({Kind.REQUEST_EXPIRE, Kind.MATCH_CLOSE})
_NO_PROGRESS = UNCONDITIONAL | {Kind.REQUEST_EXPIRE, Kind.REQUEST_WITHDRAW, Kind.OFFER_RECALL}


def check(table: dict[_Key, State], duties: dict[State, Duty], ranks: dict[State, int], kinds: frozenset[Kind]) -> None:
    """Refuse a table in which a state has no way in, no way out, no owner or no rank. Raises: TableError."""
    _check_states(table, duties, ranks)
    _check_moves(table, duties, kinds)
    _check_ends(table, ranks)


def _check_states(table: dict[_Key, State], duties: dict[State, Duty], ranks: dict[State, int]) -> None:
    if set(duties) & set(ranks) or set(duties) | set(ranks) != set(State):
        raise TableError("a state is either open, with an owner, or final, with a rank")
    if len(set(ranks.values())) != len(ranks):
        raise TableError("two final states share a rank")
    if {state for state in State if state is not State.NEW} != set(table.values()):
        raise TableError("a state cannot be reached")


def _check_moves(table: dict[_Key, State], duties: dict[State, Duty], kinds: frozenset[Kind]) -> None:
    if {kind for _, _, kind in table} != kinds:
        raise TableError("a kind of message is never allowed")
    for state, duty in duties.items():
        moves = {kind for at, by, kind in table if at is state and by is duty.owner}
        if not moves - _NO_PROGRESS:
            raise TableError("the owner of a state has no move")
        if state is not State.NEW and not moves & _LAPSES:
            raise TableError("a state cannot lapse at its deadline")


def _check_ends(table: dict[_Key, State], ranks: dict[State, int]) -> None:
    for (at, _, kind), after in table.items():
        if at in ranks and ranks[at] > ranks.get(after, 0):
            raise TableError("a final state is left for a lower one")
        if (after in ranks) != (kind in ENDS) or (after in ranks and ranks[after] < ranks[ENDS[kind]]):
            raise TableError("a message ends a request as another kind does")
    for state in State:
        if state is not State.NEW and not all((state, side, kind) in table for side in Side for kind in UNCONDITIONAL):
            raise TableError("a person cannot be erased, or a consent withdrawn, in some state")


check(TABLE, DUTIES, RANKS, frozenset(Kind) - CONTROL)
