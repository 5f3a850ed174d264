"""What needs a person now, oldest first, each with its one next action. Leaves doing it to the verbs it points at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.card import last_reminder
from node.domain.consent import Purpose
from node.domain.letter import LetterState
from node.domain.listing import suggested
from node.domain.mentorship import QUIET
from node.domain.person import PersonId
from node.domain.request import End, Request, Stage, proving
from node.services.checks import Check, Finding, Severity
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.border import Standing
from node.services.ports.occupations import Occupations
from node.services.remember import remember_read
from node.services.request.views import own_mentors

PATIENCE = timedelta(days=7)
"""Nobody waits longer than this without a word."""
LAPSES_SOON = timedelta(days=3)
REVIEW_AHEAD = timedelta(days=14)
MOST_UNANSWERED = 10
MOST_MENTORS = 3


class Concern(StrEnum):
    """Why something needs a person; `today.<concern>` words it and `today.<concern>.do` names the next action."""

    APPLICATION_WAITS = "application_waits"
    MENTOR_TO_ASK = "mentor_to_ask"
    REQUEST_WAITS = "request_waits"
    QUESTION_TO_ANSWER = "question_to_answer"
    CONSENT_TO_COLLECT = "consent_to_collect"
    OFFER_TO_ACCEPT = "offer_to_accept"
    OFFER_LAPSES = "offer_lapses"
    PROGRAM_SILENT = "program_silent"
    PERSON_UNANSWERED = "person_unanswered"
    PAIR_IN_TROUBLE = "pair_in_trouble"
    AGREEMENT_ENDS = "agreement_ends"
    PAIR_QUIET = "pair_quiet"
    ANONYMOUS_OFFER = "anonymous_offer"
    ANONYMOUS_OFFER_AGAIN = "anonymous_offer_again"
    MENTOR_ASKED = "mentor_asked"
    MENTOR_ASKED_AGAIN = "mentor_asked_again"
    LETTER_TO_SEND = "letter_to_send"
    LETTER_REFUSED = "letter_refused"
    LETTER_UNCLEAR = "letter_unclear"
    LETTER_WAITS = "letter_waits"
    MESSAGE_STUCK = "message_stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One of our people."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that needs a person: about `subject`, since when, and until when it can still be done."""

    concern: Concern
    subject: str
    since: datetime
    until: datetime | None = None
    people: tuple[Named, ...] = ()
    program: str = ""
    title_en: str = ""
    title_fr: str = ""

    def params(self, language: str, somebody: str) -> Mapping[str, str]:
        """What its sentences are filled with; `somebody` stands for a person who is not here any more."""
        return {
            "id": self.subject,
            "people": ", ".join(person.name for person in self.people) or somebody,
            "program": self.program,
            "occupation": self.title_fr if language == "fr" else self.title_en,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """What is wrong with the node itself, what needs a person, and how many more people wait unanswered.

    On the first day nobody is in yet, and what to do first is another question.
    """

    at: datetime
    findings: tuple[Finding, ...]
    matters: tuple[Matter, ...]
    more_unanswered: int
    first_day: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """Gather what needs a person now; `checks` are those whose trouble cannot wait until somebody asks."""

    reading: OpenWork
    work: OpenWork
    clock: Clock
    occupations: Occupations
    checks: tuple[Check, ...]

    def __call__(self, actor: Actor) -> TodayView:
        """The page a coordinator opens every morning; whom it named is remembered."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        findings = tuple(found for check in self.checks if (found := check()).severity is not Severity.FINE)
        with self.reading() as work:
            waiting = work.desk.unanswered(now - PATIENCE, MOST_UNANSWERED)
            matters = [*self._requests(work, now), *_letters(work), *_messages(work), *_reviews(work, now)]
            matters += [*_applications(work), *_troubled(work)]
            matters += [*_quiet(work, now), *_offers(work, now), *_mentors_asked(work, now)]
            matters += [
                Matter(
                    concern=Concern.PERSON_UNANSWERED,
                    subject=one.person,
                    since=datetime.combine(one.since, time(), UTC),
                    people=(Named(id=one.person, name=""),),
                )
                for one in waiting
            ]
            first_day = not matters and not work.people.count()
            names = work.desk.names(named.id for matter in matters for named in matter.people)
        with self.work() as work:
            remember_read(work, actor, names, now)
        named = (
            replace(matter, people=tuple(Named(id=p.id, name=names[p.id]) for p in matter.people)) for matter in matters
        )
        return TodayView(
            at=now,
            findings=findings,
            matters=tuple(sorted(named, key=lambda matter: matter.since)),
            more_unanswered=waiting[0].count - len(waiting) if waiting else 0,
            first_day=first_day,
        )

    def _requests(self, work: UnitOfWork, now: datetime) -> Iterator[Matter]:
        found = work.desk.requests()
        asked = any(request.end is End.HOST and request.stage is Stage.ASKED for request in found)
        mentors = own_mentors(work, now) if asked else ()
        standings = work.border.standings(request.id for request in found)
        names = work.border.names_of({request.peer for request in found})
        for request in found:
            standing = standings[request.id]
            if (concern := _concern(work, request, standing, now)) is None:
                continue
            occupation = self.occupations.get(request.need.occupation)
            people: tuple[PersonId, ...] = (request.person,) if request.person else ()
            if concern is Concern.MENTOR_TO_ASK:
                people = suggested(request.need, mentors)[:MOST_MENTORS]
                concern = concern if people else Concern.REQUEST_WAITS
            offer = request.offer
            yield Matter(
                concern=concern,
                subject=request.id,
                since=_moved_at(request, standing),
                until=offer.hold_until if offer else standing.deadline_at,
                people=tuple(Named(id=person, name="") for person in people),
                program=names[request.peer],
                title_en=occupation.title_en,
                title_fr=occupation.title_fr,
            )


def _moved_at(request: Request, standing: Standing) -> datetime:
    return max((step.at for step in standing.timeline), default=request.opened_at)


def _concern(work: UnitOfWork, request: Request, standing: Standing, now: datetime) -> Concern | None:
    if standing.owner is request.end:
        if request.stage is Stage.OFFERED:
            return _after_an_offer(work, request, now)
        return _OUR_MOVE.get((request.end, request.stage), Concern.REQUEST_WAITS)
    if request.end is End.HOST:
        lapses = request.stage is Stage.OFFERED and request.offer and request.offer.hold_until <= now + LAPSES_SOON
        return Concern.OFFER_LAPSES if lapses else None
    return Concern.PROGRAM_SILENT if _moved_at(request, standing) <= now - PATIENCE else None


_OUR_MOVE = {
    (End.HOST, Stage.ASKED): Concern.MENTOR_TO_ASK,
    (End.HOME, Stage.QUESTIONED): Concern.QUESTION_TO_ANSWER,
}


def _after_an_offer(work: UnitOfWork, request: Request, now: datetime) -> Concern:
    grants = work.consents.of(request.person) if request.person else ()
    needed = (Purpose.ACCEPT, Purpose.CONTACT)
    agreed = all(proving(grants, purpose, request.peer, request.id, now) for purpose in needed)
    return Concern.OFFER_TO_ACCEPT if agreed else Concern.CONSENT_TO_COLLECT


def _applications(work: UnitOfWork) -> Iterator[Matter]:
    """Who wrote to us and waits for a yes or a no; one line each, however many more there are behind them."""
    for one in work.applications.arrived(MOST_UNANSWERED):
        yield Matter(concern=Concern.APPLICATION_WAITS, subject=one.application, since=one.sent_at)


_LETTERS = {
    LetterState.DRAFTED: Concern.LETTER_TO_SEND,
    LetterState.REFUSED: Concern.LETTER_REFUSED,
    LetterState.UNCLEAR: Concern.LETTER_UNCLEAR,
    LetterState.QUEUED: Concern.LETTER_WAITS,
}


def _letters(work: UnitOfWork) -> Iterator[Matter]:
    for letter in work.desk.letters():
        yield Matter(
            concern=_LETTERS[letter.state],
            subject=letter.letter,
            since=letter.since,
            people=(Named(id=letter.person, name=""),),
        )


def _messages(work: UnitOfWork) -> Iterator[Matter]:
    stuck = [one for one in work.border.waiting() if one.needs_a_person]
    names = work.border.names_of({one.program for one in stuck})
    for one in stuck:
        yield Matter(concern=Concern.MESSAGE_STUCK, subject=one.id, since=one.written_at, program=names[one.program])


def _troubled(work: UnitOfWork) -> Iterator[Matter]:
    for note in work.pairs.waiting():
        yield Matter(
            concern=Concern.PAIR_IN_TROUBLE,
            subject=note.mentorship,
            since=note.at,
            people=(Named(id=note.subject, name=""),),
        )


def _quiet(work: UnitOfWork, now: datetime) -> Iterator[Matter]:
    for pair in work.desk.quiet((now - QUIET).date()):
        yield Matter(
            concern=Concern.PAIR_QUIET,
            subject=pair.mentorship,
            since=datetime.combine(pair.since, time(), UTC),
            people=(Named(id=pair.person, name=""),),
        )


def _offers(work: UnitOfWork, now: datetime) -> Iterator[Matter]:
    """Offers for anonymous requests, until they are answered or lapse; after 3, 7 and 12 days anew."""
    waiting = work.postings.unanswered()
    names = work.border.names_of({offer.host for offer in waiting})
    for offer in waiting:
        if now < offer.hold_until:
            since = last_reminder(offer.heard_at, now)
            again = since > offer.heard_at
            yield Matter(
                concern=Concern.ANONYMOUS_OFFER_AGAIN if again else Concern.ANONYMOUS_OFFER,
                subject=offer.person,
                since=since,
                until=offer.hold_until,
                people=(Named(id=offer.person, name=""),),
                program=names[offer.host],
            )


def _mentors_asked(work: UnitOfWork, now: datetime) -> Iterator[Matter]:
    """Mentors who were asked about an anonymous request and have not answered; after 3, 7 and 12 days anew."""
    for question in work.cards.unanswered():
        asked = question.asked()
        if not asked.lapsed(now.date()):
            since = last_reminder(question.asked_at, now)
            again = since > question.asked_at
            yield Matter(
                concern=Concern.MENTOR_ASKED_AGAIN if again else Concern.MENTOR_ASKED,
                subject=f"{question.card} {question.mentor}",
                since=since,
                until=datetime.combine(asked.lapses_on, time(), UTC),
                people=(Named(id=question.mentor, name=""),),
            )


def _reviews(work: UnitOfWork, now: datetime) -> Iterator[Matter]:
    for review in work.desk.reviews((now + REVIEW_AHEAD).date()):
        day = datetime.combine(review.on, time(), UTC)
        yield Matter(
            concern=Concern.AGREEMENT_ENDS,
            subject=review.mentorship,
            # It is on the desk from two weeks ahead: that is how long it has waited here.
            since=min(day - REVIEW_AHEAD, now),
            until=day,
            people=(Named(id=review.person, name=""),),
        )
