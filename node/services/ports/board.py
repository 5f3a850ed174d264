"""What the program keeps of anonymous requests, and how it speaks to the board: all inside one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.card import Attested, CardOffer, CardWords, Made, OwnCard, Question, QuestionId, ShownCard, Unanswered
from node.domain.matching.points import Bonuses
from node.domain.person import PersonId
from node.domain.request import Offered
from protocol.ids import Digest, NodeId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a batch showed: new cards, and what closes earlier ones."""

    cards: tuple[ShownCard, ...]
    closed: tuple[Digest, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHeard:
    """An offer for a card of ours, whose host signed it."""

    id: QuestionId
    card: Digest
    host: NodeId
    offer: Offered
    ticket: str
    at: datetime


class NeedBoard(Protocol):
    """Says things to the board; they leave with the next batch, or sooner where nobody can tell anything from it."""

    def post(self, words: CardWords, at: datetime) -> Made:
        """Make a card with one-time keys of its own. Raises: NotJoinedError."""
        ...

    def close(self, card: Digest, secret: str) -> None:
        """Close a card of ours; one that did not leave yet never does."""
        ...

    def offer(self, question: QuestionId, card: ShownCard, offer: Offered, ticket: str, at: datetime) -> None:
        """Offer something for a card, to its owner only."""
        ...

    def recall(self, question: QuestionId) -> None:
        """An offer that did not leave yet never does."""
        ...

    def attest(self, said: Attested) -> None:
        """Tell the exchange how many mentees wait."""
        ...

    def vouched(self) -> int:
        """For how many mentees of ours the stewards vouch: as many cards may be open. Raises: NotJoinedError."""
        ...

    def released(self) -> tuple[datetime, ...]:
        """When each batch was released, newest first."""
        ...

    def bonuses(self) -> Bonuses:
        """What the federation adds to the fit."""
        ...


class Cards(Protocol):
    """The cards that the board shows, and what our mentors were asked about them."""

    def add(self, cards: Iterable[ShownCard]) -> None:
        """Keep cards; those that are known already stay as they are."""
        ...

    def get(self, card: Digest) -> ShownCard:
        """One card. Raises: UnknownCardError."""
        ...

    def since(self, at: datetime) -> tuple[ShownCard, ...]:
        """Cards shown at or after a moment."""
        ...

    def close(self, closed: Sequence[Digest]) -> tuple[Digest, ...]:
        """Mark what is closed; the ids of the cards."""
        ...

    def posted(self, since: datetime, until: datetime) -> int:
        """How many of our own the board showed in a time; it outlives the people."""
        ...

    def ask(self, question: Question) -> None:
        """Keep a new question."""
        ...

    def questions(self) -> tuple[Question, ...]:
        """Every question, oldest first."""
        ...

    def unanswered(self) -> tuple[Question, ...]:
        """Questions for whose answer a seat waits, oldest first."""
        ...

    def asked(self, mentor: PersonId) -> tuple[Question, ...]:
        """The questions put to one mentor, oldest first."""
        ...

    def question(self, question: QuestionId) -> Question | None:
        """One question."""
        ...

    def replace(self, question: Question) -> None:
        """Store a changed question. Raises: ChangedMeanwhileError."""
        ...


class Postings(Protocol):
    """Our own anonymous requests, sealed under the keys of our mentees, and the offers that came for them."""

    def add(self, card: OwnCard) -> None:
        """Keep a new one."""
        ...

    def get(self, card: Digest) -> OwnCard:
        """One of them. Raises: UnknownCardError."""
        ...

    def all(self) -> tuple[OwnCard, ...]:
        """Every one, oldest first."""
        ...

    def of(self, person: PersonId) -> tuple[OwnCard, ...]:
        """Those of one mentee, oldest first."""
        ...

    def replace(self, card: OwnCard) -> None:
        """Store a changed one. Raises: ChangedMeanwhileError."""
        ...

    def forget_offers(self, card: Digest) -> None:
        """Keep the offers for it no longer."""
        ...

    def hear(self, offer: CardOffer) -> None:
        """Keep an offer; one that is known already stays as it is."""
        ...

    def offer(self, offer: QuestionId) -> CardOffer:
        """One offer. Raises: UnknownOfferError."""
        ...

    def offers(self, card: Digest) -> tuple[CardOffer, ...]:
        """The offers for one card, oldest first."""
        ...

    def heard(self) -> Mapping[Digest, int]:
        """How many offers came for each card that has any."""
        ...

    def unanswered(self) -> tuple[Unanswered, ...]:
        """Offers for open cards that were neither taken nor passed over, oldest first; nothing sealed is opened."""
        ...

    def taken_in(self, thread: ThreadId) -> CardOffer | None:
        """The offer that was taken in a request, if it began with one."""
        ...

    def answer(self, offer: CardOffer) -> None:
        """Store a changed offer. Raises: ChangedMeanwhileError."""
        ...

    def attest(self, said: Attested) -> None:
        """Remember how many wait, in place of an earlier number of the quarter."""
        ...

    def attested(self, quarter: str) -> Attested | None:
        """What was said of a quarter."""
        ...
