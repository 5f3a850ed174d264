"""Requests from outside at the host: weighed for our mentors, put to one of them, and answered with an offer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.card import BATCHES, CardOverError, MentorAskedError, NotAskedError, Question, QuestionId, ShownCard
from node.domain.consent import ANY_MEMBER, USUAL_TERM, Given, Grant, GrantId, Purpose, standard_wording
from node.domain.person import OccupationCode, Person, PersonId, Visibility
from node.domain.request import Capability, ConsentMissingError, Offered, hold_until, proving, require
from node.domain.rounds.answering import HOLD, REMINDERS
from node.domain.rounds.card import Stage
from node.domain.rounds.weekly import plan
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.board.room import holder_of, room_of, waiting_with_cards
from node.services.board.shown import open_cards
from node.services.matching.bench import Benches
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.assigner import Assigner
from node.services.remember import remember, remember_read
from node.services.request.anonymous import contact_consent, end_question, ticket_hash
from node.services.request.answering import EmailNeededError, capability_of
from node.services.request.opening import USUAL_HOURS
from protocol.ids import Digest
from protocol.vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView:
    """An anonymous request that a mentor of ours could serve; `points` can be recomputed by anybody.

    `asked_at` once she was asked, `lapses_on` until the day before which her place waits.
    """

    card: Digest
    occupation: OccupationCode
    language: str | None
    tier: int
    mode: Mode
    mentor: PersonId
    mentor_name: str
    needs_asking: bool
    fit: int | None = None
    points: int | None = None
    stage: Stage | None = None
    asked_at: datetime | None = None
    lapses_on: date | None = None
    offered_until: datetime | None = None

    @property
    def lapses_at(self) -> datetime | None:
        """When the place of a mentor who was asked is free again without her answer."""
        return None if self.asked_at is None else self.asked_at + HOLD

    @property
    def reminders(self) -> tuple[datetime, ...]:
        """When somebody is reminded of a question that was not answered yet."""
        return () if self.asked_at is None else tuple(self.asked_at + after for after in REMINDERS)


@dataclass(frozen=True, slots=True)
class ListOutside:
    """What waits for an answer of a mentor, and whom to ask next: exact mentors before own mentees are seated.

    Which mentors were named is remembered.
    """

    reading: OpenWork
    work: OpenWork
    clock: Clock
    benches: Benches
    assigner: Assigner

    def __call__(self, actor: Actor) -> tuple[OutsideView, ...]:
        """Those that were asked, then those to ask, the most points first. Raises: NotJoinedError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.reading() as work:
            work.border.board.bonuses()  # before anybody is weighed, whether there is a board at all
            released = work.border.board.released()
            board = {card.id: card for card in open_cards(work)}
            cards = [card.as_card(released) for card in board.values()]
            waiting = waiting_with_cards(work) if cards else ()
            questions = plan(room_of(work, self.benches, now, waiting), cards, self.assigner).questions if cards else ()
            asked = [question for question in work.cards.questions() if _waits(question, now)]
            names = work.desk.names([*(q.mentor for q in asked), *(q.mentor for q in questions)])
            views = [question_view(work, question, names[question.mentor]) for question in asked]
            views += (
                replace(
                    _view(board[one.card], one.mentor, names[one.mentor], needs_asking=one.needs_asking),
                    fit=one.fit,
                    points=one.points,
                    stage=one.stage,
                )
                for one in questions
            )
        with self.work() as work:
            remember_read(work, actor, names, now)
        return tuple(views)


@dataclass(frozen=True, slots=True)
class AskMentor:
    """The coordinator says yes to asking her; a place of hers waits for 14 days at most."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId) -> OutsideView:
        """The question. Raises: UnknownCardError, CardOverError, NotAMentorError, MentorAskedError, NoFreeSeatError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            question = self.ask(work, actor, card, mentor, now)
            return question_view(work, question, work.people.get(mentor).contact.name)

    def ask(self, work: UnitOfWork, actor: Actor, card: Digest, mentor: PersonId, now: datetime) -> Question:
        """Put it to her, within a transaction."""
        shown, person = work.cards.get(card), work.people.get(mentor).as_mentor()
        if shown.closed or shown.ours or shown.age(work.border.board.released()) >= BATCHES:
            raise CardOverError(card=card)
        again = any(question.card == card for question in work.cards.asked(mentor))
        if again or not holder_of(work, person.as_candidate(), now).may_be_asked(now.date()):
            raise MentorAskedError(mentor=mentor)
        question = Question(
            id=QuestionId(self.ids.new()), card=card, mentor=mentor, asked_at=now, seat=SeatId(self.ids.new())
        )
        if question.seat is not None:
            held = SeatClaim(
                id=question.seat, mentor=mentor, claimant=question.id, state=SeatState.HELD, held_until=now + HOLD
            )
            work.seats.claim(held, now)
        work.cards.ask(question)
        remember(work, actor, Act.REQUEST_MENTOR_ASKED, question.id, now)
        return question


@dataclass(frozen=True, slots=True)
class RefuseCard:
    """She said no: her place is free again; nobody outside learns of it."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId) -> OutsideView:
        """The question. Raises: NotAskedError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            question = find_question(work, card, mentor)
            end_question(work, question, now)
            remember(work, actor, Act.REQUEST_MENTOR_ANSWERED, question.id, now)
            return question_view(work, find_question(work, card, mentor), work.people.get(mentor).contact.name)


@dataclass(frozen=True, slots=True)
class PreviewCardOffer:
    """Show what the owner of a card would read of a mentor."""

    reading: OpenWork
    time_zone: str

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId) -> Capability:
        """Exactly what an offer says of her. Raises: UnknownCardError, UnknownPersonError, NotAMentorError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            work.cards.get(card)
            return capability_of(work.people.get(mentor).as_mentor().profile, USUAL_HOURS, self.time_zone)


@dataclass(frozen=True, slots=True)
class OfferToCard:
    """Offer her place to the owner of the card, and to nobody else; it leaves with the next batch."""

    work: OpenWork
    clock: Clock
    ask: AskMentor
    new_ticket: Callable[[], str]
    time_zone: str

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId, given: Given | None = None) -> OutsideView:
        """The question; `given`: how she said yes just now. Somebody with a standing consent need not be asked first.

        Raises: UnknownCardError, CardOverError, NotAskedError, MentorAskedError, ConsentMissingError, EmailNeededError.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            shown, person = work.cards.get(card), work.people.get(mentor).as_mentor()
            question = self._question(work, actor, shown, person, now)
            if given is not None:
                self._agreed(work, actor, question, given, now)
            _require_yes(work, person, question, now)
            capability = capability_of(person.profile, USUAL_HOURS, self.time_zone)
            offer, ticket = Offered(capability, hold_until(now, None)), self.new_ticket()
            if question.seat is not None:
                work.seats.replace(replace(work.seats.get(question.seat), held_until=offer.hold_until))
            work.border.board.offer(question.id, shown, offer, ticket, now)
            work.cards.replace(replace(question, answered_at=now, offer=offer, ticket=ticket_hash(ticket)))
            remember(work, actor, Act.REQUEST_OFFER_POSTED, question.id, now)
            return question_view(work, find_question(work, card, mentor), person.contact.name)

    def _question(self, work: UnitOfWork, actor: Actor, shown: ShownCard, mentor: Person, now: datetime) -> Question:
        asked = [question for question in work.cards.asked(mentor.id) if question.card == shown.id]
        if not asked:
            if not _stands(work, mentor, now):
                raise NotAskedError(mentor=mentor.id)
            return self.ask.ask(work, actor, shown.id, mentor.id, now)
        if asked[0].answered_at is not None or asked[0].asked().lapsed(now.date()):
            raise NotAskedError(mentor=mentor.id)
        if shown.closed:
            raise CardOverError(card=shown.id)
        return asked[0]

    def _agreed(self, work: UnitOfWork, actor: Actor, question: Question, given: Given, now: datetime) -> None:
        for purpose in (Purpose.OFFER, Purpose.CONTACT):
            grant = Grant(
                id=GrantId(self.ask.ids.new()),
                person=question.mentor,
                purpose=purpose,
                recipient=ANY_MEMBER,
                concerns=question.id,
                wording=standard_wording(purpose),
                given=given,
                granted_at=now,
                expires_at=now + USUAL_TERM,
                recorded_by=actor.id,
            )
            work.consents.add(grant)
            remember(work, actor, Act.CONSENT_ADDED, grant.id, now)


def find_question(work: UnitOfWork, card: Digest, mentor: PersonId) -> Question:
    """What she was asked about this card. Raises: NotAskedError."""
    found = next((question for question in work.cards.asked(mentor) if question.card == card), None)
    if found is None:
        raise NotAskedError(mentor=mentor)
    return found


def question_view(work: UnitOfWork, question: Question, name: str) -> OutsideView:
    """A question that was put."""
    answered = question.answered_at is not None
    return replace(
        _view(work.cards.get(question.card), question.mentor, name, needs_asking=not answered),
        asked_at=question.asked_at,
        lapses_on=None if answered else question.asked().lapses_on,
        offered_until=question.offer.hold_until if question.offer else None,
    )


def _waits(question: Question, now: datetime) -> bool:
    """Whether she, or the other program, may still answer."""
    if question.thread is not None or question.seat is None:
        return False
    return now < question.offer.hold_until if question.offer else not question.asked().lapsed(now.date())


def _stands(work: UnitOfWork, mentor: Person, now: datetime) -> bool:
    chosen = mentor.profile.visibility in {Visibility.MAY_OFFER, Visibility.LISTED}
    return chosen and proving(work.consents.of(mentor.id), Purpose.STANDING, ANY_MEMBER, "", now) is not None


def _require_yes(work: UnitOfWork, mentor: Person, question: Question, now: datetime) -> None:
    if not _stands(work, mentor, now):
        require(work.consents.of(mentor.id), Purpose.OFFER, ANY_MEMBER, question.id, now)
    if contact_consent(work, mentor.id, question.id, now) is None:
        raise ConsentMissingError(purpose=Purpose.CONTACT, program=ANY_MEMBER, request=question.id)
    if not mentor.contact.email:
        raise EmailNeededError(person=mentor.id)


def _view(card: ShownCard, mentor: PersonId, name: str, *, needs_asking: bool) -> OutsideView:
    words = card.words
    return OutsideView(
        card=card.id,
        occupation=words.occupation,
        language=words.language,
        tier=words.tier,
        mode=words.mode,
        mentor=mentor,
        mentor_name=name,
        needs_asking=needs_asking,
    )
