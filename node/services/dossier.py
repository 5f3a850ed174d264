"""What a coordinator opens a person's page for: who she is, what she agreed to, whom she meets, what is next."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, Grant, Purpose
from node.domain.mentorship import Mentorship, MentorshipId, MentorshipState
from node.domain.note import Note, NoteId
from node.domain.person import Kind, Person, PersonId, PersonState, Visibility
from node.domain.request import End, Request, Stage
from node.domain.seat import Seats
from node.services.consent import ConsentView, consent_view
from node.services.people import PersonView, person_view, places
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.remember import remember
from protocol.ids import NodeId, ThreadId


class NextStep(StrEnum):
    """The one thing to do next for a person."""

    BACK_WHEN_DUE = "back_when_due"
    SAY_WHEN_BACK = "say_when_back"
    NOTHING = "nothing"
    SEE_REQUEST = "see_request"
    KEEP_GOING = "keep_going"
    ASK_OUTSIDE_YES = "ask_outside_yes"
    FIND_MENTOR = "find_mentor"
    ASK_LISTING_YES = "ask_listing_yes"
    SEATS_FULL = "seats_full"
    WAITS_FOR_MENTEE = "waits_for_mentee"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One note, and who wrote it."""

    id: NoteId
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Another of our people."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetsView:
    """A mentorship of hers; `others` are ours, and blank where the other person is of another program."""

    id: MentorshipId
    state: MentorshipState
    others: tuple[Named, ...]
    program_name: str
    opened_at: datetime
    closed_at: datetime | None
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedView:
    """A request about her, to or from another program."""

    id: ThreadId
    program_name: str
    end: End
    stage: Stage
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierView:
    """Everything her page shows."""

    person: PersonView
    next: NextStep
    seats: Seats | None
    consents: tuple[ConsentView, ...]
    notes: tuple[NoteView, ...]
    meets: tuple[MeetsView, ...]
    asked: tuple[AskedView, ...]
    merged: int


@dataclass(frozen=True, slots=True)
class ShowDossier:
    """A person's page, remembered in the audit trail; so many queries however much has happened."""

    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, person: PersonId) -> DossierView:
        """The page. Raises: UnknownPersonError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            found = work.people.get(person)
            grants, requests, meets = work.consents.of(person), work.requests.of(person), work.mentorships.of(person)
            seats = work.seats.of(person, now) if found.kind is Kind.MENTOR else None
            notes, staff = work.notes.of(person), staff_names(work)
            programs = program_names(work, (*(one.peer for one in requests), *(one.peer for one in meets)))
            others = _others(work, found, meets)
            remember(work, actor, Act.PERSON_SHOWN, person, now)
            return DossierView(
                person=person_view(found, places(work), self.occupations),
                next=next_step(found, seats, _yeses(grants, now), requests, meets),
                seats=seats,
                consents=tuple(consent_view(grant, now) for grant in grants),
                notes=tuple(note_view(note, staff) for note in notes),
                meets=tuple(_meets(one, person, others, programs) for one in meets),
                asked=tuple(_asked(one, programs) for one in requests),
                merged=len(work.merges.of(person)),
            )


@dataclass(frozen=True, slots=True)
class AddNote:
    """Write something down about a person; a note is never edited."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, person: PersonId, words: str) -> NoteId:
        """The note's id. Raises: UnknownPersonError, NoteBlankError, NoteTooLongError."""
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        note = Note(id=NoteId(self.ids.new()), person=person, at=now, by=actor.id, words=words.strip())
        with self.work() as work:
            work.people.get(person)
            work.notes.add(note)
            remember(work, actor, Act.NOTE_ADDED, person, now)
        return note.id


def next_step(
    person: Person,
    seats: Seats | None,
    yeses: Collection[Purpose],
    requests: Iterable[Request],
    meets: Iterable[Mentorship],
) -> NextStep:
    """The one thing to do next."""
    if person.state is not PersonState.ACTIVE:
        return _away(person)
    if any(request.stage.is_before_introduction for request in requests):
        return NextStep.SEE_REQUEST
    if seats is not None:
        return _mentor(person, seats, yeses)
    if any(one.state is not MentorshipState.CLOSED for one in meets):
        return NextStep.KEEP_GOING
    return NextStep.FIND_MENTOR if Purpose.OUTSIDE in yeses else NextStep.ASK_OUTSIDE_YES


def _yeses(grants: Iterable[Grant], now: datetime) -> frozenset[Purpose]:
    return frozenset(grant.purpose for grant in grants if grant.covers(grant.purpose, ANY_MEMBER, now))


def _away(person: Person) -> NextStep:
    if person.state is PersonState.LEFT:
        return NextStep.NOTHING
    return NextStep.SAY_WHEN_BACK if person.paused_until is None else NextStep.BACK_WHEN_DUE


def _mentor(person: Person, seats: Seats, yeses: Collection[Purpose]) -> NextStep:
    if person.profile.visibility is Visibility.LISTED and Purpose.LISTING not in yeses:
        return NextStep.ASK_LISTING_YES
    return NextStep.WAITS_FOR_MENTEE if seats.free else NextStep.SEATS_FULL


def staff_names(work: UnitOfWork) -> Mapping[str, str]:
    """The names of members of staff by id."""
    return {user.id: user.name for user in work.users.all()}


def note_view(note: Note, staff: Mapping[str, str]) -> NoteView:
    """The view of a note; blank where nobody knows any more who wrote it."""
    return NoteView(id=note.id, at=note.at, by=staff.get(note.by, ""), words=note.words)


def program_names(work: UnitOfWork, programs: Iterable[NodeId | None]) -> Mapping[NodeId, str]:
    """The names of member programs; nobody is asked where there are none to name."""
    wanted = {program for program in programs if program is not None}
    return work.border.names_of(wanted) if wanted else {}


def _others(work: UnitOfWork, person: Person, meets: Iterable[Mentorship]) -> Mapping[PersonId, Person]:
    wanted = {other for one in meets for other in _with(one, person.id)}
    return work.people.several(wanted) if wanted else {}


def _with(one: Mentorship, person: PersonId) -> Iterator[PersonId]:
    yield from (other for other in (one.mentor, *one.members) if other is not None and other != person)


def _meets(
    one: Mentorship, person: PersonId, others: Mapping[PersonId, Person], programs: Mapping[NodeId, str]
) -> MeetsView:
    return MeetsView(
        id=one.id,
        state=one.state,
        others=tuple(Named(id=o, name=others[o].contact.name) for o in _with(one, person) if o in others),
        program_name=programs[one.peer] if one.peer else "",
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        meetings=one.held,
    )


def _asked(request: Request, programs: Mapping[NodeId, str]) -> AskedView:
    return AskedView(
        id=request.id,
        program_name=programs[request.peer],
        end=request.end,
        stage=request.stage,
        opened_at=request.opened_at,
    )
