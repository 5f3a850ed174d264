"""How far a mentor may be seen: told with an example of exactly what others would read, changed at any moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, Purpose
from node.domain.listing import Listing, listing_of
from node.domain.person import Person, PersonId, Visibility
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember, remember_visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """From a moment on she was seen so far, as this member of staff wrote down."""

    level: Visibility
    at: datetime
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityView:
    """How far she is seen, since when, and the line that others would read if she were listed.

    `agreed` says whether her yes to being listed is on record, `counted` whether this program counts mentors at all.
    """

    person: PersonId
    level: Visibility
    agreed: bool
    counted: bool
    example: Listing
    history: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class ShowVisibility:
    """How far a mentor may be seen."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId) -> VisibilityView:
        """The choice and its history. Raises: UnknownPersonError, NotAMentorError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return _view(work, work.people.get(person).as_mentor(), self.clock.now())


@dataclass(frozen=True, slots=True)
class TellCounted:
    """Whether this program ever gave a count of mentors: if not, an example of one would promise what never happens."""

    reading: OpenWork

    def __call__(self) -> bool:
        """Nobody's leave is asked, because everybody who begins to answer reads the example."""
        with self.reading() as work:
            return bool(work.draws.all())


@dataclass(frozen=True, slots=True)
class SetVisibility:
    """Write down how far a mentor wants to be seen from now on."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId, level: Visibility) -> VisibilityView:
        """The choice and its history. Raises: UnknownPersonError, NotAMentorError."""
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            before = work.people.get(person).as_mentor()
            after = replace(before, profile=replace(before.profile, visibility=level))
            work.people.replace(after)
            remember(work, actor, Act.PERSON_EDITED, person, now)
            if level is not before.profile.visibility:
                remember_visibility(work, actor, [after], now)
            return _view(work, after, now)


def _view(work: UnitOfWork, person: Person, now: datetime) -> VisibilityView:
    free = max(1, work.seats.of(person.id, now).free)
    changes = work.visibilities.of(person.id)
    return VisibilityView(
        person=person.id,
        level=person.profile.visibility,
        agreed=any(grant.covers(Purpose.LISTING, ANY_MEMBER, now) for grant in work.consents.of(person.id)),
        counted=bool(work.draws.all()),
        example=listing_of(person.as_candidate(), free),
        history=tuple(ChangeView(level=one.level, at=one.at, by=one.by) for one in changes),
    )
