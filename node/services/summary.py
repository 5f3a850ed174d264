"""Publishing what this program offers: its listed mentors under changing pseudonyms, and its counts or declared size.

A summary is published once a week and by hand, never because something changed, and only after a named person's yes to
its policy. Counting is for `drawing`: here the stored numbers of the quarter are sent, again and again.
"""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.budget import Quarter
from node.domain.consent import ANY_MEMBER, Purpose
from node.domain.counts import Cells
from node.domain.errors import DomainError
from node.domain.listing import MOST_LISTINGS, Listing, is_listed, listing_of
from node.domain.person import Kind, PersonId
from node.domain.policy import PublishingPolicy
from node.domain.release import Release, ReleaseId
from node.services.drawing import agreed_since, next_draw, policy_of, require_agreement
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.border import Offering
from node.services.remember import remember


class CountsNotDrawnError(DomainError):
    """The counts of this quarter are drawn at a fixed hour, and it has not come yet."""

    code = "counts-not-drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """One stored release as the privacy officer reads it; `people` are our own listed mentors."""

    id: ReleaseId
    at: datetime
    digest: str
    size: str
    quarter: str
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
        quarter=str(release.quarter or ""),
        listed=release.listed,
        people=tuple(person for person, _ in release.people),
        receivers=release.receivers,
    )


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """Sign what is offered and send it to every member; the release and who was in it are kept."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor) -> ReleaseView:
        """The stored release. Raises: PolicyNotAgreedError, CountsNotDrawnError, NotJoinedError."""
        actor.may(Action.PUBLISH)
        now = self.clock.now()
        with self.work() as work:
            policy = require_agreement(work)
            cells = _cells(work, policy, now)
            if policy.counts and cells is None:
                raise CountsNotDrawnError(due=f"{next_draw(work, policy, now):%Y-%m-%d %H:%M} UTC")
            return self._publish(work, actor, policy, cells, now)

    def when_due(self, actor: Actor) -> ReleaseView | None:
        """The first release after a yes and the week's after that, once the counts they carry are drawn."""
        actor.may(Action.PUBLISH)
        now = self.clock.now()
        with self.work() as work:
            policy = policy_of(work)
            cells = _cells(work, policy, now)
            releases = work.releases.all()
            if agreed_since(work, policy) is None or (policy.counts and cells is None):
                return None
            if releases and now < releases[0].next_at:
                return None
            return self._publish(work, actor, policy, cells, now)

    def _publish(
        self, work: UnitOfWork, actor: Actor, policy: PublishingPolicy, cells: Cells | None, now: datetime
    ) -> ReleaseView:
        listed = listings(work, now)
        offering = Offering(
            listings=tuple(listing for _, listing in listed),
            cells=cells,
            policy=policy.label,
            cards_posted=work.cards.posted(Quarter.of(now).before.starts_at, Quarter.of(now).starts_at),
        )
        published = work.border.publish(offering, now)
        mentors = (mentor for mentor, _ in listed)
        release = Release(
            id=ReleaseId(self.ids.new()),
            at=now,
            digest=published.digest,
            size=policy.size,
            listed=len(listed),
            people=tuple(zip(mentors, published.pseudonyms, strict=True)),
            receivers=published.receivers,
            quarter=cells.quarter if cells is not None and cells.numbers else None,
        )
        work.releases.add(release)
        remember(work, actor, Act.SUMMARY_PUBLISHED, release.id, now, content=release.content)
        return release_view(release)


def _cells(work: UnitOfWork, policy: PublishingPolicy, now: datetime) -> Cells | None:
    """The stored counts of this quarter; without numbers where it only counts as drawn; None where it is not drawn."""
    return next((draw.cells for draw in work.draws.all() if policy.counts and draw.quarter == Quarter.of(now)), None)


def listings(work: UnitOfWork, now: datetime) -> list[tuple[PersonId, Listing]]:
    """Active mentors who chose to be listed, agreed to it on record, speak a language and have a free seat."""
    seats = work.seats.free(now)
    found = [
        (mentor.id, listing_of(mentor, seats[mentor.id].free))
        for mentor in work.people.candidates(Kind.MENTOR)
        if is_listed(mentor.profile) and mentor.profile.languages and seats[mentor.id].free > 0
        if any(g.covers(Purpose.LISTING, ANY_MEMBER, now) for g in work.consents.of(mentor.id))
    ]
    return found[:MOST_LISTINGS]
