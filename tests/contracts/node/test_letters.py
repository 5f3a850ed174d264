"""The ports `Letters` and `PostOffice`: what waits is sent once, and a crash is never hidden."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from node.adapters.mail.composing import ForgottenLetterError
from node.adapters.mail.office import Mailing, SenderNeededError, open_post_office
from node.adapters.mail.smtp import Server
from node.adapters.sql.tables import letters
from node.domain.actor import SYSTEM
from node.domain.letter import LEASE, Letter, LetterId, LetterState, Proposal, UnknownLetterError
from node.domain.person import Contact, Person
from node.domain.program import Tongue
from node.domain.request import Reachable
from node.services.letters import ListLetters, SendLetters, TickOffLetter
from node.services.ports.letters import PostOffice, PostOfficeBusyError
from tests.support.clock import NOON, FakeClock
from tests.support.crossing import CLERK
from tests.support.node import OpenSqlWork, a_person, new_id
from tests.support.queries import statements

SENDER = "mentors@hat.example.org"
OTHER = Reachable(name="Mary Mentor", email="mary@example.org", phone="+1 403 555 0100")
TO = Contact(name="Amara Okafor", email="amara@example.org")


def a_letter(person: Person | None = None, *, language: Tongue = Tongue.ENGLISH) -> Letter:
    return Letter(
        id=LetterId(new_id()),
        person=(person or a_person()).id,
        about=new_id(),
        language=language,
        proposal=Proposal(uid="x@mentorweave", starts_at=NOON + timedelta(days=7), time_zone="America/Edmonton"),
        other=OTHER,
        written_at=NOON,
        due_at=NOON,
    )


def kept(work: OpenSqlWork) -> Letter:
    person = a_person()
    letter = a_letter(person)
    with work() as unit:
        unit.people.add([person])
        unit.letters.add(letter)
    return letter


@dataclass(slots=True)
class Desk(PostOffice):
    """Fake of `PostOffice`: answers as it is told, or breaks down."""

    answers: list[LetterState | Exception]
    taken: int = 0

    def send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        self.taken += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_link_in_a_letter_lies_sealed_until_it_left(work: OpenSqlWork) -> None:
    person = a_person()
    letter = replace(a_letter(person), proposal=None, other=None, link="the token of a link")
    with work() as unit:
        unit.people.add([person])
        unit.letters.add(letter)

    with work() as unit:
        assert unit.letters.get(letter.id) == letter
        assert b"token" not in unit.connection.execute(select(letters.c.link)).scalar_one()
        unit.letters.replace(letter.end(LetterState.SENT, NOON))
        assert unit.connection.execute(select(letters.c.link)).scalar_one() is None


class CrashError(Exception):
    """The process died."""


def test_a_letter_comes_back_as_it_was_kept_and_its_words_are_sealed(work: OpenSqlWork) -> None:
    letter = kept(work)

    with work() as unit:
        found = unit.letters.get(letter.id)
        stored = unit.connection.execute(select(letters.c.other)).scalar_one()
        assert unit.letters.about(letter.about) == unit.letters.all() == (letter,)
        with pytest.raises(UnknownLetterError):
            unit.letters.get(LetterId("nothing"))
    assert found == letter
    assert b"mary" not in bytes(stored).lower()


def test_letters_to_many_are_read_in_one_query_and_to_one_without_the_others(work: OpenSqlWork) -> None:
    first, second = kept(work), kept(work)

    with work() as unit, statements(unit.connection.engine) as sent:
        assert unit.letters.all() == (first, second)
        assert len(sent) == 1
        assert unit.letters.of(second.person) == (second,)
        assert len(sent) == 2


def test_a_due_letter_is_claimed_by_one_sender_only(work: OpenSqlWork) -> None:
    letter = kept(work)
    with work() as unit:
        assert unit.letters.claim(NOON - timedelta(seconds=1), 5) == ()
        (begun,) = unit.letters.claim(NOON, 5)

    with work() as unit:
        assert unit.letters.claim(NOON, 5) == ()
    assert (begun.id, begun.state) == (letter.id, LetterState.SENDING)


def test_a_sent_letter_is_not_sent_again(work: OpenSqlWork) -> None:
    kept(work)
    clock, desk = FakeClock(), Desk([LetterState.SENT])
    send = SendLetters(work, clock, desk)

    assert send(SYSTEM).sent == 1
    clock.advance(timedelta(days=1))
    assert send(SYSTEM).sent == 0
    assert desk.taken == 1


def test_what_was_not_taken_is_tried_again_later(work: OpenSqlWork) -> None:
    kept(work)
    clock, desk = FakeClock(), Desk([PostOfficeBusyError(), LetterState.SENT])
    send = SendLetters(work, clock, desk)

    assert send(SYSTEM).waiting == 1
    assert send(SYSTEM).sent == 0
    clock.advance(timedelta(minutes=1))
    assert send(SYSTEM).sent == 1


def test_after_a_crash_a_letter_goes_once_more_and_that_is_on_record(work: OpenSqlWork) -> None:
    kept(work)
    clock, desk = FakeClock(), Desk([CrashError(), LetterState.SENT])
    send = SendLetters(work, clock, desk)
    with pytest.raises(CrashError):
        send(SYSTEM)
    assert send(SYSTEM).sent == 0
    clock.advance(LEASE)

    assert send(SYSTEM).sent == 1
    (view,) = ListLetters(work)(CLERK)
    assert (view.state, view.attempts, view.resent) == (LetterState.SENT, 2, True)


def test_after_two_crashes_only_a_person_decides(work: OpenSqlWork) -> None:
    letter = kept(work)
    clock, desk = FakeClock(), Desk([CrashError(), CrashError()])
    send = SendLetters(work, clock, desk)
    for _ in range(2):
        with pytest.raises(CrashError):
            send(SYSTEM)
        clock.advance(LEASE)

    assert send(SYSTEM).unclear == 1
    assert desk.taken == 2
    assert TickOffLetter(work, clock)(CLERK, letter.id).state is LetterState.SENT


class Box:
    """A mail server that keeps what it takes, or refuses."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.received: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.answer.startswith("250") and not self.answer.startswith("DATA"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.answer == "DATA hangs up":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            await asyncio.sleep(0)
            return "451 gone"
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def port(box: Box) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=free)
    controller.start()
    yield free
    controller.stop()


def by_smtp(port: int, folder: Path) -> PostOffice:
    server = Server(host="127.0.0.1", port=port, starttls=False, user="", password_file=None)
    return open_post_office(Mailing(sender=SENDER, folder=folder, server=server))


def as_drafts(folder: Path, sender: str = SENDER) -> PostOffice:
    return open_post_office(Mailing(sender=sender, folder=folder, server=None))


def the_draft(folder: Path) -> EmailMessage:
    (file,) = folder.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_letter_reaches_a_mail_server_with_its_invitation(box: Box, port: int, tmp_path: Path) -> None:
    letter = a_letter()

    assert by_smtp(port, tmp_path).send(letter, TO, "Medicine Hat Mentors") is LetterState.SENT

    (message,) = box.received
    assert message["Message-ID"] == f"<{letter.id}@mentorweave>"
    assert "amara@example.org" in message["To"]
    assert all(word in text_of(message) for word in ("Mary Mentor", "mary@example.org", "+1 403 555 0100"))
    assert "http" not in text_of(message)
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_param("method")) == ("text/calendar", "REQUEST")
    content = attached.get_content()
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == "x@mentorweave"
    assert letter.proposal is not None
    assert event.decoded("DTSTART") == letter.proposal.starts_at


def test_a_server_that_is_away_or_busy_took_nothing(box: Box, port: int, tmp_path: Path) -> None:
    box.answer = "450 later"
    with pytest.raises(PostOfficeBusyError):
        by_smtp(port, tmp_path).send(a_letter(), TO, "Hat")
    with pytest.raises(PostOfficeBusyError):
        by_smtp(9, tmp_path).send(a_letter(), TO, "Hat")


def test_a_server_that_will_not_take_it_refuses_for_good(box: Box, port: int, tmp_path: Path) -> None:
    box.answer = "550 no such person"

    assert by_smtp(port, tmp_path).send(a_letter(), TO, "Hat") is LetterState.REFUSED


def test_a_server_that_hangs_up_after_the_text_leaves_it_unclear(box: Box, port: int, tmp_path: Path) -> None:
    box.answer = "DATA hangs up"

    assert by_smtp(port, tmp_path).send(a_letter(), TO, "Hat") is LetterState.UNCLEAR


def test_somebody_without_mail_gets_a_draft_to_print(port: int, tmp_path: Path) -> None:
    assert by_smtp(port, tmp_path).send(a_letter(), replace(TO, email=""), "Hat") is LetterState.DRAFTED
    assert the_draft(tmp_path)["To"] is None


def test_a_draft_lies_in_the_folder_in_french_and_opens_as_unsent(tmp_path: Path) -> None:
    letter = a_letter(language=Tongue.FRENCH)
    office = as_drafts(tmp_path, sender="")

    assert office.send(letter, TO, "Jumelage") is LetterState.DRAFTED
    office.send(letter, TO, "Jumelage")

    message = the_draft(tmp_path)
    assert (message["X-Unsent"], message["From"]) == ("1", None)
    assert "Bonjour Amara Okafor" in text_of(message)
    (attached,) = message.iter_attachments()
    assert attached.get_param("method") == "PUBLISH"


def test_only_what_is_known_of_the_other_is_written(tmp_path: Path) -> None:
    letter = replace(a_letter(), other=Reachable(name="Mary", email=""))
    as_drafts(tmp_path).send(letter, TO, "Hat")

    assert "E-mail:" not in text_of(the_draft(tmp_path))
    assert "Phone:" not in text_of(the_draft(tmp_path))


def test_a_forgotten_letter_never_leaves(tmp_path: Path) -> None:
    with pytest.raises(ForgottenLetterError):
        as_drafts(tmp_path).send(a_letter().forget(), TO, "Hat")


def test_a_mail_server_needs_an_address_letters_come_from(tmp_path: Path) -> None:
    server = Server(host="mail.example.org", port=25, starttls=True, user="", password_file=None)
    with pytest.raises(SenderNeededError):
        open_post_office(Mailing(sender="", folder=tmp_path, server=server))
