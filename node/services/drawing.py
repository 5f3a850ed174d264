"""Counting mentors under noise: once a quarter, unattended, after a named person's yes to the policy.

Nobody sees a draw and then decides: the yes comes before it, it is kept and charged whether or not it is published, and
what is published again is what was kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor, Role
from node.domain.audit import Act
from node.domain.budget import PER_DRAW_MILLI, Quarter, due_at, next_open, unproven
from node.domain.counts import blur, count
from node.domain.errors import NotAllowedError
from node.domain.person import Candidate, Kind
from node.domain.policy import Agreement, PolicyNotAgreedError, PublishingPolicy
from node.domain.release import Draw
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.privacy import Randomness
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """A yes to what is published, and until when nothing is drawn."""

    policy: str
    agreed_at: datetime
    draw_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgreeToPolicy:
    """Write down a named person's yes to what is published, in this form, at this cost, from now on."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> AgreementView:
        """The yes, and when counts are drawn where there are any. Raises: NotAllowedError, NotJoinedError."""
        actor.may(Action.PUBLISH)
        if actor.role is Role.SYSTEM:
            raise NotAllowedError(role=actor.role, action=Action.PUBLISH)
        now = self.clock.now()
        with self.work() as work:
            policy = policy_of(work)
            agreement = Agreement(policy=policy.digest, at=now, by=actor.id)
            work.policies.add(agreement)
            remember(work, actor, Act.SUMMARY_AGREED, now.isoformat(), now, content=agreement.content)
            return AgreementView(policy=policy.digest, agreed_at=now, draw_at=next_draw(work, policy, now))


@dataclass(frozen=True, slots=True)
class DrawCounts:
    """Draw the counts of the quarter when they are due; nobody does it by hand, and nobody can do it twice.

    `is_copied`: whether something speaks in our name that is not this node. A copy of its folder draws by itself, so
    what it may have drawn is paid for with the draw that is due here: nothing is drawn, and the quarter is charged.
    """

    work: OpenWork
    clock: Clock
    randomness: Randomness
    is_copied: Callable[[], bool]

    def when_due(self, actor: Actor) -> Quarter | None:
        """The quarter that was drawn now, or counts as drawn, if one was due. Raises: NotJoinedError."""
        actor.may(Action.PUBLISH)
        now, copied = self.clock.now(), self.is_copied()
        with self.work() as work:
            policy = policy_of(work)
            due = next_draw(work, policy, now)
            if due is None or now < due:
                return None
            quarter = Quarter.of(now)
            if copied:
                _charge(work, actor, quarter, now)
                return quarter
            numbers = blur(count(_mentors(work, now)), policy.epsilon_milli, self.randomness)
            draw = Draw(quarter=quarter, at=now, epsilon_milli=policy.epsilon_milli, numbers=numbers)
            work.draws.add(draw)
            remember(work, actor, Act.COUNTS_DRAWN, str(quarter), now, content=draw.content)
        return quarter


def charge_unproven(work: UnitOfWork, actor: Actor, restored_to: datetime, now: datetime) -> tuple[Quarter, ...]:
    """Count every quarter since the backup as drawn that this restored copy cannot prove to be undrawn: which ones."""
    quarters = unproven(restored_to, now, [draw.quarter for draw in work.draws.all()])
    for quarter in quarters:
        _charge(work, actor, quarter, now)
    return quarters


def _charge(work: UnitOfWork, actor: Actor, quarter: Quarter, now: datetime) -> None:
    draw = Draw(quarter=quarter, at=now, epsilon_milli=PER_DRAW_MILLI, numbers=())
    work.draws.add(draw)
    remember(work, actor, Act.COUNTS_UNPROVEN, str(quarter), now, content=draw.content)


def policy_of(work: UnitOfWork) -> PublishingPolicy:
    """What would be published, as the roster declares it. Raises: NotJoinedError."""
    declared = work.border.declared()
    return PublishingPolicy(publishes=declared.publishes, size=declared.size)


def agreed_since(work: UnitOfWork, policy: PublishingPolicy) -> datetime | None:
    """Since when somebody has said yes to this very policy without a break, or None."""
    since = None
    for agreement in work.policies.all():
        if agreement.policy != policy.digest:
            since = None
        elif since is None:
            since = agreement.at
    return since


def require_agreement(work: UnitOfWork) -> PublishingPolicy:
    """The policy that somebody said yes to. Raises: PolicyNotAgreedError, NotJoinedError."""
    policy = policy_of(work)
    if agreed_since(work, policy) is None:
        raise PolicyNotAgreedError
    return policy


def next_draw(work: UnitOfWork, policy: PublishingPolicy, now: datetime) -> datetime | None:
    """When counts are drawn next; None where nothing is counted, or nobody said yes."""
    agreed_at = agreed_since(work, policy)
    if not policy.counts or agreed_at is None:
        return None
    charges = (draw.charge for draw in work.draws.all())
    return due_at(agreed_at, next_open(charges, Quarter.of(now), policy.epsilon_milli))


def _mentors(work: UnitOfWork, now: datetime) -> Iterable[tuple[Candidate, int]]:
    seats = work.seats.free(now)
    return ((mentor, seats[mentor.id].free) for mentor in work.people.candidates(Kind.MENTOR))
