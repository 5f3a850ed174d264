"""Publishing a draft: now seats are taken and letters written, pair by pair, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import DraftId, DraftPair
from node.domain.person import PersonState
from node.services.drafting.editing import chosen
from node.services.matching.bench import Benches
from node.services.mentorship.approving import begin_pair
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView:
    """What publishing began; `skipped` are pairs that meanwhile could no longer be put together."""

    draft: DraftId
    begun: int
    skipped: tuple[DraftPair, ...]


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """Put every pair of a draft together."""

    work: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    time_zone: str

    def __call__(self, actor: Actor, draft: DraftId | None = None) -> PublishedView:
        """What began. Raises: UnknownDraftError, DraftClosedError, SecondPersonNeededError."""
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            found = chosen(work, draft)
            second = self.benches.rules.read().drafts.second_person
            work.drafts.replace(found.publish(second_person=second))
            remember(work, actor, Act.DRAFT_PUBLISHED, found.id, now)
            busy = {meeting.mentee for meeting in work.mentorships.meetings() if meeting.active}
            skipped = []
            for pair in work.drafts.pairs(found.id):
                if pair.mentee in busy or not _possible(work, pair, now):
                    skipped.append(pair)
                    continue
                people = work.people.get(pair.mentee), work.people.get(pair.mentor)
                begun = begin_pair(work, self.ids, people, now, self.time_zone)
                remember(work, actor, Act.MENTORSHIP_BEGUN, begun.id, now)
            count = len(work.drafts.pairs(found.id)) - len(skipped)
        return PublishedView(draft=found.id, begun=count, skipped=tuple(skipped))


def _possible(work: UnitOfWork, pair: DraftPair, now: datetime) -> bool:
    """Whether both still take part, nobody keeps them apart, and the seat is still free."""
    both = work.people.get(pair.mentee), work.people.get(pair.mentor)
    active = all(person.state is PersonState.ACTIVE for person in both)
    apart = pair.mentor in work.exclusions.of(pair.mentee)
    return active and not apart and work.seats.of(pair.mentor, now).free > 0
