"""Erasing a person: here at once and wholly, elsewhere as soon as a program that learned of her reads its letters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.actor import SYSTEM, Action, Actor
from node.domain.audit import Act
from node.domain.person import PersonId
from node.domain.retention import BACKUPS_KEPT
from node.services.erasures import FarewellView, farewells
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.shredder import Shredded
from node.services.remember import remember
from node.services.request.farewell import tell_of_erasure
from node.services.tidying import TidyView

SUMMARY_LASTS = timedelta(days=8)
"""How long a published summary may be read, with the listings in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """What was erased here, and what is still to happen elsewhere.

    `told`: the programs that learned something, and whether each has signed that it forgot. `listed_until`: until when
    the last summary in which she was listed may still be read. The newest `backups_kept` backups hold her until newer
    ones have taken their place; restoring one of them erases her again.
    """

    person: PersonId
    erased_at: datetime
    told: tuple[FarewellView, ...]
    listed_until: datetime | None
    drafts: int
    files: Shredded
    backups_kept: int = BACKUPS_KEPT


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Destroy everything the program holds on a person; a keyed tombstone stays, to erase her again after a restore."""

    work: OpenWork
    clock: Clock
    publish_tombstones: Callable[[tuple[str, ...], datetime], None]
    tidy: Callable[[Actor], TidyView]

    def __call__(self, actor: Actor, person: PersonId) -> ErasureView:
        """The erasure. Raises: UnknownPersonError."""
        actor.may(Action.ERASE_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            about = work.requests.of(person)
            listed_until = _listed_until(work, person, now)
            tell_of_erasure(work, actor, person, now)
            # A backup may hold her under the id of an entry that was merged into hers.
            for known in (person, *(merge.gone for merge in work.merges.of(person))):
                work.erasures.add(known, now)
            work.people.erase(person)
            work.answers.blank()  # a program that was told of her may not ask again
            remember(work, actor, Act.PERSON_ERASED, person, now)
            tombstones = work.erasures.all()
            told = tuple(view for request in about for view in farewells(work, work.requests.get(request.id), now))
        # After the commit: a tombstone beside the backups for somebody who is still here would erase her at a restore.
        self.publish_tombstones(tombstones, now)
        tidied = self.tidy(SYSTEM)
        return ErasureView(
            person=person,
            erased_at=now,
            told=told,
            listed_until=listed_until,
            drafts=tidied.drafts,
            files=tidied.files,
        )


def _listed_until(work: UnitOfWork, person: PersonId, now: datetime) -> datetime | None:
    ends = (
        release.at + SUMMARY_LASTS
        for release in work.releases.all()
        if any(listed == person for listed, _ in release.people)
    )
    return max((end for end in ends if end > now), default=None)
