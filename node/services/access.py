"""Everything the program holds of one person, for herself: sections for people, rows for machines, nothing left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor, Participant
from node.domain.audit import Act
from node.domain.letter import Letter, language_for
from node.domain.mentorship import MentorshipId
from node.domain.pair import Plan, Reach
from node.domain.person import PersonId
from node.domain.program import Tongue
from node.domain.request import Reachable
from node.services.consent import ConsentView, consent_view
from node.services.disclosures import DisclosuresView, ShowDisclosures
from node.services.dossier import NoteView, note_view, staff_names
from node.services.letters import LetterView, letter_view
from node.services.mentorship.views import MentorshipView, mentorship_view
from node.services.people import PersonView, person_view, places
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.ports.records import Record
from node.services.remember import remember
from node.services.request.views import RequestView, request_view


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenView:
    """A letter to her, and how it told her to reach the other person; None once that was taken back."""

    letter: LetterView
    other: Reachable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNoteView:
    """A note about a pair of hers that she wrote, or that was written for both."""

    mentorship: MentorshipId
    at: datetime
    reach: Reach
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """Something that was done about her, by whom of the program."""

    at: datetime
    act: Act
    by: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """Everything about one person. `records` repeats it row by row, with what has no section of its own."""

    made_at: datetime
    program: str
    language: Tongue
    person: PersonView
    consents: tuple[ConsentView, ...]
    disclosures: DisclosuresView
    requests: tuple[RequestView, ...]
    mentorships: tuple[MentorshipView, ...]
    notes: tuple[OwnNoteView, ...]
    plans: tuple[Plan, ...]
    letters: tuple[WrittenView, ...]
    remarks: tuple[NoteView, ...]
    acts: tuple[ActView, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class AccessPerson:
    """Take out everything about one person; that it was done is remembered."""

    work: OpenWork
    clock: Clock
    occupations: Occupations
    disclosures: ShowDisclosures

    def __call__(self, actor: Actor, person: PersonId) -> AccessView:
        """Everything. Raises: UnknownPersonError."""
        actor.may(Action.EXPORT_PEOPLE)
        now = self.clock.now()
        disclosed = self.disclosures(actor, person)
        with self.work() as work:
            found, program = work.people.get(person), work.programs.get()
            remember(work, actor, Act.PEOPLE_EXPORTED, person, now)
            grants, requests = work.consents.of(person), work.requests.of(person)
            mentorships = work.mentorships.of(person)
            letters = work.letters.of(person)
            hers: set[str] = {person, *(one.id for one in grants), *(one.id for one in requests)}
            hers |= {one.id for one in mentorships} | {one.id for one in letters}
            return AccessView(
                made_at=now,
                program=program.name,
                language=language_for(found.profile.languages, program.language),
                person=person_view(found, places(work), self.occupations),
                consents=tuple(consent_view(grant, now) for grant in grants),
                disclosures=disclosed,
                requests=tuple(replace(request_view(work, one, now), suggested=()) for one in requests),
                mentorships=tuple(mentorship_view(one) for one in mentorships),
                notes=tuple(note for one in mentorships for note in _notes(work, person, one.id)),
                plans=tuple(plan for one in mentorships for plan in work.pairs.plans(one.id, found.added_at)),
                letters=tuple(_written(letter) for letter in letters),
                acts=tuple(_acts(work, found.added_at, hers)),
                remarks=tuple(note_view(note, staff_names(work)) for note in work.notes.of(person)),
                records=work.records.of(person),
            )


def _notes(work: UnitOfWork, person: PersonId, mentorship: MentorshipId) -> Iterator[OwnNoteView]:
    for note in work.pairs.notes(mentorship):
        if note.is_open_to(Participant(person)):
            yield OwnNoteView(mentorship=mentorship, at=note.at, reach=note.reach, words=note.words)


def _written(letter: Letter) -> WrittenView:
    return WrittenView(letter=letter_view(letter), other=letter.other)


def _acts(work: UnitOfWork, since: datetime, hers: set[str]) -> Iterator[ActView]:
    for entry in work.audit.since(since):
        if entry.subject in hers:
            yield ActView(at=entry.at, act=entry.act, by=entry.actor, subject=entry.subject)
