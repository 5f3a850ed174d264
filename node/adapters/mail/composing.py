"""A letter as an e-mail: the reader's language, the proposed meeting as a calendar file, and no link."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from node.domain.letter import MEETING_LENGTH, Letter
from node.domain.person import Contact
from node.domain.request import Reachable
from node.words import Words

if TYPE_CHECKING:
    from icalendar import Calendar, vCalAddress

_PRODUCT = "-//Mentorweave//Letters//EN"


class ForgottenLetterError(Exception):
    """What the letter said was taken back; it must not leave."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes letters in the name of the program; `sender` is its e-mail address, or blank."""

    sender: str

    def compose(self, letter: Letter, to: Contact, program: str) -> EmailMessage:
        """The e-mail. Its id is the letter's, so that a second copy is recognised. Raises: ForgottenLetterError."""
        if letter.other is None:
            raise ForgottenLetterError(letter.id)
        words = Words(letter.language.value)
        message = EmailMessage()
        message["Subject"] = words("letter.subject", program=program)
        if self.sender:
            message["From"] = formataddr((program, self.sender))
        if to.email:
            message["To"] = formataddr((to.name, to.email))
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.id}@mentorweave>"
        message["Content-Language"] = letter.language.value
        message.set_content(_text(words, letter, letter.other, to, program))
        calendar = self._calendar(words, letter, letter.other, to, program)
        method = str(calendar["method"])
        message.add_attachment(
            calendar.to_ical(), "text", "calendar", filename="meeting.ics", params={"method": method}
        )
        return message

    def _calendar(self, words: Words, letter: Letter, other: Reachable, to: Contact, program: str) -> "Calendar":
        from icalendar import Calendar, Event  # noqa: PLC0415 - a fifth of a second that most commands need not wait

        meeting, calendar = letter.proposal, Calendar()
        event = Event()
        event.add("uid", meeting.uid)
        event.add("dtstamp", letter.written_at)
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.starts_at + MEETING_LENGTH)
        event.add("summary", words("letter.meeting", other=other.name))
        event.add("status", "TENTATIVE")
        invited = bool(self.sender and to.email)
        if invited:
            event["organizer"] = _address(self.sender, program)
            event["attendee"] = _address(to.email, to.name)
        calendar.add("prodid", _PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "REQUEST" if invited else "PUBLISH")
        calendar.add_component(event)
        calendar.add_missing_timezones()
        return calendar


def _address(email: str, name: str) -> "vCalAddress":
    from icalendar import vCalAddress  # noqa: PLC0415 - as above

    address = vCalAddress(f"MAILTO:{email}")
    address.params["cn"] = name
    return address


def _text(words: Words, letter: Letter, other: Reachable, to: Contact, program: str) -> str:
    at = letter.proposal.starts_at
    when = words("letter.when", day=at.day, month=words(f"month.{at.month}"), year=at.year, time=f"{at:%H:%M}")
    reach = [words("letter.name", name=other.name)]
    if other.email:
        reach.append(words("letter.email", email=other.email))
    if other.phone:
        reach.append(words("letter.phone", phone=other.phone))
    parts = [
        words("letter.hello", name=to.name),
        words("letter.introduction", other=other.name),
        "\n".join(reach),
        words("letter.proposal", when=when, zone=letter.proposal.time_zone),
        words("letter.reply"),
        program,
    ]
    return "\n\n".join(parts) + "\n"
