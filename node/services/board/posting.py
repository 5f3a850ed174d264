"""Posting an anonymous request for a mentee whom no mentor here could serve, with her yes to exactly what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.budget import Quarter
from node.domain.card import (
    BATCHES,
    AlreadyPostedError,
    AttestationNeededError,
    Attested,
    CardOverError,
    CardWords,
    NotVouchedError,
    OwnCard,
    ServedHereError,
    ShownCard,
)
from node.domain.consent import ANY_MEMBER, USUAL_TERM, Given, Grant, GrantId, Purpose, standard_wording
from node.domain.person import Candidate, OccupationCode, PersonId
from node.domain.request import require
from node.domain.rounds.posting import needs
from node.domain.rounds.room import Waiting
from node.services.board.room import count_waiting, room_of, waiting_with_cards
from node.services.board.shown import recent
from node.services.matching.bench import Benches
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.assigner import Assigner
from node.services.remember import remember
from node.services.request.anonymous import close_card
from protocol.ids import Digest
from protocol.vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedView:
    """How many active mentees wait without a match, and how many anonymous requests are open."""

    quarter: str
    waiting: int
    open: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """Exactly what an anonymous request says, and among how many like it; `id` once it is posted.

    `alike` said the very same in the last 13 batches, `same_occupation` named the occupation. `agreed`: she did, to
    exactly these words, which `exact` names.
    """

    mentee: PersonId
    occupation: OccupationCode
    language: str | None
    tier: int
    mode: Mode
    exact: str
    alike: int
    same_occupation: int
    agreed: bool
    id: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedView:
    """One anonymous request of ours. `left`: batches in which mentors may still be asked about it."""

    id: Digest
    person: PersonId
    occupation: OccupationCode
    language: str | None
    tier: int
    mode: Mode
    posted_at: datetime
    shown_at: datetime | None
    left: int
    offers: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttestWaiting:
    """Count who waits, and tell the exchange: as many anonymous requests may be open as mentees wait."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> AttestedView:
        """What was said. Raises: NotJoinedError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            said = Attested(quarter=str(Quarter.of(now)), waiting=count_waiting(work), by=actor.id, at=now)
            work.postings.attest(said)
            work.border.board.attest(said)
            remember(work, actor, Act.REQUEST_ATTESTED, said.quarter, now)
            return AttestedView(quarter=said.quarter, waiting=said.waiting, open=open_cards_of_ours(work), at=now)


@dataclass(frozen=True, slots=True)
class PostCard:
    """Show what would be said, or say it."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    assigner: Assigner

    def preview(self, actor: Actor, mentee: PersonId) -> PostView:
        """Exactly what would be posted. Raises: UnknownPersonError, NotAMenteeError, ServedHereError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return self._view(work, mentee, self.clock.now())

    def __call__(self, actor: Actor, mentee: PersonId, given: Given | None = None) -> PostView:
        """What is posted with the next batch; `given`: how she said yes to exactly these words, just now.

        Raises: UnknownPersonError, NotAMenteeError, ServedHereError, AlreadyPostedError, AttestationNeededError,
        NotVouchedError, ConsentMissingError, NotJoinedError.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            view = self._view(work, mentee, now)
            if any(card.ended_at is None for card in work.postings.of(mentee)):
                raise AlreadyPostedError(person=mentee)
            _check_budget(work, now)
            if given is not None:
                self._agreed(work, actor, view, given, now)
            require(work.consents.of(mentee), Purpose.CARD, ANY_MEMBER, view.exact, now)
            words = CardWords(occupation=view.occupation, language=view.language, tier=view.tier, mode=view.mode)
            made = work.border.board.post(words, now)
            work.postings.add(OwnCard(id=made.id, person=mentee, words=words, secret=made.secret, posted_at=now))
            remember(work, actor, Act.REQUEST_POSTED, made.id, now)
            return replace(view, id=made.id, agreed=True)

    def _view(self, work: UnitOfWork, mentee: PersonId, now: datetime) -> PostView:
        person = work.people.get(mentee).as_mentee()
        shown = recent(work)

        def shared(occupation: OccupationCode, language: str) -> int:
            return sum((card.words.occupation, card.words.language) == (occupation, language) for card in shown)

        room = room_of(work, self.benches, now, _colleagues(work, person.as_candidate()))
        need = next((need for need in needs(room, shared, self.assigner) if need.mentee.id == mentee), None)
        if need is None:
            raise ServedHereError(person=mentee)
        words = CardWords(occupation=need.occupation, language=need.language, tier=need.tier, mode=need.mode)
        agreed = [g for g in work.consents.of(mentee) if g.concerns == words.exact]
        return PostView(
            mentee=mentee,
            occupation=words.occupation,
            language=words.language,
            tier=words.tier,
            mode=words.mode,
            exact=words.exact,
            alike=sum(card.words == words for card in shown),
            same_occupation=sum(card.words.occupation == words.occupation for card in shown),
            agreed=any(grant.covers(Purpose.CARD, ANY_MEMBER, now) for grant in agreed),
        )

    def _agreed(self, work: UnitOfWork, actor: Actor, view: PostView, given: Given, now: datetime) -> None:
        grant = Grant(
            id=GrantId(self.ids.new()),
            person=view.mentee,
            purpose=Purpose.CARD,
            recipient=ANY_MEMBER,
            concerns=view.exact,
            wording=standard_wording(Purpose.CARD),
            given=given,
            granted_at=now,
            expires_at=now + USUAL_TERM,
            recorded_by=actor.id,
        )
        work.consents.add(grant)
        remember(work, actor, Act.CONSENT_ADDED, grant.id, now)


@dataclass(frozen=True, slots=True)
class ListPosted:
    """Our anonymous requests."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[PostedView, ...]:
        """Oldest first, ended ones too."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return posted_views(work, work.postings.all())


@dataclass(frozen=True, slots=True)
class Unpost:
    """Close an anonymous request: with the next batch every program lets go of seats that wait for it."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, card: Digest) -> PostedView:
        """The closed request. Raises: UnknownCardError, CardOverError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            own = work.postings.get(card)
            if own.ended_at is not None:
                raise CardOverError(card=card)
            close_card(work, own, now)
            remember(work, actor, Act.REQUEST_UNPOSTED, card, now)
            return posted_views(work, (work.postings.get(card),))[0]


def _colleagues(work: UnitOfWork, mentee: Candidate) -> tuple[Waiting, ...]:
    """A mentee, and everybody of her very occupation who waits: mentors of theirs are given to the longest waits."""
    others = (one for one in waiting_with_cards(work) if one.person.profile.occupation == mentee.profile.occupation)
    return Waiting(person=mentee), *(one for one in others if one.person.id != mentee.id)


def open_cards_of_ours(work: UnitOfWork) -> int:
    """How many anonymous requests of ours are open."""
    return sum(card.ended_at is None for card in work.postings.all())


def _check_budget(work: UnitOfWork, now: datetime) -> None:
    """As many may be open as mentees wait, as a named person said this quarter and the stewards vouch for.

    The board passes over what is beyond either in silence, so it is said here. Raises: AttestationNeededError,
    NotVouchedError.
    """
    said, opened = work.postings.attested(str(Quarter.of(now))), open_cards_of_ours(work)
    if said is None or said.waiting <= opened:
        raise AttestationNeededError(waiting=0 if said is None else said.waiting, open=opened)
    vouched = work.border.board.vouched()
    if vouched <= opened:
        raise NotVouchedError(vouched=vouched, open=opened)


def posted_views(work: UnitOfWork, cards: Sequence[OwnCard]) -> tuple[PostedView, ...]:
    """The views of several, with as many questions to the database as for one."""
    released, offers = work.border.board.released(), work.postings.heard()
    shown = {card.id: card for card in recent(work)}
    return tuple(_posted(own, shown.get(own.id), released, offers.get(own.id, 0)) for own in cards)


def _posted(own: OwnCard, shown: ShownCard | None, released: Sequence[datetime], offers: int) -> PostedView:
    age = 0 if shown is None else shown.age(released)
    return PostedView(
        id=own.id,
        person=own.person,
        occupation=own.words.occupation,
        language=own.words.language,
        tier=own.words.tier,
        mode=own.words.mode,
        posted_at=own.posted_at,
        shown_at=None if shown is None else shown.shown_at,
        left=0 if own.ended_at is not None else max(0, BATCHES - age),
        offers=offers,
        ended_at=own.ended_at,
    )
