"""Making a steward, and writing the proposal that founds a federation."""

from dataclasses import dataclass
from pathlib import Path

from federation.governance.domain import changes
from federation.governance.domain.acts import Verb
from federation.governance.domain.cards import ExchangeCard, StewardCard
from federation.governance.domain.content import Versions
from federation.governance.domain.proposal import Proposal, ProposalKind, files_of
from federation.governance.domain.trust import trust_of
from federation.governance.services.ports import Engine, StewardFolder
from federation.ground.clock import Clock
from protocol.documents import to_moment
from protocol.keys import SigningKey
from protocol.roster import Policy
from protocol.vocabulary import vocabulary_hash


@dataclass(frozen=True, slots=True)
class MakeSteward:
    """Make one steward's keys, and the card that names her."""

    def __call__(self, steward: StewardFolder, name: str, *, duty: bool) -> StewardCard:
        """Raises: FolderTakenError."""
        root, admissions = SigningKey.generate(), SigningKey.generate()
        on_duty = SigningKey.generate() if duty else None
        card = StewardCard(
            name=name,
            root=root.public.jwk,
            admissions=admissions.public.jwk,
            duty=None if on_duty is None else on_duty.public.jwk,
        )
        steward.found(card, root=root, admissions=admissions, duty=on_duty)
        steward.record(Verb.MADE_STEWARD, "duty" if duty else "steward")
        return card


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What the founders agreed on."""

    exchange: ExchangeCard
    stewards: tuple[StewardCard, ...]
    root_threshold: int = 1
    targets_threshold: int = 1
    board_interval: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A founding proposal, and where its file is."""

    proposal: Proposal
    path: Path


@dataclass(frozen=True, slots=True)
class FoundFederation:
    """Write the founding proposal: roles, thresholds, policy, and nobody in the roster."""

    engine: Engine
    clock: Clock

    def __call__(self, steward: StewardFolder, charter: Charter) -> Founding:
        """Raises: the errors of `Trust.check`, KeyFormError."""
        now = self.clock.now()
        trust = trust_of(
            charter.exchange,
            charter.stewards,
            root_threshold=charter.root_threshold,
            targets_threshold=charter.targets_threshold,
        )
        policy = Policy(signed_at=to_moment(now), board=charter.exchange.board, vocabulary=vocabulary_hash())
        if charter.board_interval is not None:
            policy = policy.model_copy(update={"board_interval": charter.board_interval})
        proposal = Proposal(
            kind=ProposalKind.FOUND,
            made_at=to_moment(now),
            by=steward.card.name,
            exchange=charter.exchange.url,
            base=Versions(),
            files=files_of(self.engine.write(changes.found(trust, policy, now), None)),
            founding_token=charter.exchange.founding_token,
        )
        path = steward.keep_proposal(proposal, "found.json")
        steward.record(Verb.PROPOSED, ProposalKind.FOUND.value)
        return Founding(proposal=proposal, path=path)
