"""Writing down what a person agreed to in one request: her two yeses in one step."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import USUAL_TERM, Given, Grant, GrantId, Purpose, standard_wording
from node.domain.errors import DomainError
from node.domain.person import PersonId
from node.domain.request import End, Request
from node.services.consent import ConsentView, consent_view
from node.services.ports import Clock, Ids, OpenWork
from node.services.remember import remember
from protocol.ids import ThreadId


class MentorNeededError(DomainError):
    """At the host it is a mentor who agrees, and she has to be named."""

    code = "mentor-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """Who agreed in a request, how and in which words, now unless `said_at`; at the host the mentor is named."""

    thread: ThreadId
    given: Given
    wording: str = ""
    mentor: PersonId | None = None
    in_principle_only: bool = False
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgreeToRequest:
    """At home the mentee accepts and shares her contact; at the host the mentor agrees in principle and shares hers."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, yes: Yes) -> tuple[ConsentView, ...]:
        """The recorded grants. Raises: UnknownRequestError, MentorNeededError, UnknownPersonError."""
        actor.may(Action.RECORD_CONSENT)
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(yes.thread)
            person = _who(request, yes)
            work.people.get(person)
            first = Purpose.ACCEPT if request.end is End.HOME else Purpose.OFFER
            purposes = (first,) if yes.in_principle_only else (first, Purpose.CONTACT)
            grants = [
                Grant(
                    id=GrantId(self.ids.new()),
                    person=person,
                    purpose=purpose,
                    recipient=request.peer,
                    concerns=request.id,
                    wording=yes.wording or standard_wording(purpose),
                    given=yes.given,
                    granted_at=min(yes.said_at or now, now),
                    expires_at=now + USUAL_TERM,
                    recorded_by=actor.id,
                )
                for purpose in purposes
            ]
            for grant in grants:
                work.consents.add(grant)
                remember(work, actor, Act.CONSENT_ADDED, grant.id, now)
        return tuple(consent_view(grant, now) for grant in grants)


def _who(request: Request, yes: Yes) -> PersonId:
    person = request.person if request.end is End.HOME else yes.mentor
    if person is None:
        raise MentorNeededError(request=request.id)
    return person
