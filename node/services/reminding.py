"""Letters to staff who have not looked for a while, about how much waits. They name nobody, and say what to open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.actor import Action, Actor, Role, UserId
from node.domain.audit import Act
from node.domain.card import last_reminder
from node.domain.letter import Errand, Letter, LetterId, Waits
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from node.domain.user import User, UserState
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.letters import PostOffice, PostOfficeBusyError
from node.services.remember import remember
from node.services.today import Matter, Today

AWAY = timedelta(days=3)
"""Who did something here within this time knows what waits."""
_LAST = timedelta(days=13)
"""Reminders come after 3, 7 and 12 days: what was said before that tells nothing of the next one."""
_REMINDED = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class RemindStaff:
    """When something has waited for 3, 7 and 12 days, one letter to each who has not been here for three.

    It is remembered once the mail server took it: a crash in between may bring it twice, under one id.
    """

    work: OpenWork
    clock: Clock
    today: Today
    post_office: PostOffice

    def __call__(self, actor: Actor) -> int:
        """How many letters left."""
        actor.may(Action.SEND_LETTERS)
        now = self.clock.now()
        matters = [matter for matter in self.today(actor).matters if last_reminder(matter.since, now) > matter.since]
        if not matters:
            return 0
        reminded_at = max(last_reminder(matter.since, now) for matter in matters)
        with self.work() as work:
            program = work.programs.get()
            due = [user for user in work.users.all() if _is_due(work, user, reminded_at, now)]
        return sum(
            self._send(_letter(user, program.language, matters, reminded_at, now), user, program.name, actor)
            for user in due
        )

    def _send(self, letter: Letter, user: User, program: str, actor: Actor) -> bool:
        try:
            self.post_office.send(letter, Contact(name=user.name, email=user.email), program)
        except PostOfficeBusyError:
            return False
        with self.work() as work:
            remember(work, actor, Act.STAFF_REMINDED, user.id, letter.written_at)
        return True


def _is_due(work: UnitOfWork, user: User, reminded_at: datetime, now: datetime) -> bool:
    """Whether she can do something about it, has not been here lately, and was not told since the last reminder."""
    if user.state is not UserState.ACTIVE or user.role not in _REMINDED:
        return False
    acts = work.audit.since(now - _LAST)
    told = any(act.act is Act.STAFF_REMINDED and act.subject == user.id and act.at >= reminded_at for act in acts)
    return not told and all(at <= now - AWAY for at in _here(work, user.id, now))


def _here(work: UnitOfWork, user: UserId, now: datetime) -> Iterator[datetime]:
    yield from (session.seen_at for session in work.sessions.of(user))
    yield from (act.at for act in work.audit.since(now - AWAY) if act.actor == user)


def _letter(user: User, language: Tongue, matters: Sequence[Matter], reminded_at: datetime, now: datetime) -> Letter:
    lapses = [matter.until for matter in matters if matter.until is not None and matter.until > now]
    return Letter(
        id=LetterId(f"{user.id}-{reminded_at:%Y%m%d%H%M%S}"),
        person=PersonId(user.id),
        about=user.id,
        language=language,
        errand=Errand.REMINDER,
        waits=Waits(count=len(matters), until=min(lapses, default=None)),
        written_at=now,
    )
