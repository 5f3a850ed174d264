"""Who has seen my data: what each other program learned of one person, when, and when she agreed to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.budget import Quarter, right_in_100
from node.domain.card import OwnCard, Question
from node.domain.consent import ANY_MEMBER, Grant, Purpose
from node.domain.person import Kind, Person, PersonId, Visibility
from node.domain.request import End, Move, Request
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.visibility import ChangeView
from protocol.ids import NodeId


class Learned(StrEnum):
    """What another program was told."""

    NEED = "need"
    ANSWER = "answer"
    OFFER = "offer"
    CONTACT = "contact"
    PROGRESS = "progress"


_TOLD: dict[tuple[End, Move], tuple[Learned, tuple[Purpose, ...]]] = {
    (End.HOME, Move.OPEN): (Learned.NEED, (Purpose.OUTSIDE,)),
    (End.HOME, Move.ANSWER): (Learned.ANSWER, (Purpose.OUTSIDE,)),
    (End.HOME, Move.REVEAL): (Learned.CONTACT, (Purpose.CONTACT,)),
    (End.HOST, Move.OFFER): (Learned.OFFER, (Purpose.OFFER, Purpose.STANDING)),
    (End.HOST, Move.REVEAL): (Learned.CONTACT, (Purpose.CONTACT,)),
    (End.HOME, Move.REPORT): (Learned.PROGRESS, (Purpose.CONTACT,)),
    (End.HOST, Move.REPORT): (Learned.PROGRESS, (Purpose.CONTACT,)),
}
"""What each of our own moves tells of our own person, and which yes covers it."""


def tells(end: End, move: Move) -> Learned | None:
    """What the other program learns of the person at this end from a move of it."""
    told = _TOLD.get((end, move))
    return None if told is None else told[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedView:
    """One thing one program was told; `agreed_at` is when she said yes to it."""

    program: NodeId
    program_name: str
    learned: Learned
    at: datetime
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousView:
    """An anonymous request for her, which all programs could read, or an offer of her place to whoever posted one."""

    posted: bool
    at: datetime
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedView:
    """One release in which she was listed, and how many programs could read it."""

    at: datetime
    receivers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosuresView:
    """Everything that left about one person.

    The cost of counting is the program's since she joined, for everybody alike; `right_in_100` is for this year.
    """

    person: PersonId
    kind: Kind
    name: str
    since: datetime
    visibility: Visibility
    history: tuple[ChangeView, ...]
    epsilon_milli: int
    year_milli: int
    right_in_100: int
    asked: int
    listed: tuple[ListedView, ...]
    learned: tuple[LearnedView, ...]
    anonymous: tuple[AnonymousView, ...]


@dataclass(frozen=True, slots=True)
class ShowDisclosures:
    """Tell a person who has seen her data; that it was told is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId) -> DisclosuresView:
        """Everything that left about her. Raises: UnknownPersonError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            found, requests, grants = work.people.get(person), work.requests.of(person), work.consents.of(person)
            draws = [draw for draw in work.draws.all() if draw.at >= found.added_at and found.kind is Kind.MENTOR]
            year = sum(draw.epsilon_milli for draw in draws if draw.quarter.year == Quarter.of(now).year)
            asked = {grant.concerns for grant in grants if grant.purpose is Purpose.OFFER}
            questions = work.cards.asked(person)
            asked |= {request.id for request in requests if request.end is End.HOST}
            asked = asked - {one.thread for one in questions} | {one.id for one in questions}
            remember(work, actor, Act.DISCLOSURES_SHOWN, person, now)
            changes = work.visibilities.of(person)
            return DisclosuresView(
                person=person,
                kind=found.kind,
                name=found.contact.name,
                since=found.added_at,
                visibility=found.profile.visibility,
                history=tuple(ChangeView(level=one.level, at=one.at, by=one.by) for one in changes),
                epsilon_milli=sum(draw.epsilon_milli for draw in draws),
                year_milli=year,
                right_in_100=right_in_100(year),
                asked=len(asked),
                listed=tuple(_listed(work, found)),
                learned=tuple(one for request in requests for one in _learned(work, request, grants)),
                anonymous=tuple(_anonymous(work.postings.of(person), questions, grants)),
            )


def _listed(work: UnitOfWork, person: Person) -> Iterator[ListedView]:
    for release in reversed(work.releases.all()):
        if any(listed == person.id for listed, _ in release.people):
            yield ListedView(at=release.at, receivers=release.receivers)


def _learned(work: UnitOfWork, request: Request, grants: tuple[Grant, ...]) -> Iterator[LearnedView]:
    for step in work.border.standing(request.id).timeline:
        if step.by is request.end and (request.end, step.move) in _TOLD:
            learned, purposes = _TOLD[request.end, step.move]
            yield LearnedView(
                program=request.peer,
                program_name=work.border.name_of(request.peer),
                learned=learned,
                at=step.at,
                agreed_at=_agreed_at(request, grants, purposes, step.at),
            )


def _anonymous(
    cards: Iterable[OwnCard], questions: Iterable[Question], grants: tuple[Grant, ...]
) -> Iterator[AnonymousView]:
    for card in cards:
        yes = _newest(grants, (Purpose.CARD,), ANY_MEMBER, {card.words.exact}, card.posted_at)
        yield AnonymousView(posted=True, at=card.posted_at, agreed_at=yes)
    for one in questions:
        if one.ticket and one.answered_at is not None:
            purposes = (Purpose.OFFER, Purpose.STANDING)
            yes = _newest(grants, purposes, ANY_MEMBER, {"", one.id}, one.answered_at)
            yield AnonymousView(posted=False, at=one.answered_at, agreed_at=yes)


def _agreed_at(
    request: Request, grants: tuple[Grant, ...], purposes: tuple[Purpose, ...], at: datetime
) -> datetime | None:
    """When she said the newest yes that covered it: to this request, or to any."""
    return _newest(grants, purposes, request.peer, {"", request.id}, at)


def _newest(
    grants: tuple[Grant, ...], purposes: tuple[Purpose, ...], recipient: str, concerns: set[str], at: datetime
) -> datetime | None:
    found = [
        grant.granted_at
        for grant in grants
        for purpose in purposes
        if grant.covers(purpose, recipient, at) and grant.concerns in concerns
    ]
    return max(found, default=None)
