"""Sending letters to our own people, and ticking off those somebody sent by hand."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import SYSTEM, Action, Actor
from node.domain.audit import Act
from node.domain.errors import ChangedMeanwhileError
from node.domain.letter import Letter, LetterId, LetterState
from node.domain.mentorship import MentorshipId, UnknownMentorshipError
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.desk import HeldBack
from node.services.ports.letters import DraftFolder, PostOffice, PostOfficeBusyError
from node.services.remember import remember, remember_read

BATCH = 20
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """One letter: to whom, about which request or mentorship, and where it is. Never its words."""

    id: LetterId
    person: PersonId
    about: str
    language: Tongue
    state: LetterState
    attempts: int
    resent: bool
    written_at: datetime
    sent_at: datetime | None


def letter_view(letter: Letter) -> LetterView:
    """The view of a letter."""
    return LetterView(
        id=letter.id,
        person=letter.person,
        about=letter.about,
        language=letter.language,
        state=letter.state,
        attempts=letter.attempts,
        resent=letter.resent,
        written_at=letter.written_at,
        sent_at=letter.sent_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchView:
    """How many letters of one round left, lie in the folder, wait for another try, were refused, or may have left."""

    sent: int
    drafted: int
    waiting: int
    refused: int
    unclear: int


@dataclass(frozen=True, slots=True)
class SendLetters:
    """Send what is due. Each letter is marked before it goes, so that a crash is seen and it goes once more at most."""

    work: OpenWork
    clock: Clock
    post_office: PostOffice

    def __call__(self, actor: Actor) -> DispatchView:
        """What became of the letters that were due."""
        actor.may(Action.SEND_LETTERS)
        with self.work() as work:
            program = work.programs.get().name
            due = work.letters.claim(self.clock.now(), BATCH)
            begun = [(_placed(work, letter), _contact(work, letter)) for letter in due]
        ends = [self._send(letter, to, program) if letter.due_at else letter.state for letter, to in begun]
        return DispatchView(
            sent=ends.count(LetterState.SENT),
            drafted=ends.count(LetterState.DRAFTED),
            waiting=ends.count(LetterState.QUEUED),
            refused=ends.count(LetterState.REFUSED),
            unclear=ends.count(LetterState.UNCLEAR),
        )

    def _send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        try:
            state = self.post_office.send(letter, to, program)
            ended = letter.end(state, self.clock.now())
        except PostOfficeBusyError:
            ended = letter.wait(self.clock.now())
        # A person who was erased while her letter left took its row with her.
        with suppress(ChangedMeanwhileError), self.work() as work:
            work.letters.replace(ended)
            remember(work, SYSTEM, Act.LETTER_HANDED_OVER, letter.id, self.clock.now())
        return ended.state


def _contact(work: UnitOfWork, letter: Letter) -> Contact:
    return work.people.get(letter.person).contact


def _placed(work: UnitOfWork, letter: Letter) -> Letter:
    """A letter that says so where the mentor of the pair it is about carries a circle."""
    with suppress(UnknownMentorshipError):
        mentor = work.mentorships.get(MentorshipId(letter.about)).mentor
        if mentor is not None:
            return replace(letter, circle=work.people.get(mentor).profile.carries_circle)
    return letter


@dataclass(frozen=True, slots=True)
class ListLetters:
    """Every letter and where it is."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[LetterView, ...]:
        """Letters, oldest first."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return tuple(letter_view(letter) for letter in work.letters.all())


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One letter in a list, with the name of the one it is to; blank once she is forgotten here."""

    letter: LetterId
    person: PersonId
    name: str
    state: LetterState
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersView:
    """Letters that need a person, then a page of all, newest first; `more`: the letter behind which the next begins."""

    waiting: tuple[LetterLine, ...]
    page: tuple[LetterLine, ...]
    more: LetterId | None


@dataclass(frozen=True, slots=True)
class ShowLetters:
    """Letters as somebody at her desk sees them; none is opened, and to whom they are is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, before: LetterId | None = None) -> LettersView:
        """What needs a person, and a page."""
        actor.may(Action.READ_PEOPLE)
        with self.work() as work:
            held, page = work.desk.letters(), work.desk.latest_letters(before, PAGE)
            names = work.desk.names({one.person for one in (*held, *page)})
            remember_read(work, actor, names, self.clock.now())
        more = page[-1].letter if len(page) == PAGE else None
        return LettersView(waiting=_lines(held, names), page=_lines(page, names), more=more)


def _lines(found: Sequence[HeldBack], names: Mapping[PersonId, str]) -> tuple[LetterLine, ...]:
    return tuple(
        LetterLine(
            letter=one.letter, person=one.person, name=names.get(one.person, ""), state=one.state, since=one.since
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """Hand a letter over as a file; that it was opened is remembered."""

    work: OpenWork
    clock: Clock
    drafts: DraftFolder

    def __call__(self, actor: Actor, letter: LetterId) -> bytes:
        """The file. Raises: UnknownLetterError, LetterGoneError."""
        actor.may(Action.SEND_LETTERS)
        with self.work() as work:
            found = _placed(work, work.letters.get(letter))
            to, program = work.people.get(found.person).contact, work.programs.get().name
        # It may be written anew, which reads the program's own texts; nobody gets it before that is remembered.
        file = self.drafts.read(found, to, program)
        with self.work() as work:
            remember(work, actor, Act.LETTER_OPENED, letter, self.clock.now())
        return file


@dataclass(frozen=True, slots=True)
class TickOffLetter:
    """Write down that somebody sent a letter by hand."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, letter: LetterId) -> LetterView:
        """The letter. Raises: UnknownLetterError, LetterNotOpenError."""
        actor.may(Action.SEND_LETTERS)
        now = self.clock.now()
        with self.work() as work:
            ticked = work.letters.get(letter).tick_off(now)
            work.letters.replace(ticked)
            remember(work, actor, Act.LETTER_TICKED_OFF, letter, now)
        return letter_view(ticked)
