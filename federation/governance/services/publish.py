"""Publishing a proposal that enough stewards signed, and reading back what the exchange then serves."""

from dataclasses import dataclass, replace

from federation.governance.domain.acts import Verb
from federation.governance.domain.content import SIGNED_OFFLINE, Bundle, Content
from federation.governance.domain.errors import (
    ProposalExpiredError,
    ProposalsDifferError,
    UnderThresholdError,
)
from federation.governance.domain.proposal import Proposal, ProposalKind
from federation.governance.services.examine import Examine
from federation.governance.services.ports import Engine, Exchange, Reader, StewardFolder
from federation.governance.services.views import PublishedView
from federation.ground.clock import Clock


@dataclass(frozen=True, slots=True)
class Publish:
    """Send a proposal to the exchange, once every threshold is met."""

    engine: Engine
    clock: Clock
    examine: Examine
    exchange: Exchange
    reader: Reader
    rehearses: bool = False

    def __call__(self, steward: StewardFolder, proposals: tuple[Proposal, ...]) -> PublishedView:
        """`proposals` are copies of one proposal, signed apart.

        Raises: UnderThresholdError, ProposalExpiredError, ProposalsDifferError and the errors of `Examine`.
        """
        proposal = joined(self.engine, proposals)
        examined = self.examine(proposal)
        self._check_dates(proposal.bundle, examined.content)
        for check in examined.view.checks:
            if check.missing:
                raise UnderThresholdError(role=check.role.value, signed=len(check.signed), needed=check.threshold)
        self.exchange.publish(proposal.bundle, proposal.founding_token)
        versions = examined.content.versions
        steward.record(
            Verb.PUBLISHED, proposal.kind.value, f"r{versions.root}-t{versions.targets}-s{versions.suspensions}"
        )
        served = versions if self.rehearses else self.reader.read().content.versions
        return PublishedView(
            root_version=served.root, targets_version=served.targets, suspensions_version=served.suspensions
        )

    def _check_dates(self, bundle: Bundle, content: Content) -> None:
        for role in SIGNED_OFFLINE:
            if bundle.metadata(role) is not None and content.expires.of(role) <= self.clock.now():
                raise ProposalExpiredError(role=role.value)


def joined(engine: Engine, proposals: tuple[Proposal, ...]) -> Proposal:
    """One proposal with the signatures of all copies. Raises: ProposalsDifferError."""
    first, *others = proposals
    bundle = first.bundle
    for other in others:
        found = other.bundle
        if first.kind is ProposalKind.FOUND:
            # Each steward on duty dated the first suspensions in her own copy; they say the same, and one is enough.
            found = replace(found, suspensions=bundle.suspensions, suspensions_file=bundle.suspensions_file)
        bundle = replace(
            bundle,
            root=_merged(engine, bundle.root, found.root),
            targets=_merged(engine, bundle.targets, found.targets),
            suspensions=_merged(engine, bundle.suspensions, found.suspensions),
        )
        if replace(found, root=bundle.root, targets=bundle.targets, suspensions=bundle.suspensions) != bundle:
            raise ProposalsDifferError
    return first.carrying(bundle)


def _merged(engine: Engine, one: bytes | None, other: bytes | None) -> bytes | None:
    if one is None or other is None:
        return one or other
    return engine.merge(one, other)
