"""A cohort's weeks: every program decides with the product's own code, people answer when they answer.

What is played here is the wire and the people: cards that all programs read, offers that come with the next batch,
seats held meanwhile. Who is asked, who is seated and which offer is chosen is decided by `node.domain.rounds`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from hashlib import sha256
from operator import attrgetter

from federation.exchange.domain.board import Posted, within_budget
from node.adapters.assignment import solve
from node.domain.card import BATCHES, LATE
from node.domain.community import CommunityId
from node.domain.matching.points import USUAL, Bonuses
from node.domain.person import Candidate, PersonId
from node.domain.rounds.answering import HOLD, Asked, Offered, choose, rests_until
from node.domain.rounds.asking import Question, exact_questions, sweep_questions
from node.domain.rounds.card import Card
from node.domain.rounds.posting import needs
from node.domain.rounds.room import Room, SeatHolder, Waiting
from node.domain.rounds.seating import seat
from node.domain.rounds.weekly import Plan, plan
from node.services.board.room import LATELY
from protocol.ids import Digest
from protocol.vocabulary import Mode
from tests.simulation.humans import NEVER, Humans
from tests.simulation.people import START, Federation, Program

POSTING = 2
"""Cards are posted for the first batch, and for the second by those whom the first round left without a seat."""
ENDS = BATCHES + LATE
"""Batches after which a card ends, and whoever came to nothing may post another: once more in all."""
ONCE = POSTING + BATCHES + 4
"""Batches of the first cards, and time for the last answers."""
WEEKS = ENDS + ONCE
QUARTER = 13
_PER_INTRODUCTION = 5
"""Messages after an offer: request, offer, acceptance, confirmation with one reveal, the other reveal."""


class Order(Enum):
    """What comes first in a round; `LOCAL_FIRST` is the wrong one, kept to show what it costs."""

    BOARD_FIRST = "board-first"
    LOCAL_FIRST = "local-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a federation is played."""

    seed: int = 1
    bonuses: Bonuses = USUAL
    order: Order = Order.BOARD_FIRST
    consent: float = 0.75
    accepts: float = 1.0
    unvouched: frozenset[int] = frozenset()
    """Places of programs for whose mentees nobody vouches: they put nothing on the board."""
    limited: bool = True
    """Whether the board keeps to its budgets, as it does."""


@dataclass(slots=True, kw_only=True)
class Hold:
    """A seat set aside for a card: while the mentor is asked, then while the mentee looks at the offer."""

    card: Digest
    host: int
    mentor: PersonId
    asked_on: float
    until: float
    offered_at: float = NEVER
    open: bool = True


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of it all."""

    matches: dict[PersonId, PersonId] = field(default_factory=dict)
    once: int = 0
    """Matches when the first cards of everybody were over."""
    messages: int = 0
    cards: int = 0
    questions: Counter[PersonId] = field(default_factory=Counter)


class _Node:
    """One program while the cohort runs."""

    def __init__(self, place: int, program: Program, terms: Terms) -> None:
        self.place = place
        self.program = program
        self.free = {mentor.id: mentor.profile.seats for mentor in program.mentors}
        self.waiting = {mentee.id: mentee for mentee in program.mentees}
        self.asked: set[tuple[Digest, PersonId]] = set()
        self.put: dict[PersonId, list[tuple[Asked, float]]] = defaultdict(list)
        """Questions to each mentor, and when she answers."""
        self.budget = len(program.mentees)
        """For how many mentees the stewards vouch: for all."""
        self._bonuses = terms.bonuses

    def room(self, today: date, ages: dict[PersonId, int], busy: set[PersonId]) -> Room:
        """The program as it is today; whoever looks at an offer is not there to be seated."""
        return Room(
            pool=self.program.pool,
            mentees=tuple(
                Waiting(person=person, card_age=ages.get(mentee))
                for mentee, person in self.waiting.items()
                if mentee not in busy
            ),
            mentors=tuple(self._holder(mentor, today) for mentor in self.program.mentors),
            bonuses=self._bonuses,
            asked=frozenset(self.asked),
        )

    def _holder(self, mentor: Candidate, today: date) -> SeatHolder:
        day = float((today - START).days)
        every = self.put.get(mentor.id, ())
        put = (replace(asked, answered=at <= day) for asked, at in every)
        return SeatHolder(
            person=mentor,
            free=self.free[mentor.id],
            questions=sum(asked.on > today - LATELY for asked, _ in every),
            rests_until=rests_until(put, today),
        )


class _Cohort:
    """All programs, the board between them, and what is under way."""

    def __init__(self, federation: Federation, terms: Terms) -> None:
        self.terms = terms
        self.nodes = [_Node(place, program, terms) for place, program in enumerate(federation.programs)]
        self.scale = federation.scale
        self.humans = Humans(terms.seed, terms.consent, terms.accepts)
        self.outcome = Outcome()
        self.cards: dict[Digest, Card] = {}
        self.first: dict[Digest, int] = {}
        self.owner: dict[Digest, tuple[int, Candidate]] = {}
        self.card_of: dict[PersonId, Digest] = {}
        self.posted: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        """What a program posted in a quarter, by occupation."""
        self.holds: dict[Digest, list[Hold]] = defaultdict(list)
        self.looking: dict[PersonId, tuple[float, Hold, bool]] = {}
        """Mentees who look at an offer: when they answer, which one, and what."""
        self.mentors = {mentor.id: mentor for program in federation.programs for mentor in program.mentors}

    def _post(self, number: int, today: date) -> None:
        """Every program puts its needs on the board, the longest waits first; no language has company yet."""
        for node in (one for one in self.nodes if one.place not in self.terms.unvouched):
            room = node.room(today, self._ages(number), set(self.looking))
            posted = self.posted[node.place, number // QUARTER]
            shown = sum(place == node.place for place, _ in map(self.owner.__getitem__, self.cards))
            for need in sorted(needs(room, lambda _, __: 0, solve), key=attrgetter("tier")):
                counted = Posted(open_cards=shown, codes=len(posted), same_code=posted.get(need.occupation, 0))
                if self.terms.limited and not within_budget(counted, node.budget):
                    continue
                posted[need.occupation] += 1
                shown += 1
                card_id = Digest(sha256(f"{self.terms.seed}/{need.mentee.id}/{number // ENDS}".encode()).hexdigest())
                self.cards[card_id] = Card(
                    id=card_id, occupation=need.occupation, tier=need.tier, mode=need.mode, language=need.language
                )
                self.first[card_id] = number
                self.owner[card_id] = (node.place, need.mentee)
                self.card_of[need.mentee.id] = card_id
                self.outcome.cards += 1
                self.outcome.messages += 1

    def _ages(self, number: int) -> dict[PersonId, int]:
        return {mentee: number - self.first[card] for mentee, card in self.card_of.items() if card in self.cards}

    def _end(self, number: int) -> None:
        """Cards whose time is over end, unless an offer for one is being looked at."""
        for mentee, card in list(self.card_of.items()):
            if card in self.cards and number - self.first[card] >= ENDS and mentee not in self.looking:
                del self.cards[card], self.card_of[mentee]

    def week(self, number: int) -> None:
        """One batch: answers that came in, offers that are read, and every program's round."""
        day = 7.0 * number
        today = START + timedelta(weeks=number)
        self._answers(day)
        self._read_offers(day, today)
        self._end(number)
        if number % ENDS < POSTING and number < ENDS + POSTING:
            self._post(number, today)
        board = [replace(card, age=number - self.first[card.id]) for card in self.cards.values()]
        ages = self._ages(number)
        for node in self.nodes:
            others = [card for card in board if self.owner[card.id][0] != node.place]
            found = _round(node.room(today, ages, set(self.looking)), others, self.terms.order)
            self._ask(node, found.questions, day, today)
            for mentee, mentor in found.pairs:
                node.free[mentor] -= 1
                self._match(node, mentee, mentor)

    def _answers(self, day: float) -> None:
        """Mentees who answered since the last batch; then seats whose time is over, or whose card is closed."""
        for mentee, (at, hold, yes) in sorted(self.looking.items(), key=lambda entry: (entry[1][0], entry[0])):
            if at > day:
                continue
            del self.looking[mentee]
            if yes and hold.open and at <= hold.until:
                hold.open = False
                self.outcome.messages += _PER_INTRODUCTION
                self._match(self.nodes[self.owner[hold.card][0]], mentee, hold.mentor)
            else:
                self._release(hold)
        for card, holds in self.holds.items():
            for hold in holds:
                if hold.open and (card not in self.cards or hold.until <= day):
                    self._release(hold)

    def _release(self, hold: Hold) -> None:
        if hold.open:
            hold.open = False
            self.nodes[hold.host].free[hold.mentor] += 1

    def _match(self, home: _Node, mentee: PersonId, mentor: PersonId) -> None:
        del home.waiting[mentee]
        self.outcome.matches[mentee] = mentor
        card = self.card_of.get(mentee)
        if card in self.cards:
            del self.cards[card]
            self.outcome.messages += 1

    def _ask(self, node: _Node, questions: Sequence[Question], day: float, today: date) -> None:
        for question in questions:
            reply = self.humans.mentor(needs_asking=question.needs_asking)
            node.asked.add((question.card, question.mentor))
            node.free[question.mentor] -= 1
            if question.needs_asking:
                self.outcome.questions[question.mentor] += 1
            hold = Hold(
                card=question.card, host=node.place, mentor=question.mentor, asked_on=day, until=day + HOLD.days
            )
            asked = Asked(card=question.card, mentor=question.mentor, on=today)
            node.put[question.mentor].append((asked, day + reply.days))
            if reply.yes and reply.days < HOLD.days:
                hold.offered_at = day + reply.days
                hold.until = hold.offered_at + HOLD.days
                self.outcome.messages += 1
            else:
                hold.until = min(hold.until, day + reply.days)
            self.holds[question.card].append(hold)

    def _read_offers(self, day: float, today: date) -> None:
        """Every home opens the offers of this batch; each mentee without one under way is shown the best."""
        for card in list(self.cards):
            _, mentee = self.owner[card]
            if mentee.id in self.looking:
                continue
            holds = {str(n): hold for n, hold in enumerate(self.holds[card]) if hold.open and hold.offered_at <= day}
            offers = (self._offer(name, hold) for name, hold in holds.items())
            best = next(iter(choose(online(mentee), offers, self.scale, today)), None)
            if best is not None:
                reply = self.humans.mentee()
                self.looking[mentee.id] = (day + reply.days, holds[best.id], reply.yes)

    def _offer(self, name: str, hold: Hold) -> Offered:
        """What an offer tells of a mentor: what she can do, not where she is."""
        mentor = self.mentors[hold.mentor]
        shown = replace(mentor, id=PersonId(name), profile=replace(mentor.profile, community=CommunityId("")))
        return Offered(id=name, mentor=shown, hold_until=START + timedelta(days=int(hold.until)))


def online(mentee: Candidate) -> Candidate:
    """A mentee who meets somebody of another program: online."""
    return replace(mentee, profile=replace(mentee.profile, mode=Mode.ONLINE))


def _round(room: Room, board: Sequence[Card], order: Order) -> Plan:
    if order is Order.BOARD_FIRST:
        return plan(room, board, solve)
    everybody = replace(room, mentees=tuple(replace(waiting, card_age=None) for waiting in room.mentees))
    pairs = seat(everybody, solve)
    rest = room.without((mentee for mentee, _ in pairs), (mentor for _, mentor in pairs))
    exact = exact_questions(rest, board, solve)
    asked = {question.card for question in exact}
    left = rest.without((), (question.mentor for question in exact))
    others = [card for card in board if card.id not in asked]
    return Plan(questions=(*exact, *sweep_questions(left, others, solve)), pairs=pairs)


def play(federation: Federation, terms: Terms) -> Outcome:
    """The whole cohort, from the first card to the last answer."""
    cohort = _Cohort(federation, terms)
    for number in range(WEEKS):
        cohort.week(number)
        if number == ONCE - 1:
            cohort.outcome.once = len(cohort.outcome.matches)
    return cohort.outcome
