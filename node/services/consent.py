"""Recording what a person agreed to, and that she took it back."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import (
    ANY_MEMBER,
    USUAL_TERM,
    Given,
    Grant,
    GrantId,
    Purpose,
    Withdrawal,
    standard_wording,
)
from node.domain.person import PersonId
from node.services.ports import Clock, Ids, OpenWork
from node.services.remember import remember
from node.services.request.farewell import tell_of_withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """A yes as a coordinator writes it down; blank wording means the usual one, blank moments now and a year later."""

    person: PersonId
    purpose: Purpose
    given: Given
    wording: str = ""
    recipient: str = ANY_MEMBER
    concerns: str = ""
    granted_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """One grant as people read it."""

    id: GrantId
    person: PersonId
    purpose: Purpose
    recipient: str
    concerns: str
    wording: str
    given: Given
    granted_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    withdrawn_given: Given | None
    in_force: bool


def consent_view(grant: Grant, at: datetime) -> ConsentView:
    """The view of a grant at the moment `at`."""
    return ConsentView(
        id=grant.id,
        person=grant.person,
        purpose=grant.purpose,
        recipient=grant.recipient,
        concerns=grant.concerns,
        wording=grant.wording,
        given=grant.given,
        granted_at=grant.granted_at,
        expires_at=grant.expires_at,
        withdrawn_at=grant.withdrawal.at if grant.withdrawal else None,
        withdrawn_given=grant.withdrawal.given if grant.withdrawal else None,
        in_force=grant.covers(grant.purpose, grant.recipient, at),
    )


@dataclass(frozen=True, slots=True)
class AddConsent:
    """Write down a yes."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, new: NewConsent) -> ConsentView:
        """The recorded grant.

        Raises: UnknownPersonError, ConsentPeriodError.
        """
        actor.may(Action.RECORD_CONSENT)
        now = self.clock.now()
        granted_at = new.granted_at or now
        grant = Grant(
            id=GrantId(self.ids.new()),
            person=new.person,
            purpose=new.purpose,
            recipient=new.recipient,
            concerns=new.concerns,
            wording=new.wording or standard_wording(new.purpose),
            given=new.given,
            granted_at=granted_at,
            expires_at=new.expires_at or granted_at + USUAL_TERM,
            recorded_by=actor.id,
        )
        with self.work() as work:
            work.people.get(new.person)
            work.consents.add(grant)
            remember(work, actor, Act.CONSENT_ADDED, grant.id, now)
        return consent_view(grant, now)


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Write down that a yes was taken back; the grant stays in the history, and whoever was told of it is told."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, grant_id: GrantId, given: Given) -> ConsentView:
        """The withdrawn grant.

        Raises: UnknownConsentError, ConsentAlreadyWithdrawnError.
        """
        actor.may(Action.RECORD_CONSENT)
        now = self.clock.now()
        with self.work() as work:
            grant = work.consents.get(grant_id).withdraw(Withdrawal(at=now, given=given, recorded_by=actor.id))
            work.consents.replace(grant)
            tell_of_withdrawal(work, actor, grant, now)
            remember(work, actor, Act.CONSENT_WITHDRAWN, grant.id, now)
        return consent_view(grant, now)


@dataclass(frozen=True, slots=True)
class ListConsents:
    """The history of what a person agreed to."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId) -> tuple[ConsentView, ...]:
        """Every grant, withdrawn and lapsed ones too, oldest first. Raises: UnknownPersonError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.reading() as work:
            work.people.get(person)
            return tuple(consent_view(grant, now) for grant in work.consents.of(person))
