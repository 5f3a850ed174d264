"""The rules of a letter on its way out: its states, when it is tried again, and what is said again until receipted."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from protocol.bodies import Kind

LETTERS = "letters"  # what a transaction that put letters into the outbox calls itself (`ground.engine.wrote`)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LEAST_JITTER, MOST_JITTER = 0.8, 1.4
SAY_AGAIN_AFTER = timedelta(days=3)

WITHDRAWALS = frozenset({Kind.REQUEST_WITHDRAW, Kind.OFFER_RECALL, Kind.CONSENT_WITHDRAW, Kind.PERSON_ERASE})
"""Withdrawals and erasures: the only kinds that still leave when the roster is too old, and said until receipted."""


class LetterState(StrEnum):
    """Where a letter of ours is. Only a receipt makes it delivered."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPIRED = "expired"
    VOID = "void"
    SAID_AGAIN = "said_again"
    CANCELLED = "cancelled"


def pause_after(attempts: int, chance: float) -> timedelta:
    """How long to wait after the `attempts`-th failure; `chance` in [0, 1) spreads 0.8 to 1.4 times around it."""
    doubled = FIRST_PAUSE * float(1 << min(attempts - 1, 16))
    jitter = LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * chance
    return min(doubled * jitter, LONGEST_PAUSE)


def next_try(now: datetime, *, attempts: int, chance: float, retry_after: timedelta | None) -> datetime:
    """The moment of the next attempt; a server's Retry-After is honoured up to the longest pause."""
    wished = timedelta(0) if retry_after is None else min(retry_after, LONGEST_PAUSE)
    return now + max(pause_after(attempts, chance), wished)
