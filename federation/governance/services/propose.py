"""Proposing a change to the roster: read and verify what is published, derive the next state, write one file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from federation.governance.domain import changes
from federation.governance.domain.acts import Verb
from federation.governance.domain.content import Content, Published
from federation.governance.domain.proposal import JoinEvidence, Proposal, ProposalKind, files_of
from federation.governance.domain.trust import Rotation
from federation.governance.services.examine import Examine
from federation.governance.services.ports import Engine, Reader, StewardFolder
from federation.governance.services.views import ProposalView
from federation.ground.clock import Clock
from protocol.documents import to_moment
from protocol.ids import NodeId
from protocol.roster import Bonuses, Policy

Step = Callable[[Published, datetime], Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """What to change in the policy; None leaves it as it is."""

    board_interval: int | None = None
    tier_bonus: int | None = None
    no_exact_mentor_bonus: int | None = None

    def apply(self, policy: Policy) -> Policy:
        """The policy after the change."""
        old = policy.bonuses
        return Policy.model_validate(
            {
                **dict(policy),
                "board_interval": policy.board_interval if self.board_interval is None else self.board_interval,
                "bonuses": Bonuses(
                    tier=old.tier if self.tier_bonus is None else self.tier_bonus,
                    no_exact_mentor=(
                        old.no_exact_mentor if self.no_exact_mentor_bonus is None else self.no_exact_mentor_bonus
                    ),
                ),
            }
        )


@dataclass(frozen=True, slots=True)
class Propose:
    """Write a proposal that follows the published roster by one version."""

    reader: Reader
    engine: Engine
    clock: Clock

    def suspend(self, steward: StewardFolder, node: NodeId) -> ProposalView:
        """Stop a member, with this steward's duty key. Raises: DutyKeyMissingError, NotMemberError."""
        duty = steward.duty_key().key_id
        return self.write(
            steward,
            ProposalKind.SUSPEND,
            lambda published, now: changes.suspend(published.content, node, duty=duty, kept=published.kept, now=now),
            subject=node,
        )

    def resume(self, steward: StewardFolder, node: NodeId) -> ProposalView:
        """Let a member go on. Raises: NotMemberError, NothingToChangeError."""
        return self.write(
            steward,
            ProposalKind.RESUME,
            lambda published, now: changes.resume(published.content, node, published.kept, now),
            subject=node,
        )

    def remove(self, steward: StewardFolder, node: NodeId) -> ProposalView:
        """Let a member leave for good. Raises: NotMemberError, NothingToChangeError."""
        return self.write(
            steward,
            ProposalKind.REMOVE,
            lambda published, now: changes.remove(published.content, node, now),
            subject=node,
        )

    def vouch(self, steward: StewardFolder, node: NodeId, mentees: int) -> ProposalView:
        """Vouch for so many waiting mentees of a member. Raises: NotMemberError, NothingToChangeError."""
        return self.write(
            steward,
            ProposalKind.VOUCH,
            lambda published, now: changes.vouch(published.content, node, mentees, now),
            subject=node,
        )

    def renew(self, steward: StewardFolder) -> ProposalView:
        """Sign the admissions' files for another 90 days."""
        return self.write(steward, ProposalKind.RENEW, lambda published, now: changes.renew(published.content, now))

    def policy(self, steward: StewardFolder, change: PolicyChange) -> ProposalView:
        """Change the rules for everybody. Raises: NothingToChangeError."""
        return self.write(
            steward,
            ProposalKind.POLICY,
            lambda published, now: changes.set_policy(published.content, change.apply(published.content.policy), now),
        )

    def rotate(self, steward: StewardFolder, rotation: Rotation) -> ProposalView:
        """Change who may sign, or renew the root for a year. Raises: the errors of `Trust.check`."""
        return self.write(
            steward,
            ProposalKind.ROOT,
            lambda published, now: changes.rotate(
                published.content, rotation.apply(published.content.trust), published.kept, now
            ),
        )

    def write(
        self,
        steward: StewardFolder,
        kind: ProposalKind,
        step: Step,
        *,
        subject: str = "",
        join: JoinEvidence | None = None,
    ) -> ProposalView:
        """Write the proposal of any step, and show what it would change."""
        published = self.reader.read()
        now = self.clock.now()
        content = step(published, now)
        proposal = Proposal(
            kind=kind,
            made_at=to_moment(now),
            by=steward.card.name,
            exchange=published.exchange,
            base=published.content.versions,
            files=files_of(self.engine.write(content, published.bundle)),
            join=join,
        )
        view = Examine(self.engine, self.reader)(proposal, offline=True).view
        versions = content.versions
        name = f"{kind.value}-r{versions.root}-t{versions.targets}-s{versions.suspensions}.json"
        path = steward.keep_proposal(proposal, name)
        steward.record(Verb.PROPOSED, kind.value, subject)
        return replace(view, file=str(path))
