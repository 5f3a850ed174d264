"""Signing a proposal: never before its difference to the published roster was shown and confirmed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from federation.governance.domain import changes
from federation.governance.domain.acts import Verb
from federation.governance.domain.content import Bundle
from federation.governance.domain.errors import FederationTakenError, NothingToSignError
from federation.governance.domain.proposal import Proposal, ProposalKind
from federation.governance.domain.trust import RoleName
from federation.governance.services.examine import Examine, Examined
from federation.governance.services.ports import Engine, Pin, PinKind, StewardFolder
from federation.governance.services.views import ProposalView
from federation.ground.clock import Clock
from protocol.keys import Jwk, SigningKey

Confirm = Callable[[ProposalView], None]


@dataclass(frozen=True, slots=True)
class Sign:
    """Add the signatures of every key this steward holds and the proposal needs."""

    engine: Engine
    clock: Clock
    examine: Examine

    def __call__(
        self, steward: StewardFolder, proposal: Proposal, confirm: Confirm, *, offline: bool = False
    ) -> tuple[Proposal, ProposalView]:
        """Returns the signed proposal. `confirm` is shown the difference and raises to stop.

        Raises: NotConfirmedError, NothingToSignError, FederationTakenError and the errors of `Examine`.
        """
        examined = self.examine(proposal, offline=offline)
        if proposal.kind is ProposalKind.FOUND:
            self._check_untaken(steward, proposal)
        confirm(examined.view)
        signed = self._signed(steward, examined)
        if signed == proposal.bundle:
            raise NothingToSignError
        base = None if examined.published is None else examined.published.bundle
        view = replace(examined.view, checks=self.engine.check(signed, base))
        if proposal.kind is ProposalKind.FOUND:
            steward.keep_pin(self._pin(proposal))
        steward.record(Verb.SIGNED, proposal.kind.value, ",".join(f"{c.role}:{len(c.signed)}" for c in view.checks))
        return proposal.carrying(signed), view

    def _signed(self, steward: StewardFolder, examined: Examined) -> Bundle:
        card, bundle = steward.card, self._dated(steward, examined)
        return replace(
            bundle,
            root=self._add(examined, RoleName.ROOT, bundle.root, card.root, steward.root_key),
            targets=self._add(examined, RoleName.TARGETS, bundle.targets, card.admissions, steward.admissions_key),
            suspensions=self._add(examined, RoleName.SUSPENSIONS, bundle.suspensions, card.duty, steward.duty_key),
        )

    def _dated(self, steward: StewardFolder, examined: Examined) -> Bundle:
        # A founding travels for weeks while suspensions last 72 hours: whoever is on duty dates them anew.
        bundle = examined.proposal.bundle
        if examined.published is not None or not _counts(examined, RoleName.SUSPENSIONS, steward.card.duty):
            return bundle
        fresh = self.engine.write(changes.date_founding(examined.content, self.clock.now()), None)
        return replace(bundle, suspensions=fresh.suspensions, suspensions_file=fresh.suspensions_file)

    def _add(
        self,
        examined: Examined,
        role: RoleName,
        metadata: bytes | None,
        public: Jwk | None,
        key: Callable[[], SigningKey],
    ) -> bytes | None:
        if metadata is None or public is None or not _counts(examined, role, public):
            return metadata
        return metadata if self.engine.is_signed_by(metadata, public) else self.engine.sign(metadata, key())

    def _pin(self, proposal: Proposal) -> Pin:
        digest = self.engine.signed_digest(proposal.bundle.root)
        return Pin(exchange=proposal.exchange, root_version=1, sha256=digest, of=PinKind.SIGNED)

    def _check_untaken(self, steward: StewardFolder, proposal: Proposal) -> None:
        # Signing pins the root, so a second founding must not move the trust of a folder that reads a roster already.
        pin = steward.pin()
        known = self.examine.reader.root_file(1)
        if pin is not None and known is not None and pin != self._pin(proposal):
            raise FederationTakenError


def _counts(examined: Examined, role: RoleName, key: Jwk | None) -> bool:
    """Whether a signature by `key` counts for `role`, after the change or, for a root, before it."""
    roles = [examined.content.trust.role(role)]
    if role is RoleName.ROOT and examined.published is not None:
        roles.append(examined.published.content.trust.root)
    return key is not None and any(key.key_id in found.key_ids for found in roles)
