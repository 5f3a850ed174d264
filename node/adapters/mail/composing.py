"""A letter as an e-mail: the reader's language, the proposed meeting as a calendar file; a link only to sign in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from node.domain.letter import MEETING_LENGTH, Errand, Letter, Proposal, Waits
from node.domain.person import Contact
from node.domain.request import Reachable
from node.domain.signin import LINK_TERM
from node.domain.texts import Wording, fill
from node.words import Words

if TYPE_CHECKING:
    from icalendar import Calendar, vCalAddress

_PRODUCT = "-//Mentorweave//Letters//EN"
_SUBJECTS = {
    Errand.SIGN_IN: "letter.link.subject",
    Errand.RESUME: "letter.resume.subject",
    Errand.TURNED_DOWN: "letter.turned_down.subject",
    Errand.REMINDER: "letter.reminder.subject",
}


class ForgottenLetterError(Exception):
    """What the letter said was taken back; it must not leave."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes letters of the program. `sender` is its e-mail address, `pages` where its pages are; both may be blank.

    `texts` reads what the program says in its own words.
    """

    sender: str
    pages: str = ""
    texts: Callable[[], Sequence[Wording]] = tuple

    def compose(self, letter: Letter, to: Contact, program: str) -> EmailMessage:
        """The e-mail. Its id is the letter's, so that a second copy is recognised. Raises: ForgottenLetterError."""
        words = _OwnWords(letter.language.value, {(one.code, one.language): one.text for one in self.texts()})
        written = _Written(letter, to, program, words)
        message = EmailMessage()
        message["Subject"] = words("letter.subject" if letter.proposal else _SUBJECTS[letter.errand], program=program)
        if self.sender:
            message["From"] = formataddr((program, self.sender))
        if to.email:
            message["To"] = formataddr((to.name, to.email))
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.id}@mentorweave>"
        message["Content-Language"] = letter.language.value
        if letter.proposal is not None and letter.other is not None:
            page = f"{self.pages.rstrip('/')}/me/sign-in" if self.pages else ""
            message.set_content(written.introduction(letter.proposal, letter.other, page))
            calendar = written.calendar(letter.proposal, letter.other, self.sender)
            method = str(calendar["method"])
            message.add_attachment(
                calendar.to_ical(), "text", "calendar", filename="meeting.ics", params={"method": method}
            )
        elif letter.waits is not None:
            message.set_content(written.reminder(letter.waits, self.pages))
        elif letter.errand is Errand.TURNED_DOWN:
            message.set_content(written.no())
        elif letter.link and letter.errand is Errand.RESUME:
            message.set_content(written.way_back(f"{self.pages.rstrip('/')}/join/a/{letter.link}"))
        elif letter.link:
            message.set_content(written.way_in(f"{self.pages.rstrip('/')}/me/link/{letter.link}"))
        else:
            raise ForgottenLetterError(letter.id)
        return message


@dataclass(frozen=True, slots=True)
class _OwnWords(Words):
    """Says codes in the program's own words, where it has any."""

    own: Mapping[tuple[str, str], str]

    def __call__(self, code: str, **params: object) -> str:
        own = self.own.get((code, self.language))
        return fill(own, params) if own else Words.__call__(self, code, **params)


@dataclass(frozen=True, slots=True)
class _Written:
    """What one letter says."""

    letter: Letter
    to: Contact
    program: str
    words: Words

    def introduction(self, meeting: Proposal, other: Reachable, page: str) -> str:
        words, at = self.words, meeting.starts_at
        when = words("letter.when", day=at.day, month=words(f"month.{at.month}"), year=at.year, time=f"{at:%H:%M}")
        reach = [words("letter.name", name=other.name)]
        if other.email:
            reach.append(words("letter.email", email=other.email))
        if other.phone:
            reach.append(words("letter.phone", phone=other.phone))
        return self._text(
            words("letter.introduction", other=other.name),
            "\n".join(reach),
            *((words("letter.circle"),) if self.letter.circle else ()),
            words("letter.proposal", when=when, zone=meeting.time_zone),
            *((words("letter.page", url=page),) if page else ()),
            words("letter.reply"),
        )

    def way_in(self, url: str) -> str:
        words, until = self.words, self.letter.written_at + LINK_TERM
        return self._text(
            words("letter.link.lead", program=self.program),
            url,
            words("letter.link.how", day=until.day, month=words(f"month.{until.month}")),
            words("letter.link.unasked"),
        )

    def way_back(self, url: str) -> str:
        lead = self.words("letter.resume.lead", program=self.program)
        return self._text(lead, url, self.words("letter.resume.how"), self.words("letter.link.unasked"))

    def no(self) -> str:
        return self._text(
            self.words("letter.turned_down.lead", program=self.program), self.words("letter.turned_down.gone")
        )

    def reminder(self, waits: Waits, pages: str) -> str:
        words, until = self.words, waits.until
        lapses = until and words("letter.reminder.until", day=until.day, month=words(f"month.{until.month}"))
        return self._text(
            words.count("letter.reminder.lead", waits.count),
            *((lapses,) if lapses else ()),
            words("letter.reminder.page", url=pages) if pages else words("letter.reminder.start"),
            words("letter.reminder.why"),
        )

    def _text(self, *parts: str) -> str:
        return "\n\n".join((self.words("letter.hello", name=self.to.name), *parts, self.program)) + "\n"

    def calendar(self, meeting: Proposal, other: Reachable, sender: str) -> "Calendar":
        from icalendar import Calendar, Event  # noqa: PLC0415 - a fifth of a second that most commands need not wait

        calendar = Calendar()
        event = Event()
        event.add("uid", meeting.uid)
        event.add("dtstamp", self.letter.written_at)
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.starts_at + MEETING_LENGTH)
        event.add("summary", self.words("letter.meeting", other=other.name))
        event.add("status", "TENTATIVE")
        invited = bool(sender and self.to.email)
        if invited:
            event["organizer"] = _address(sender, self.program)
            event["attendee"] = _address(self.to.email, self.to.name)
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
