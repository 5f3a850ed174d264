"""Filling a program's own seats, after those are set aside whose mentors are being asked about a card."""

from collections.abc import Iterator, Sequence

from node.domain.assignment import Offering, Pair, Problem
from node.domain.assignment import Waiting as Row
from node.domain.person import PersonId
from node.domain.rounds.card import RARE_ROUNDS
from node.domain.rounds.room import Assign, Room, Waiting


def seat(room: Room, assign: Assign) -> tuple[tuple[PersonId, PersonId], ...]:
    """Own mentees and own mentors: the most of the longest waits, then the best fit, then the fairest load.

    A mentee whose card is in its rare rounds waits for somebody of her very occupation elsewhere, and one batch more
    for the answers of the last; afterwards she takes part here again, with her waiting date.
    """
    waiting = [mentee for mentee in room.mentees if not _waits_outside(mentee)]
    problem = Problem(
        mentees=tuple(Row(mentee.person.id, room.tier(mentee.person)) for mentee in waiting),
        mentors=tuple(Offering(held.person.id, held.free, held.load, held.idle) for held in room.mentors),
        pairs=tuple(own_pairs(room, waiting)),
    )
    return tuple((PersonId(mentee), PersonId(mentor)) for mentee, mentor in assign(problem).pairs)


def _waits_outside(mentee: Waiting) -> bool:
    return mentee.card_age is not None and mentee.card_age <= RARE_ROUNDS


def own_pairs(room: Room, waiting: Sequence[Waiting]) -> Iterator[Pair]:
    """Each of these mentees with each own mentor who has a free seat and could take her, and the fit."""
    for mentee in waiting:
        for place, fit in room.pool.allowed(mentee.person):
            holder = room.mentors[place]
            if holder.free and not room.bonds.obstacle(mentee.person.id, holder.person.id):
                yield mentee.person.id, holder.person.id, fit
