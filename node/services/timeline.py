"""What happened with a person, newest first, in words: acts, each with what it was about. Who read of her is apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act, AuditEntry
from node.domain.consent import Purpose
from node.domain.person import Kind, Person, PersonId
from node.services.dossier import program_names, staff_names
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.shelves import Reading
from node.services.remember import remember_read
from protocol.ids import NodeId, ThreadId

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One act; `by` is blank where the node itself acted, or nobody knows any more who it was."""

    at: datetime
    act: Act
    by: str
    by_herself: bool
    purpose: Purpose | None = None
    program: str = ""
    others: str = ""
    request: ThreadId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """A member of staff who read of her, how often, and when last."""

    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """What happened, the newest first, and who of the staff read of her."""

    person: PersonId
    kind: Kind
    name: str
    events: tuple[EventView, ...]
    readers: tuple[ReaderView, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _About:
    """What an id in the trail stands for."""

    purpose: Purpose | None = None
    peer: NodeId | None = None
    request: ThreadId | None = None
    others: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tellers:
    """What turns an entry of the trail into words: what ids stand for, and names."""

    person: PersonId
    subjects: Mapping[str, _About]
    staff: Mapping[str, str]
    programs: Mapping[NodeId, str]
    people: Mapping[PersonId, Person]

    def event(self, entry: AuditEntry) -> EventView:
        about = self.subjects.get(entry.subject, _About())
        others = (self.people[other].contact.name for other in about.others if other in self.people)
        return EventView(
            at=entry.at,
            act=entry.act,
            by=self.staff.get(entry.actor, ""),
            by_herself=entry.actor == UserId(self.person),
            purpose=about.purpose,
            program=self.programs[about.peer] if about.peer else "",
            others=", ".join(others),
            request=about.request,
        )

    def reader(self, found: Reading) -> ReaderView:
        return ReaderView(name=self.staff.get(found.actor, ""), times=found.times, last_at=found.last_at)


@dataclass(frozen=True, slots=True)
class ShowTimeline:
    """What happened with a person; so many queries however much it was. That it was read is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId) -> TimelineView:
        """The timeline. Raises: UnknownPersonError."""
        actor.may(Action.READ_PEOPLE)
        with self.work() as work:
            found = work.people.get(person)
            subjects = _subjects(work, person)
            ids = (*subjects, person, *(one.gone for one in work.merges.of(person)))
            entries, readings = work.audit.about(ids, MOST_EVENTS), work.audit.readings(ids)
            others = {other for about in subjects.values() for other in about.others}
            tell = _Tellers(
                person=person,
                subjects=subjects,
                staff=staff_names(work),
                programs=program_names(work, (about.peer for about in subjects.values())),
                people=work.people.several(others) if others else {},
            )
            remember_read(work, actor, (person, *tell.people), self.clock.now())
        return TimelineView(
            person=person,
            kind=found.kind,
            name=found.contact.name,
            events=tuple(map(tell.event, entries)),
            readers=tuple(map(tell.reader, readings)),
            is_cut=len(entries) == MOST_EVENTS,
        )


def _subjects(work: UnitOfWork, person: PersonId) -> Mapping[str, _About]:
    """What the ids stand for under which acts of hers are remembered."""
    found: dict[str, _About] = {grant.id: _About(purpose=grant.purpose) for grant in work.consents.of(person)}
    found |= {one.id: _About(peer=one.peer, request=one.id) for one in work.requests.of(person)}
    for one in work.mentorships.of(person):
        others = (other for other in (one.mentor, *one.members) if other is not None and other != person)
        found[one.id] = _About(peer=one.peer, others=tuple(others))
    return found
