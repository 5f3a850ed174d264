"""How many places that own mentees could have are given to requests from outside: as many as are asked of others.

A place that nobody here could use costs nothing and is always given. Any other is given against what this program
asks of the others, its own open cards; otherwise a town with many kinds of mentors beside a city serves fewer of its
own than it would alone. Experts of whom there are fewest here come first: whoever asks for one has nobody else.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from node.domain.assignment import Offering, Problem
from node.domain.assignment import Waiting as Row
from node.domain.rounds.asking import Question
from node.domain.rounds.room import Assign, Room
from node.domain.rounds.seating import own_pairs

CARDS_A_PLACE = 4
"""For each four open cards of its own a program gives one place that its own could have, and one more in any week."""
_CARD = "card/"


def given(room: Room, questions: Sequence[Question], assign: Assign) -> tuple[Question, ...]:
    """Those that cost no own mentee a place, and as many of the others as this program may ask in return.

    What was put to mentors earlier in the week counts, so that asking one by one gives no more than asking at once.
    """
    affordable = 1 + sum(waiting.card_age is not None for waiting in room.mentees) // CARDS_A_PLACE
    if len(questions) + len(room.set_aside) <= affordable:
        return tuple(questions)
    costing_nothing = _costing_nothing(room, questions, assign)
    affordable -= sum(_before(place) not in costing_nothing for place in range(len(room.set_aside)))
    holders = Counter(holder.person.profile.occupation for holder in room.mentors)
    fewest = {holder.person.id: holders[holder.person.profile.occupation] for holder in room.mentors}
    costly = sorted((one for one in questions if one.card not in costing_nothing), key=lambda one: fewest[one.mentor])
    kept = costing_nothing | {one.card for one in costly[: max(0, affordable)]}
    return tuple(one for one in questions if one.card in kept)


def _costing_nothing(room: Room, questions: Sequence[Question], assign: Assign) -> set[str]:
    """Cards that still find their mentor's place free when as many own mentees as possible have one."""
    before = Counter(room.set_aside)
    holders = tuple(replace(holder, free=holder.free + before[holder.person.id]) for holder in room.mentors)
    problem = Problem(
        mentees=(
            *(Row(waiting.person.id, 0) for waiting in room.mentees),
            *(Row(_CARD + _before(place), 1) for place in range(len(room.set_aside))),
            *(Row(_CARD + question.card, 2) for question in questions),
        ),
        mentors=tuple(Offering(holder.person.id, holder.free) for holder in holders),
        pairs=(
            *own_pairs(replace(room, mentors=holders), room.mentees),
            *((_CARD + _before(place), mentor, 0) for place, mentor in enumerate(room.set_aside)),
            *((_CARD + question.card, question.mentor, question.points) for question in questions),
        ),
    )
    return {row.removeprefix(_CARD) for row, _ in assign(problem).pairs if row.startswith(_CARD)}


def _before(place: int) -> str:
    """The row of a place that was set aside earlier in the week."""
    return f"before/{place}"
