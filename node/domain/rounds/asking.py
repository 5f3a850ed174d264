"""Which card is put to which own mentor: before own seats are filled (her very occupation), and after (sweeps)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain

from node.domain.assignment import Offering, Pair, Problem
from node.domain.assignment import Waiting as Row
from node.domain.matching.points import points
from node.domain.person import OccupationCode, PersonId
from node.domain.rounds.card import LOTS, Card, Stage, lot, unnamed
from node.domain.rounds.room import Assign, Room, SeatHolder, Waiting
from protocol.ids import Digest

_OURS, _CARD = "ours/", "card/"
HANDFUL = 3
"""An occupation that so few mentors of a program hold may be held by nobody elsewhere."""
TICKETS = (12, 4, 1)
"""In the lot, by waiting tier: who waits longer is asked for first more often, but not by all programs at once."""
LOOKS = 2
"""Cards that are weighed for each free seat of their occupation, by lot: did the points of all cards decide, every
program would ask for the same few."""
_TIES = 2 * LOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A card to be put to a mentor, for whom a seat waits meanwhile.

    `needs_asking` is False where her standing consent answers for her; the coordinator's yes is needed all the same.
    """

    card: Digest
    mentor: PersonId
    fit: int
    points: int
    stage: Stage
    needs_asking: bool


def exact_questions(room: Room, board: Iterable[Card], assign: Assign) -> tuple[Question, ...]:
    """Open cards that win an exact mentor of ours in one assignment with our own mentees.

    To be called before own seats are filled: everybody who waits here and every card whose very occupation is held
    here is weighed together, by public points. What own mentees win is not decided here; `seat` does that next.
    In its rare rounds a card is put to nobody else; in its sweeps a place that became free again is still weighed
    for it first, for it would be gone to a similar occupation before anybody elsewhere could ask again.
    """
    held_here = (card for card in board if room.pool.has_exact(card.occupation))
    cards = _in_order(card for card in held_here if card.stage is not Stage.OVER)
    wanted = tuple(_drawn(room, cards))
    if not wanted:
        return ()
    return _ask(room, cards, wanted, tuple(_own_pairs(room)), assign)


def sweep_questions(room: Room, board: Iterable[Card], assign: Assign) -> tuple[Question, ...]:
    """Cards in their sweeps for which a seat is still free; to be called after own seats are filled."""
    cards = _in_order(card for card in board if card.stage is Stage.SWEEP)
    return _ask(room, cards, tuple(_card_pairs(room, cards, exact=False)), (), assign)


def _in_order(cards: Iterable[Card]) -> list[Card]:
    """Cards in an order of their own, so that the order of the board decides nothing between equals."""
    return sorted(cards, key=lambda card: card.id)


def _ask(
    room: Room, cards: Sequence[Card], wanted: Sequence[Pair], own: Sequence[Pair], assign: Assign
) -> tuple[Question, ...]:
    worth = {(card, mentor): value for card, mentor, value in wanted}
    known = {_CARD + card.id: card for card in cards}
    rows = dict.fromkeys(chain((mentee for mentee, _, _ in own), (card for card, _, _ in wanted)))
    problem = Problem(
        mentees=tuple(Row(row, 0) for row in rows),
        mentors=tuple(Offering(holder.person.id, holder.free) for holder in room.mentors),
        pairs=tuple(_ranked(room, known, chain(own, wanted), len(rows))),
    )
    holders = {holder.person.id: holder for holder in room.mentors}
    found = []
    for row, mentor in assign(problem).pairs:
        if row in known:
            card, holder = known[row], holders[PersonId(mentor)]
            found.append(
                Question(
                    card=card.id,
                    mentor=holder.person.id,
                    fit=worth[row, mentor],
                    points=card.points(worth[row, mentor], room.bonuses),
                    stage=card.stage,
                    needs_asking=holder.needs_asking,
                )
            )
    return tuple(sorted(found, key=lambda question: (-question.points, question.card, question.mentor)))


def _card_pairs(room: Room, cards: Iterable[Card], *, exact: bool) -> Iterator[Pair]:
    """Each card with each of our mentors who may be asked about it, and the fit as far as the card tells."""
    open_to = [holder.may_be_asked(room.today) for holder in room.mentors]
    if not any(open_to):
        return
    fitting: dict[tuple[str, str | None], list[tuple[int, int]]] = {}
    for card in cards:
        kind = card.occupation, card.language
        if kind not in fitting:
            allowed = room.pool.allowed(card.as_candidate())
            fitting[kind] = [(place, fit) for place, fit in allowed if open_to[place]]
        for place, fit in fitting[kind]:
            mentor = room.mentors[place].person
            if exact and mentor.profile.occupation != card.occupation:
                continue
            if (card.id, mentor.id) not in room.asked:
                yield _CARD + card.id, mentor.id, fit


def _drawn(room: Room, cards: Sequence[Card]) -> Iterator[Pair]:
    """Exact pairs with cards that are weighed this week: `LOOKS` for each free seat of mentors of the occupation.

    They are drawn by the lot, in which a longer wait has more tickets, and which is another one at each program.
    """
    pairs = tuple(_card_pairs(room, cards, exact=True))
    wanted = {card for card, _, _ in pairs}
    listed: dict[OccupationCode, list[Card]] = {}
    for card in cards:
        if _CARD + card.id in wanted:
            listed.setdefault(card.occupation, []).append(card)
    ours = {mentor for _, mentor, _ in pairs}
    holders: dict[OccupationCode, list[SeatHolder]] = {}
    for holder in room.mentors:
        if holder.person.id in ours:
            holders.setdefault(holder.person.profile.occupation, []).append(holder)
    drawn = {_CARD + card.id for work, alike in listed.items() for card in _by_lot(alike, holders[work])}
    yield from (pair for pair in pairs if pair[0] in drawn)


def _by_lot(alike: Sequence[Card], holders: Sequence[SeatHolder]) -> list[Card]:
    """As many cards of one occupation as its mentors here look at."""
    first = min(holder.person.id for holder in holders)
    looks = LOOKS * sum(holder.free for holder in holders)
    return nlargest(looks, alike, key=lambda card: lot(card.id, first, tickets=TICKETS[card.tier]))


def _own_pairs(room: Room) -> Iterator[Pair]:
    """Each own mentee with each own mentor who could take her, weighed like an outsider: by what a card would say."""
    fits: dict[tuple[OccupationCode, int], int] = {}
    for waiting in room.mentees:
        mentee = waiting.person
        work = mentee.profile.occupation
        for place, _ in room.pool.allowed(mentee):
            holder = room.mentors[place]
            if holder.free and not room.bonds.obstacle(mentee.id, holder.person.id):
                if (work, place) not in fits:
                    fits[work, place] = room.pool.scale.fit(unnamed(work), holder.person)
                yield _OURS + mentee.id, holder.person.id, fits[work, place]


def _ranked(room: Room, cards: Mapping[str, Card], pairs: Iterable[Pair], rows: int) -> Iterator[Pair]:
    """Pairs by public points; of equal ones our own first, then by the lot, in which a longer wait has more tickets.

    With experts of whom we have a handful at most it is the other way round: whoever asks from outside has nobody else.
    Points are spread so far apart that all ties together never outweigh one point. Did the wait alone decide among
    equals, all programs would ask for the same few and hold seats in vain.
    """
    own = {_OURS + waiting.person.id: waiting for waiting in room.mentees}
    holders = Counter(mentor.profile.occupation for mentor in room.pool.mentors)
    scarce = {mentor.id for mentor in room.pool.mentors if holders[mentor.profile.occupation] <= HANDFUL}
    step = min(rows, sum(holder.free for holder in room.mentors)) * _TIES
    for row, mentor, fit in pairs:
        ours = row in own
        worth, tier = _own_worth(room, own[row], fit) if ours else _worth(room, cards[row], fit)
        tie = (ours != (mentor in scarce)) * LOTS + lot(row, mentor, tickets=TICKETS[tier])
        yield row, mentor, worth * step + tie


def _worth(room: Room, card: Card, fit: int) -> tuple[int, int]:
    return card.points(fit, room.bonuses), card.tier


def _own_worth(room: Room, waiting: Waiting, fit: int) -> tuple[int, int]:
    """Whoever has a card is worth here what it is worth elsewhere."""
    tier = room.tier(waiting.person)
    nobody = waiting.card_age is not None or not room.pool.has_exact(waiting.person.profile.occupation)
    return points(fit, tier, no_exact_mentor=nobody, bonuses=room.bonuses), tier
