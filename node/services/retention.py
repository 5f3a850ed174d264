"""The clocks of retention: what is due goes, what something open still needs stays, and both can be seen beforehand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.intake.application import Stage
from node.domain.letter import LetterState
from node.domain.mentorship import Mentorship, MentorshipState
from node.domain.person import PersonId
from node.domain.request import Move, Plain, Request
from node.domain.retention import FEWEST_DAYS, Kept, Schedule, check_days
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.moves import keep, say

_Item = TypeVar("_Item")
_OVER = frozenset({LetterState.SENT, LetterState.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionView:
    """One kind of record: how many days it is kept, and at least; how many are due, and whether they were forgotten."""

    kind: Kept
    days: int
    least: int
    due: int
    forgotten: bool


@dataclass(frozen=True, slots=True)
class KeepNoLonger:
    """Forget what is due, or only count it."""

    work: OpenWork
    clock: Clock
    schedule: Schedule
    erase: Callable[[Actor, PersonId], object]

    def __call__(self, actor: Actor, *, dry_run: bool = False) -> tuple[RetentionView, ...]:
        """Every kind, with what was or would be forgotten."""
        actor.may(Action.READ_PROGRAM if dry_run else Action.ERASE_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            schedule = self.schedule.changed(work.programs.kept())
            people = _people(work, schedule.before(Kept.PEOPLE, now))
            due = {kind: rule(work, actor, schedule.before(kind, now), now) for kind, rule in _RULES.items()}
            counts = {kind: one.count for kind, one in due.items()} | {Kept.PEOPLE: len(people)}
            if not dry_run:
                for kind, one in due.items():
                    one.forget()
                    _remember(work, actor, kind, one.count, now)
        for person in () if dry_run else people:
            self.erase(actor, person)
        return tuple(
            RetentionView(
                kind=kind,
                days=schedule.days[kind],
                least=FEWEST_DAYS[kind],
                due=counts[kind],
                forgotten=not dry_run and counts[kind] > 0,
            )
            for kind in Kept
        )


@dataclass(frozen=True, slots=True)
class ChooseHowLong:
    """Keep kinds of record longer or less long from now on."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, days: Mapping[Kept, int]) -> None:
        """The clocks run by these lengths. Raises: NotAllowedError, KeptDaysError."""
        actor.may(Action.EDIT_PROGRAM)
        check_days(days)
        with self.work() as work:
            work.programs.keep(days)
            for kind, count in sorted(days.items()):
                remember(work, actor, Act.KEPT_CHANGED, f"{kind} {count}", self.clock.now())


@dataclass(frozen=True, slots=True)
class _Due:
    count: int
    forget: Callable[[], object]


def _requests(work: UnitOfWork, actor: Actor, before: datetime, now: datetime) -> _Due:
    """Over without an introduction: the other program is told to forget, too, as it would be if she were erased."""
    met = work.mentorships.threads()
    due = [one for one in work.requests.all() if one.id not in met and _is_spent(work, one, before)]

    def forget(request: Request) -> None:
        gone = replace(say(work, request, Plain(Move.ERASE), now), person=None, consent=None, offer=None)
        keep(work, actor, gone, Act.REQUEST_ERASED, now)

    return _Due(len(due), lambda: _each(forget, due))


def _is_spent(work: UnitOfWork, request: Request, before: datetime) -> bool:
    if request.person is None or request.stage.is_open or request.opened_at >= before:
        return False
    said = work.border.standing(request.id).timeline
    return max((step.at for step in said), default=request.opened_at) < before


def _words(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    due = work.mentorships.in_words(before)

    def forget(mentorship: Mentorship) -> None:
        work.mentorships.replace(replace(mentorship, agreement=None))

    return _Due(len(due), lambda: _each(forget, due))


def _letters(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    due = work.letters.ids(_OVER, before)
    return _Due(len(due), lambda: _each(work.letters.remove, due))


def _attempts(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    return _Due(work.attempts.older(before), lambda: work.attempts.tidy(before))


def _audit(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    return _Due(work.audit.older(before), lambda: work.audit.tidy(before))


def _applications(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    """Never sent, or turned down; one that was sent waits for an answer."""
    due = [one for stage in (Stage.FILLING, Stage.TURNED_DOWN) for one in work.applications.over(stage, before)]
    return _Due(len(due), lambda: _each(work.applications.remove, due))


def _offers(work: UnitOfWork, _actor: Actor, before: datetime, _now: datetime) -> _Due:
    """For requests of ours that are over, where nothing that came of them is open."""
    going = {request.id for request in work.requests.all() if request.stage.is_open}
    ended = [card.id for card in work.postings.all() if card.ended_at is not None and card.ended_at < before]
    found = {card: {offer.thread for offer in work.postings.offers(card)} for card in ended}
    due = [card for card, threads in found.items() if threads and going.isdisjoint(threads)]
    return _Due(len(due), lambda: _each(work.postings.forget_offers, due))


def _people(work: UnitOfWork, before: datetime) -> tuple[PersonId, ...]:
    """Who left, was not dealt with since, and is in nothing that is open."""
    return tuple(person for person in work.people.gone(before) if not _is_needed(work, person))


def _is_needed(work: UnitOfWork, person: PersonId) -> bool:
    meets = any(one.state is not MentorshipState.CLOSED for one in work.mentorships.of(person))
    return meets or any(request.stage.is_open for request in work.requests.of(person))


_RULES: dict[Kept, Callable[[UnitOfWork, Actor, datetime, datetime], _Due]] = {
    Kept.REQUESTS: _requests,
    Kept.WORDS: _words,
    Kept.LETTERS: _letters,
    Kept.ATTEMPTS: _attempts,
    Kept.AUDIT: _audit,
    Kept.APPLICATIONS: _applications,
    Kept.OFFERS: _offers,
}


def _each(forget: Callable[[_Item], None], items: Iterable[_Item]) -> None:
    for item in items:
        forget(item)


def _remember(work: UnitOfWork, actor: Actor, kind: Kept, count: int, now: datetime) -> None:
    if count:
        remember(work, actor, Act.KEPT_NO_LONGER, f"{kind} {count}", now)
