"""A rehearsal (`--dry-run`): everything is read, checked and shown; nothing is kept and nothing is sent."""

from pathlib import Path

from federation.governance.adapters.folder import Folder
from federation.governance.domain.acts import Verb
from federation.governance.domain.cards import StewardCard
from federation.governance.domain.content import Bundle
from federation.governance.domain.proposal import Proposal
from federation.governance.services.ports import Exchange, IssuedCode, JoinProgress, Pin
from protocol.ids import JoinId


class RehearsalFolder(Folder):
    """A folder that is read and never written; what would be kept is remembered until the command ends."""

    _card: StewardCard | None = None
    _pin: Pin | None = None

    @property
    def card(self) -> StewardCard:
        """The card of the steward who would be made, or of the one who is there."""
        return self._card or super().card

    def pin(self) -> Pin | None:
        """The federation that would be trusted, or the one that is."""
        return self._pin or super().pin()

    def keep_pin(self, pin: Pin) -> None:
        """Remember it for this command."""
        self._pin = pin

    def keep_issued(self, code: IssuedCode) -> None:
        """Keep nothing."""

    def keep_proposal(self, proposal: Proposal, name: str) -> Path:  # noqa: ARG002 - kept nowhere
        """Say where the file would be."""
        return self.path / "proposals" / name

    def record(self, verb: Verb, what: str, subject: str = "") -> None:
        """Record nothing."""

    def _keep_steward(self, card: StewardCard, keys: dict[str, dict[str, bytes]]) -> None:
        self._card = card
        self._opened.update(keys)


class RehearsalExchange(Exchange):
    """An exchange that is asked and never told."""

    def __init__(self, real: Exchange) -> None:
        self._real = real

    def publish(self, bundle: Bundle, founding_token: str | None) -> None:
        """Send nothing."""

    def join(self, join: JoinId) -> JoinProgress:
        """Ask the real exchange."""
        return self._real.join(join)

    def challenge(self, join: JoinId, challenge: bytes) -> None:
        """Send nothing."""

    def refuse(self, join: JoinId, refusal: bytes) -> None:
        """Send nothing."""
