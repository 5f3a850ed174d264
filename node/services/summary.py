"""Publishing what this program offers: its listed mentors under changing pseudonyms, and the size the roster declares.

A summary is published once a week and by hand, never because something changed. Nothing is counted here.
"""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, Purpose
from node.domain.listing import MOST_LISTINGS, CountsNotOfferedError, Listing, is_listed, listing_of
from node.domain.person import Kind, PersonId
from node.domain.release import Release, ReleaseId
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.border import Declared
from node.services.remember import remember
from protocol.vocabulary import Publishes, SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """What every member program would read; nobody is named."""

    size: SizeBracket
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """One stored release as the privacy officer reads it; `people` are our own listed mentors."""

    id: ReleaseId
    at: datetime
    digest: str
    size: str
    listed: int
    people: tuple[PersonId, ...]
    receivers: int


def release_view(release: Release) -> ReleaseView:
    """The view of a release."""
    return ReleaseView(
        id=release.id,
        at=release.at,
        digest=release.digest,
        size=release.size,
        listed=release.listed,
        people=tuple(person for person, _ in release.people),
        receivers=release.receivers,
    )


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """Show what would be published."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> SummaryView:
        """The summary as it would be today. Raises: CountsNotOfferedError, NotJoinedError."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            declared = _declared(work)
            listed = _listed(work, self.clock.now())
        return SummaryView(size=declared.size, listings=tuple(listing for _, listing in listed))


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """Sign what is offered and send it to every member; the release and who was in it are kept."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor) -> ReleaseView:
        """The stored release. Raises: CountsNotOfferedError, NotJoinedError."""
        actor.may(Action.PUBLISH)
        with self.work() as work:
            return self._publish(work, actor, self.clock.now())

    def when_due(self, actor: Actor) -> ReleaseView | None:
        """The week's release, if the last one is a week old; nothing before somebody published the first by hand."""
        actor.may(Action.PUBLISH)
        now = self.clock.now()
        with self.work() as work:
            releases = work.releases.all()
            return self._publish(work, actor, now) if releases and releases[0].next_at <= now else None

    def _publish(self, work: UnitOfWork, actor: Actor, now: datetime) -> ReleaseView:
        declared = _declared(work)
        listed = _listed(work, now)
        published = work.border.publish([listing for _, listing in listed], now)
        mentors = (mentor for mentor, _ in listed)
        release = Release(
            id=ReleaseId(self.ids.new()),
            at=now,
            digest=published.digest,
            size=declared.size,
            listed=len(listed),
            people=tuple(zip(mentors, published.pseudonyms, strict=True)),
            receivers=published.receivers,
        )
        work.releases.add(release)
        remember(work, actor, Act.SUMMARY_PUBLISHED, release.id, now)
        return release_view(release)


@dataclass(frozen=True, slots=True)
class ListReleases:
    """Everything that was published."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[ReleaseView, ...]:
        """Releases, newest first."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return tuple(release_view(release) for release in work.releases.all())


def _declared(work: UnitOfWork) -> Declared:
    declared = work.border.declared()
    if declared.publishes is Publishes.COUNTS:
        raise CountsNotOfferedError
    return declared


def _listed(work: UnitOfWork, now: datetime) -> list[tuple[PersonId, Listing]]:
    """Active mentors who chose to be listed, agreed to it on record, speak a language and have a free seat."""
    seats = work.seats.free(now)
    found = [
        (mentor.id, listing_of(mentor, seats[mentor.id].free))
        for mentor in work.people.candidates(Kind.MENTOR)
        if is_listed(mentor.profile) and mentor.profile.languages and seats[mentor.id].free > 0
        if any(g.covers(Purpose.LISTING, ANY_MEMBER, now) for g in work.consents.of(mentor.id))
    ]
    return found[:MOST_LISTINGS]
