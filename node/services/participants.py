"""Participants signing in by a link, and out. Nobody is signed in yet when the first of these verbs begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.actor import SYSTEM, Action, Actor, Participant
from node.domain.audit import Act
from node.domain.errors import PersonLeftError
from node.domain.letter import Letter, LetterId, language_for
from node.domain.participant import (
    MOST_UNUSED,
    NoAddressError,
    OfficeOnlyError,
    ParticipantLink,
    ParticipantLinkSpentError,
    ParticipantSession,
    ParticipantSignedOutError,
    is_welcome,
)
from node.domain.person import Person, PersonId
from node.domain.signin import LINK_TERM, LONGEST, MOST_FROM_ONE_PLACE, WINDOW, TooManyAttemptsError, digest
from node.domain.traces import email_trace
from node.services.ports import Clock, Ids, OpenWork, PeopleFilter, UnitOfWork
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLinkView:
    """To whom a letter with a link is on its way."""

    person: PersonId
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkWriter:
    """Writes a letter with a new link, inside a transaction of somebody else's."""

    ids: Ids
    secrets: Secrets

    def __call__(self, work: UnitOfWork, actor: Actor, person: Person, now: datetime) -> ParticipantLinkView:
        """What is on its way; links that were sent before work as before."""
        token, until = self.secrets.new_token(), now + LINK_TERM
        work.participants.give_link(ParticipantLink(digest=digest(token), person=person.id, until=until))
        letter = Letter(
            id=LetterId(self.ids.new()),
            person=person.id,
            about=person.id,
            language=language_for(person.profile.languages, work.programs.get().language),
            link=token,
            written_at=now,
            due_at=now,
        )
        work.letters.add(letter)
        remember(work, actor, Act.PARTICIPANT_LINK_SENT, person.id, now)
        return ParticipantLinkView(person=person.id, until=until)


@dataclass(frozen=True, slots=True)
class SendParticipantLink:
    """Write to one person how she gets to her page."""

    work: OpenWork
    clock: Clock
    write: LinkWriter
    hosted: bool

    def __call__(self, actor: Actor, person: PersonId) -> ParticipantLinkView:
        """What is on its way. Raises: OfficeOnlyError, UnknownPersonError, PersonLeftError, NoAddressError."""
        actor.may(Action.SEND_LETTERS)
        if not self.hosted:
            raise OfficeOnlyError
        with self.work() as work:
            found = work.people.get(person)
            if not is_welcome(found):
                raise PersonLeftError(person=person)
            if not found.contact.email:
                raise NoAddressError(person=person)
            return self.write(work, actor, found, self.clock.now())


@dataclass(frozen=True, slots=True)
class AdmitStranger:
    """Count what somebody unknown does on a public page, so that nobody does it all day."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, deed: str, place: str) -> None:
        """Pass if it is not too often; `deed` names what is counted by itself. Raises: TooManyAttemptsError."""
        now, counted = self.clock.now(), f"{deed}:{place}"
        with self.work() as work:
            work.attempts.tidy(now - WINDOW)
            if work.attempts.from_place(counted, now - WINDOW) >= MOST_FROM_ONE_PLACE:
                raise TooManyAttemptsError(minutes=WINDOW // timedelta(minutes=1))
            work.attempts.add(self.ids.new(), counted, "", now)


@dataclass(frozen=True, slots=True)
class AskForLink:
    """Somebody typed an e-mail address on a public page: whoever has it gets a letter, and the page never tells."""

    work: OpenWork
    clock: Clock
    write: LinkWriter

    def __call__(self, email: str) -> None:
        """Letters are on their way to those who have this address and no pile of unused links."""
        if "@" not in email:
            return
        now = self.clock.now()
        with self.work() as work:
            for person in work.people.find(PeopleFilter(text=email, limit=MOST_UNUSED)):
                hers = is_welcome(person) and email_trace(person.contact.email) == email_trace(email)
                if hers and work.participants.unused(person.id, now) < MOST_UNUSED:
                    self.write(work, SYSTEM, person, now)


@dataclass(frozen=True, slots=True)
class CheckParticipantLink:
    """Whether a link still works; looking does not spend it, because mail programs look at links."""

    reading: OpenWork
    clock: Clock

    def __call__(self, token: str) -> None:
        """Pass if it does. Raises: ParticipantLinkSpentError."""
        with self.reading() as work:
            _usable(work, token, self.clock)


@dataclass(frozen=True, slots=True)
class OpenParticipantSession:
    """Sign in by a link, which works no longer afterwards."""

    work: OpenWork
    clock: Clock
    secrets: Secrets

    def __call__(self, token: str) -> str:
        """The token of a session. Raises: ParticipantLinkSpentError."""
        secret, now = self.secrets.new_token(), self.clock.now()
        with self.work() as work:
            work.participants.tidy(now - LONGEST, now)
            link = _usable(work, token, self.clock)
            if not work.participants.spend(link.digest):
                raise ParticipantLinkSpentError
            work.participants.begin(ParticipantSession(digest=digest(secret), person=link.person, begun_at=now))
            remember(work, Participant(link.person), Act.PARTICIPANT_SIGNED_IN, link.person, now)
        return secret


@dataclass(frozen=True, slots=True)
class RecognizeParticipant:
    """Whom a participant's session belongs to."""

    reading: OpenWork
    clock: Clock

    def __call__(self, token: str) -> Participant:
        """Proof of who asks. Raises: ParticipantSignedOutError."""
        with self.reading() as work:
            session = work.participants.find(digest(token)) if token else None
            if session is None or not session.is_open(self.clock.now()):
                raise ParticipantSignedOutError
            if not is_welcome(work.people.get(session.person)):
                raise ParticipantSignedOutError
        return Participant(session.person)


@dataclass(frozen=True, slots=True)
class SignOutParticipant:
    """End the session of one browser."""

    work: OpenWork
    clock: Clock

    def __call__(self, participant: Participant, token: str) -> None:
        """Nobody is signed in with this token any more."""
        with self.work() as work:
            work.participants.end(digest(token))
            remember(work, participant, Act.PARTICIPANT_SIGNED_OUT, participant.person, self.clock.now())


def _usable(work: UnitOfWork, token: str, clock: Clock) -> ParticipantLink:
    link = work.participants.link(digest(token))
    if link is None or not link.is_open(clock.now()) or not is_welcome(work.people.get(link.person)):
        raise ParticipantLinkSpentError
    return link
