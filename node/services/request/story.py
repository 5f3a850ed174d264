"""A request as somebody at her desk reads it: its story in words, who learned what, and what can be done now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.consent import Grant, Purpose
from node.domain.listing import Nearness, Suited, suited
from node.domain.mentorship import MentorshipId
from node.domain.person import PersonId, Visibility
from node.domain.request import Asked, End, Move, Request, Revealed, proving
from node.services.disclosures import Learned, tells
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.border import Standing, Step
from node.services.remember import remember_read
from node.services.request.answering import is_serving_listed
from node.services.request.views import RequestView, can_offer, own_mentors, request_views, view_of
from protocol.ids import ThreadId
from protocol.vocabulary import Question

PAGE = 50


class Deed(StrEnum):
    """What somebody at the desk can do about a request."""

    ANSWER = "answer"
    AGREE = "agree"
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OFFER = "offer"
    ASK = "ask"
    DECLINE = "decline"
    RECALL = "recall"


ENDINGS: Mapping[Deed, Move] = {
    Deed.REFUSE: Move.REFUSE,
    Deed.WITHDRAW: Move.WITHDRAW,
    Deed.DECLINE: Move.DECLINE,
    Deed.RECALL: Move.RECALL,
}
"""The deeds that end a request, each by one move without further words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of the story; `learned` is what the other end learned by it of the person at this end."""

    step: Step
    ours: bool
    learned: Learned | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitedView:
    """A mentor of ours who could be offered, why, and which of her yeses are written down.

    `stands`: she said beforehand that she may be offered without being asked. `agreed`: she said yes in principle, or
    stands; `contact`: and to sharing her contact in this request. Without both and an e-mail address nobody is offered.
    """

    mentor: PersonId
    name: str
    nearness: Nearness
    free: int
    languages: tuple[str, ...]
    stands: bool
    agreed: bool
    contact: bool
    email: bool

    @property
    def ready(self) -> bool:
        """Whether she can be offered."""
        return self.agreed and self.contact and self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One request with its words. `ours_known` is what they know of our person now, `theirs_known` what we of theirs.

    `agreed`: the yeses of our own person that are written down; `lapses`: it ends by itself when nobody moves.
    """

    request: RequestView
    name: str
    steps: tuple[StepView, ...]
    ours_known: tuple[Learned, ...]
    theirs_known: tuple[Learned, ...]
    asked: Question | None
    agreed: bool
    email: bool
    lapses: bool
    standing: str
    mentors: tuple[SuitedView, ...]
    deeds: tuple[Deed, ...]
    mentorship: MentorshipId | None


@dataclass(frozen=True, slots=True)
class ShowStory:
    """One request with everything that was said, and who knows what; who of ours was read of is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId) -> StoryView:
        """The request. Raises: UnknownRequestError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(thread)
            told = work.border.story(thread)
            # How somebody is reached stands in the letter to the one who meets her, and nowhere else.
            standing = replace(told, timeline=tuple(map(_without_contact, told.timeline)))
            mentors = tuple(_mentors(work, request, now)) if can_offer(request) else ()
            person = None if request.person is None else work.people.get(request.person)
            agreed = person is not None and _agreed(work.consents.of(person.id), request, now)
            steps = tuple(_step(request, step) for step in standing.timeline)
            met = work.mentorships.on(thread)
            remember_read(work, actor, (one for one in (request.person, *(one.mentor for one in mentors)) if one), now)
            return StoryView(
                request=view_of(
                    request, standing, work.border.name_of(request.peer), tuple(one.mentor for one in mentors)
                ),
                name="" if person is None else person.contact.name,
                steps=steps,
                ours_known=_known(steps, ours=True),
                theirs_known=_known(steps, ours=False),
                asked=_open_question(standing),
                agreed=agreed,
                email=person is not None and bool(person.contact.email),
                lapses=Move.EXPIRE in standing.moves,
                standing=work.border.status_of(request.peer, now),
                mentors=mentors,
                deeds=tuple(_deeds(work, request, standing, agreed=agreed, mentors=mentors)),
                mentorship=None if met is None else met.id,
            )


def _without_contact(step: Step) -> Step:
    return replace(step, said=None) if isinstance(step.said, Revealed) else step


def _step(request: Request, step: Step) -> StepView:
    learned = None if step.overtaken else tells(step.by, step.move)
    return StepView(step=step, ours=step.by is request.end, learned=learned)


def _known(steps: tuple[StepView, ...], *, ours: bool) -> tuple[Learned, ...]:
    """Everything learned, each once, in the order it was."""
    return tuple(dict.fromkeys(one.learned for one in steps if one.ours is ours and one.learned is not None))


def _open_question(standing: Standing) -> Question | None:
    if Move.ANSWER not in standing.moves:
        return None
    found = (step.said for step in reversed(standing.timeline) if step.move is Move.ASK)
    return next((said.question for said in found if isinstance(said, Asked)), None)


def _agreed(grants: tuple[Grant, ...], request: Request, now: datetime) -> bool:
    needed = (Purpose.ACCEPT if request.end is End.HOME else Purpose.OFFER, Purpose.CONTACT)
    return all(proving(grants, purpose, request.peer, request.id, now) for purpose in needed)


def _deeds(
    work: UnitOfWork, request: Request, standing: Standing, *, agreed: bool, mentors: tuple[SuitedView, ...]
) -> Iterator[Deed]:
    """What can be done now, the next step first."""
    moves = standing.moves if request.stage.is_before_introduction else frozenset[Move]()
    if Move.ANSWER in moves:
        yield Deed.ANSWER
    if Move.ACCEPT in moves and request.person is not None:
        yield Deed.ACCEPT if agreed else Deed.AGREE
    if mentors:
        yield from _about(mentors)
    for deed, move in ENDINGS.items():
        if move in moves and (deed is not Deed.DECLINE or is_serving_listed(work, request)):
            yield deed


def _about(mentors: tuple[SuitedView, ...]) -> Iterator[Deed]:
    """At the host: what can be done with one of these mentors."""
    if any(one.ready for one in mentors):
        yield Deed.OFFER
    yield Deed.AGREE
    if any(one.agreed for one in mentors):
        yield Deed.ASK


def _mentors(work: UnitOfWork, request: Request, now: datetime) -> Iterator[SuitedView]:
    candidates = own_mentors(work, now)
    stays = {mentor.id: mentor.profile.visibility for mentor, _ in candidates}
    found = suited(request.need, candidates)
    for one in found[:PAGE]:
        yield _suited(work, request, one, stays[one.mentor], now)


def _suited(work: UnitOfWork, request: Request, one: Suited, chosen: Visibility, now: datetime) -> SuitedView:
    grants, contact = work.consents.of(one.mentor), work.people.get(one.mentor).contact
    may_stand = chosen in {Visibility.MAY_OFFER, Visibility.LISTED}
    stands = may_stand and proving(grants, Purpose.STANDING, request.peer, "", now) is not None
    said = proving(grants, Purpose.OFFER, request.peer, request.id, now) is not None
    return SuitedView(
        mentor=one.mentor,
        name=contact.name,
        nearness=one.nearness,
        free=one.free,
        languages=one.languages,
        stands=stands,
        agreed=stands or said,
        contact=proving(grants, Purpose.CONTACT, request.peer, request.id, now) is not None,
        email=bool(contact.email),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request in a list; `name` is our own person, blank where it is about nobody of ours yet."""

    request: RequestView
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsView:
    """One page of requests, and how many there are of both kinds; `more`: where the next page begins."""

    lines: tuple[RequestLine, ...]
    open: int
    ended: int
    more: int | None


@dataclass(frozen=True, slots=True)
class ListStories:
    """Requests with the names of our own people: what waits for us first; those that ended, the newest first.

    Whom the page named is remembered.
    """

    reading: OpenWork
    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, *, ended: bool = False, start: int = 0) -> RequestsView:
        """One page, from the one numbered `start` on."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.reading() as work:
            every = work.requests.all()
            found = [request for request in every if request.stage.is_open is not ended]
            if ended:
                views = list(request_views(work, found[::-1][start : start + PAGE], now))
            else:
                views = sorted(request_views(work, found, now), key=_turn)[start : start + PAGE]
            names = work.desk.names(view.person for view in views if view.person is not None)
            lines = tuple(RequestLine(request=view, name=names.get(view.person or PersonId(""), "")) for view in views)
        with self.work() as work:
            remember_read(work, actor, names, now)
        there = sum(request.stage.is_open for request in every)
        return RequestsView(
            lines=lines,
            open=there,
            ended=len(every) - there,
            more=start + PAGE if len(found) > start + PAGE else None,
        )


def _turn(view: RequestView) -> tuple[bool, float]:
    """Ours before theirs, and what ends soonest first."""
    return not view.our_move, float("inf") if view.deadline_at is None else view.deadline_at.timestamp()
