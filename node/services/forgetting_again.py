"""Forgetting again whom this program had erased before it was restored, and how far that can be proven.

What tells: the list beside the backups, newer backups, and the program's own daily notes in its mailbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import SYSTEM, Actor
from node.domain.audit import Act
from node.domain.program import Standing
from node.services.ports import UnitOfWork
from node.services.ports.border import Reminded
from node.services.remember import remember
from node.services.request.farewell import forget_among_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Erasures of this time cannot be proven to have been repeated."""

    start: datetime
    end: datetime


def erase_again(work: UnitOfWork, actor: Actor, tombstones: Sequence[str], at: datetime) -> int:
    """Take over these tombstones, and erase whoever is here although one names them; how many that were."""
    work.erasures.merge(tombstones, at)
    condemned = work.erasures.condemned()
    for person in condemned:
        forget_among_us(work, person)
        work.people.erase(person)
        remember(work, actor, Act.PERSON_ERASED, person, at)
    return len(condemned)


def prove(work: UnitOfWork, actor: Actor, up_to: datetime, at: datetime) -> None:
    """Remember until when every erasure is known to a program that was restored."""
    remember(work, actor, Act.ERASURES_PROVEN, up_to.isoformat(), at)


def unproven(work: UnitOfWork, restored_to: datetime, now: datetime) -> Unproven:
    """The time since the restored copy was made for which nothing tells who was erased."""
    acts = work.audit.since(restored_to)
    proven = [datetime.fromisoformat(act.subject) for act in acts if act.act is Act.ERASURES_PROVEN]
    end = max((act.at for act in acts if act.act is Act.PROGRAM_RESTORED), default=now)
    return Unproven(start=min(max([restored_to, *proven]), end), end=end)


def be_reminded(work: UnitOfWork, found: Reminded, now: datetime) -> None:
    """Take in a note of ours: a program that never forgot it learns nothing new."""
    if set(found.tombstones) - set(work.erasures.all()):
        erase_again(work, SYSTEM, found.tombstones, now)
    program = work.programs.get()
    if program.standing is not Standing.RESTORED or program.restored_to is None:
        return
    known = unproven(work, program.restored_to, now).start
    if found.since <= known < found.at:
        prove(work, SYSTEM, found.at, now)
