"""A need board without seals or an exchange: what is said to it waits until a test releases it."""

from dataclasses import dataclass, field
from datetime import datetime

from node.domain.card import Attested, CardWords, Made, QuestionId, ShownCard
from node.domain.matching.points import USUAL, Bonuses
from node.domain.request import Offered
from node.services.ports.board import NeedBoard
from protocol.ids import Digest, sha256_hex


@dataclass(slots=True)
class FakeNeedBoard(NeedBoard):
    """Fake of `node.services.ports.board.NeedBoard`; `waits` are subjects that did not leave yet."""

    waits: list[str] = field(default_factory=list)
    closed: list[Digest] = field(default_factory=list)
    attested: list[Attested] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def post(self, words: CardWords, at: datetime) -> Made:
        """Make a card."""
        card = sha256_hex(f"{words.exact} {at.isoformat()} {len(self.waits)}".encode())
        self.waits.append(card)
        return Made(id=card, secret="secret")

    def close(self, card: Digest, secret: str) -> None:
        """Close a card."""
        if card in self.waits:
            self.waits.remove(card)
        else:
            self.closed.append(card)

    def offer(self, question: QuestionId, card: ShownCard, offer: Offered, ticket: str, at: datetime) -> None:
        """Offer something."""
        self.waits.append(question)

    def recall(self, question: QuestionId) -> None:
        """Take an offer back."""
        if question in self.waits:
            self.waits.remove(question)

    def attest(self, said: Attested) -> None:
        """Say how many wait."""
        self.attested.append(said)

    def vouched(self) -> int:
        """As many as anybody could wish for."""
        return 1_000

    def released(self) -> tuple[datetime, ...]:
        """What a test released, newest first."""
        return tuple(reversed(self.moments))

    def bonuses(self) -> Bonuses:
        """The usual ones."""
        return USUAL
