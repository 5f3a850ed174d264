"""Making a backup, and what a restored node does first: forget again whom it had erased, and presume what it lost."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.letter import LetterState
from node.domain.program import Standing
from node.services.drawing import charge_unproven
from node.services.forgetting_again import erase_again, prove, unproven
from node.services.ports import Clock, OpenWork
from node.services.ports.archive import Archive, Backup
from node.services.remember import remember

DAILY = timedelta(days=1)
_MAY_HAVE_LEFT = frozenset({LetterState.QUEUED, LetterState.SENDING})


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """Write database, keys and roster into one file that the recovery words open."""

    work: OpenWork
    clock: Clock
    archive: Archive

    def __call__(self, actor: Actor) -> Backup:
        """The backup."""
        actor.may(Action.BACK_UP)
        now = self.clock.now()
        with self.work() as work:
            remember(work, actor, Act.BACKUP_MADE, now.isoformat(), now)
            tombstones = work.erasures.all()
        backup = self.archive.write(now)
        self.archive.publish_tombstones(tombstones, now)
        return backup

    def when_due(self, actor: Actor) -> Backup | None:
        """The day's backup, if the newest is a day old."""
        newest = self.archive.newest()
        return self(actor) if newest is None or newest.made_at + DAILY <= self.clock.now() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredView:
    """What a restore did. Erasures between the two moments cannot be proven to have been repeated.

    `quarters` count as drawn, and `letters` as sent perhaps: nobody knows.
    """

    restored_to: datetime
    people: int
    erased_again: int
    unproven_from: datetime
    unproven_to: datetime
    quarters: tuple[str, ...]
    letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a restore found: the moment of the backup, and tombstones with the moment they are complete to.

    `joined`: other programs may know more of the time since than this one does.
    """

    made_at: datetime
    tombstones: tuple[str, ...]
    complete_to: datetime | None
    joined: bool


@dataclass(frozen=True, slots=True)
class TakeUpRestored:
    """Erase again whom the lists name, and mark the node restored: it sends nothing until it has caught up."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, found: Recovered) -> RestoredView:
        """What was done."""
        actor.may(Action.BACK_UP)
        now = self.clock.now()
        with self.work() as work:
            erased_again = erase_again(work, actor, found.tombstones, now)
            program = work.programs.get()
            standing = Standing.RESTORED if found.joined else Standing.NORMAL
            work.programs.replace(replace(program, standing=standing, restored_to=found.made_at))
            unclear = [letter for letter in work.letters.all() if letter.state in _MAY_HAVE_LEFT]
            for letter in unclear:
                work.letters.replace(letter.end(LetterState.UNCLEAR, now))
            remember(work, actor, Act.PROGRAM_RESTORED, program.id, now)
            prove(work, actor, max(found.made_at, found.complete_to or found.made_at), now)
            unknown = unproven(work, found.made_at, now)
            quarters = charge_unproven(work, actor, found.made_at, now)
            people = work.people.count()
        return RestoredView(
            restored_to=found.made_at,
            people=people,
            erased_again=erased_again,
            unproven_from=unknown.start,
            unproven_to=unknown.end,
            quarters=tuple(str(quarter) for quarter in quarters),
            letters=len(unclear),
        )
