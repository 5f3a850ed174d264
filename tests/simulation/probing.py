"""A year of probing: a program of invented mentees asks for rare occupations, and notes whom a target offers.

Budgets, caps and rounds are the product's own; the target's people agree to whatever fits as often as in the other
simulations, have every seat free, and nobody else asks for them: the best that an attacker can hope for. It knows how
common each occupation is and how large the target is, asks for the likeliest rare occupations first, by name and
anonymously, closes a card as soon as it told something, and comes back to silent ones when others are told.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from federation.exchange.domain.board import OPEN_BATCHES, Posted, within_budget
from node.adapters.assignment import solve
from node.domain.person import Candidate, OccupationCode, PersonId
from node.domain.rounds.answering import HOLD, Asked, rests_until
from node.domain.rounds.card import Card, unnamed
from node.domain.rounds.room import Room, SeatHolder
from node.domain.rounds.weekly import plan
from node.domain.scarce import is_scarce, may_be_told
from node.services.board.room import LATELY
from node.services.request.budget import MOST_DIRECT
from protocol.ids import Digest, sha256_hex
from tests.simulation.frequencies import Frequencies
from tests.simulation.humans import NEVER, Humans
from tests.simulation.optimum import RARE
from tests.simulation.people import START, Federation

WEEKS, QUARTER = 52, 13
_PATIENCE = 3
"""Batches after which a silent card is closed: whoever holds the very occupation would have been asked."""
_SILENCE = 1.4
"""What silence divides the odds by: places are full, and people say no."""
_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Who attacks whom. `vouched`: for how many mentees the stewards vouched."""

    target: int
    attested: int
    vouched: int = 0
    seed: int = 1

    @property
    def budget(self) -> int:
        """Cards that the relay lets the attacker have open."""
        return min(self.attested, self.vouched)


@dataclass(frozen=True, slots=True)
class Gained:
    """Rare mentors of the target that were confirmed, by offers for cards and by offers to its name, of so many."""

    anonymously: frozenset[PersonId]
    by_name: frozenset[PersonId]
    rare: int

    @property
    def confirmed(self) -> int:
        """How many different ones."""
        return len(self.anonymously | self.by_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hold:
    """A seat of a mentor that waits for her answer, then for the attacker's, until a week."""

    week: int
    until: float
    answered: bool


class _Target:
    """The program that is probed."""

    def __init__(self, federation: Federation, attack: Attack) -> None:
        self.program = federation.programs[attack.target]
        everywhere = Counter(mentor.profile.occupation for one in federation.programs for mentor in one.mentors)
        self.rare = {mentor.id for mentor in self.program.mentors if everywhere[mentor.profile.occupation] <= RARE}
        self._holds: dict[PersonId, list[_Hold]] = defaultdict(list)
        self._asked: set[tuple[Digest, PersonId]] = set()
        self._humans = Humans(attack.seed, 0.75)
        self._unmet: set[PersonId] = set()
        self._scarce = {mentor.id for mentor in self.program.mentors if is_scarce(mentor, self.program.mentors)}
        self._fitting: dict[OccupationCode, list[Candidate]] = {}

    def week(self, week: int, cards: Sequence[Card]) -> Iterator[tuple[Digest, PersonId, float]]:
        """Offers that leave for these cards, and when."""
        if not cards:
            return
        room = Room(
            pool=self.program.pool,
            mentees=(),
            mentors=tuple(self._holder(mentor, week) for mentor in self.program.mentors),
            asked=frozenset(self._asked),
        )
        for question in plan(room, cards, solve).questions:
            self._asked.add((question.card, question.mentor))
            left = self._ask(question.mentor, week)
            if left is not None:
                yield question.card, question.mentor, left

    def direct(self, code: OccupationCode, week: int) -> PersonId | None:
        """Who is offered to a request by name: the best of those that may be told of, if she agrees."""
        for mentor in self._fits(code):
            scarce = mentor.id in self._scarce
            told = not scarce or may_be_told(mentor.id, self._unmet)
            if told and self._holder(mentor, week).may_be_asked(_day(week)):
                if self._ask(mentor.id, week) is None:
                    return None
                self._unmet |= {mentor.id} if scarce else set()
                return mentor.id
        return None

    def _fits(self, code: OccupationCode) -> list[Candidate]:
        """Mentors who could serve such a request, the best first."""
        if code not in self._fitting:
            found = sorted(self.program.pool.allowed(unnamed(code)), key=lambda one: -one[1])
            self._fitting[code] = [self.program.mentors[place] for place, _ in found]
        return self._fitting[code]

    def _ask(self, mentor: PersonId, week: int) -> float | None:
        reply = self._humans.mentor(needs_asking=True)
        offered = reply.yes and reply.days < HOLD.days
        until = reply.days + HOLD.days if offered else min(reply.days, HOLD.days)
        self._holds[mentor].append(_Hold(week=week, until=week + until / _DAYS, answered=reply.days != NEVER))
        return week + reply.days / _DAYS if offered else None

    def _holder(self, mentor: Candidate, week: int) -> SeatHolder:
        holds = self._holds.get(mentor.id, ())
        asked = (Asked(card=Digest(""), mentor=mentor.id, on=_day(h.week), answered=h.answered) for h in holds)
        return SeatHolder(
            person=mentor,
            free=mentor.profile.seats - sum(hold.until > week for hold in holds),
            questions=sum(hold.week > week - LATELY.days // _DAYS for hold in holds),
            rests_until=rests_until(asked, _day(week)),
        )


@dataclass(slots=True)
class _Attacker:
    """What it has on the board, and what it believes."""

    budget: int
    odds: dict[OccupationCode, float]
    open: list[Card] = field(default_factory=list)
    posted: Counter[OccupationCode] = field(default_factory=Counter)
    named: Counter[OccupationCode] = field(default_factory=Counter)
    cards: int = 0

    def turn(self, week: int, told: set[Digest]) -> None:
        """Close cards that told something or stayed silent, and post others as far as the board shows them."""
        if week % QUARTER == 0:
            self.posted.clear()
            self.named.clear()
        for card in self.open:
            if card.id in told:
                self.odds[card.occupation] = 0.0
            elif card.age + 1 >= _PATIENCE:
                self.odds[card.occupation] /= _SILENCE
        going = [card for card in self.open if card.id not in told and card.age + 1 < min(_PATIENCE, OPEN_BATCHES)]
        self.open = [replace(card, age=card.age + 1) for card in going]
        for code in self._likeliest():
            if len(self.open) >= self.budget:
                break
            self._post(code)

    def asks(self) -> Iterator[OccupationCode]:
        """Requests by name of a week; as often as the target listens."""
        for code in self._likeliest():
            if self.named[code] < MOST_DIRECT:
                self.named[code] += 1
                yield code

    def learn(self, code: OccupationCode, *, told: bool) -> None:
        """What an answer by name says, or silence."""
        self.odds[code] = 0.0 if told else self.odds[code] / _SILENCE

    def _post(self, code: OccupationCode) -> None:
        posted = Posted(open_cards=len(self.open), codes=len(+self.posted), same_code=self.posted[code])
        if within_budget(posted, self.budget):
            self.posted[code] += 1
            self.cards += 1
            self.open.append(Card(id=sha256_hex(f"{self.cards}".encode()), occupation=code, tier=0))

    def _likeliest(self) -> list[OccupationCode]:
        asked = {card.occupation for card in self.open}
        known = [code for code, odds in self.odds.items() if odds > 0 and code not in asked]
        return sorted(known, key=lambda code: -self.odds[code])


def probe(federation: Federation, frequencies: Frequencies, attack: Attack) -> Gained:
    """What a year of probing one program gains."""
    target = _Target(federation, attack)
    attacker = _Attacker(attack.budget, _odds(federation, frequencies, attack.target))
    by_card, by_name = set[PersonId](), set[PersonId]()
    under_way: list[tuple[Digest, PersonId, float]] = []
    for week in range(WEEKS):
        heard = {card: mentor for card, mentor, left in under_way if left <= week}
        by_card |= set(heard.values())
        under_way = [one for one in under_way if one[2] > week]
        attacker.turn(week, set(heard))
        under_way += target.week(week, attacker.open)
        for code in list(attacker.asks()):
            mentor = target.direct(code, week)
            by_name |= {mentor} if mentor is not None else set()
            attacker.learn(code, told=mentor is not None)
    by_card |= {mentor for _, mentor, _ in under_way}
    return Gained(frozenset(by_card & target.rare), frozenset(by_name & target.rare), len(target.rare))


def _odds(federation: Federation, frequencies: Frequencies, target: int) -> dict[OccupationCode, float]:
    """How many mentors of each occupation that are rare in the federation a program of this size has on average."""
    here = len(federation.programs[target].mentors)
    elsewhere = sum(len(program.mentors) for program in federation.programs) - here
    total = sum(frequencies.working.values())
    return {
        OccupationCode(code): _rare_here(here * weight / total, elsewhere * weight / total)
        for code, weight in frequencies.working.items()
    }


def _rare_here(here: float, elsewhere: float) -> float:
    return sum(
        own * _poisson(own, here) * _poisson(others, elsewhere)
        for own in range(1, RARE + 1)
        for others in range(RARE + 1 - own)
    )


def _poisson(number: int, mean: float) -> float:
    return math.exp(-mean) * mean**number / math.factorial(number)


def _day(week: int) -> date:
    return START + timedelta(weeks=week)
