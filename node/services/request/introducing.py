"""Two people learn of each other: a mentorship begins, and each program writes one letter to its own person."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.letter import MEETING_HOUR, MEETING_IN, Letter, LetterId, Proposal, language_for
from node.domain.mentorship import Mentorship, MentorshipId, Place
from node.domain.person import Contact, Person
from node.domain.request import End, Reachable, Request
from node.services.ports import Ids, UnitOfWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What one letter says: to whom, about whom, and the meeting it proposes."""

    to: Person
    other: Reachable
    about: str
    proposal: Proposal


def reachable(contact: Contact) -> Reachable:
    """How a person is reached."""
    return Reachable(name=contact.name, email=contact.email, phone=contact.phone)


def proposal(about: str, at: datetime, time_zone: str) -> Proposal:
    """A first meeting a week from `at`, early in the evening: the same at both ends of a request."""
    local = at.astimezone(ZoneInfo(time_zone)) + MEETING_IN
    starts_at = local.replace(hour=MEETING_HOUR, minute=0, second=0, microsecond=0)
    return Proposal(uid=f"{about}@mentorweave", starts_at=starts_at, time_zone=time_zone)


def write_letter(work: UnitOfWork, ids: Ids, introduction: Introduction, at: datetime) -> None:
    """Queue a letter in the language of the one it is for."""
    work.letters.add(
        Letter(
            id=LetterId(ids.new()),
            person=introduction.to.id,
            about=introduction.about,
            language=language_for(introduction.to.profile.languages, work.programs.get().language),
            proposal=introduction.proposal,
            other=introduction.other,
            written_at=at,
            due_at=at,
        )
    )


def introduce(work: UnitOfWork, ids: Ids, request: Request, introduction: Introduction, at: datetime) -> None:
    """Begin the mentorship a request led to, and write to our own person."""
    own, at_home = introduction.to, request.end is End.HOME
    mentorship = Mentorship(
        id=MentorshipId(ids.new()),
        place=Place.HOME if at_home else Place.HOST,
        opened_at=at,
        mentor=None if at_home else own.id,
        members=(own.id,) if at_home else (),
        thread=request.id,
        peer=request.peer,
    )
    work.mentorships.add(mentorship)
    write_letter(work, ids, introduction, at)
    remember(work, SYSTEM, Act.MENTORSHIP_BEGUN, mentorship.id, at)
