"""The need board: anonymous cards, sealed offers, and the signed batch in which the board shows both.

Which cards may be posted, and whom they are weighed against, is the programs' work.
Specification: docs/protocol/09-board.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from protocol import jws
from protocol.bodies import Capability, Ticket
from protocol.documents import Crit, DigestText, Document, KeyIdText, Moment, NodeIdText, UuidText, from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, KeyId, NodeId, sha256_hex
from protocol.keys import Jwk, OpeningKey, SealingKey
from protocol.parsing import unb64u
from protocol.sealing import OVERHEAD, SealLabel, pad, seal, unpad, unseal
from protocol.statements import CLOCK_SKEW, StatementRef
from protocol.vocabulary import LanguageCode, Mode, Tier, UnitGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from protocol.keys import SigningKey, VerifyingKey

CARD_BYTES = 1_024
OFFER_BYTES = 4_096
BATCH_LIMIT = 16_000_000
ATTESTATION_LIMIT = 4_096
MAX_CARDS = 10_000
MAX_OFFERS = 2_500  # of one size, so that a batch of them stays below its limit
_OFFER_CONTENT = OFFER_BYTES - OVERHEAD - 1 - OVERHEAD  # sealed, it fills an upload

BatchId = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-W[0-9]{2}(\.[0-9]{1,6})?$")]
CloseSecret = Ticket
SealedOffer = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=6_000)]


class BoardError(ProtocolError):
    """Something on the board is not acceptable."""

    code = "board-invalid"
    title = "An anonymous request, or an answer to one, is not acceptable."
    remedy = "It is passed over; nothing to do."


class BoardKind(StrEnum):
    """What a batch shows."""

    NEEDS = "needs"
    OFFERS = "offers"


class NeedCard(Document):
    """An anonymous need: no origin, no town, no free text. `language` absent: English or French is fine."""

    occupation: UnitGroup
    language: LanguageCode | None = None
    tier: Tier
    mode: Mode
    key: Jwk
    close: DigestText
    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None
    crit: Crit = ()

    @property
    def card_id(self) -> Digest:
        """The card's published id: SHA-256 of its one-time key."""
        return sha256_hex(unb64u(self.key.x))


class Closing(Document):
    """The secret that closes a card."""

    secret: CloseSecret

    @property
    def close(self) -> Digest:
        """The `close` field of the card it closes."""
        return sha256_hex(unb64u(self.secret))


class NeedUpload(Document):
    """What a home program seals to the board: a card, or the closing of one."""

    card: NeedCard | None = None
    closing: Closing | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.card is None) == (self.closing is None):
            raise ValueError("card")
        return self


class OfferClaims(Document):
    """`mentorweave-offer+jwt`: a host's offer, for the card's owner only."""

    iss: NodeIdText
    card: DigestText
    offer: UuidText
    ticket: Ticket
    capability: Capability
    hold_until: Moment
    iat: Moment
    keys: StatementRef
    crit: Crit = ()


class Batch(Document):
    """`mentorweave-batch+jwt`: everything the board shows for one batch, sorted by hash."""

    batch: BatchId
    kind: BoardKind
    released_at: Moment
    previous: DigestText | None
    cards: Annotated[tuple[NeedCard, ...], Field(max_length=MAX_CARDS)] = ()
    closed: Annotated[tuple[DigestText, ...], Field(max_length=MAX_CARDS)] = ()
    offers: Annotated[tuple[SealedOffer, ...], Field(max_length=MAX_OFFERS)] = ()
    crit: Crit = ()


def _context(kind: BoardKind, batch: str, upload: str) -> bytes:
    return f"{kind.value}/{batch}/{upload}".encode()


def seal_upload(content: bytes, *, kind: BoardKind, batch: str, upload: str, board: SealingKey) -> bytes:
    """`content` sealed to the board, all bodies of one kind of one size. Raises: BoardError when it does not fit."""
    size = (CARD_BYTES if kind is BoardKind.NEEDS else OFFER_BYTES) - OVERHEAD
    if len(content) >= size:
        raise BoardError(size=len(content))
    return seal(pad(content, size), to=board, label=SealLabel.BOARD, context=_context(kind, batch, upload))


def open_upload(sealed: bytes, *, kind: BoardKind, batch: str, upload: str, key: OpeningKey) -> bytes:
    """The content of an upload. Raises: BoardError, UnsealError, PaddingError."""
    if len(sealed) != (CARD_BYTES if kind is BoardKind.NEEDS else OFFER_BYTES):
        raise BoardError(size=len(sealed))
    return unpad(unseal(sealed, key=key, label=SealLabel.BOARD, context=_context(kind, batch, upload)))


def seal_offer(token: bytes, card: NeedCard) -> bytes:
    """A signed offer sealed to the one-time key of `card`; it fills an upload. Raises: BoardError, KeyFormError."""
    if len(token) >= _OFFER_CONTENT:
        raise BoardError(size=len(token))
    to = SealingKey.from_jwk(card.key)
    return seal(pad(token, _OFFER_CONTENT), to=to, label=SealLabel.OFFER, context=bytes.fromhex(card.card_id))


def open_offer(sealed: bytes, card: Digest, key: OpeningKey) -> bytes:
    """The signed offer for `card`. Raises: UnsealError when it is for another card, PaddingError."""
    return unpad(unseal(sealed, key=key, label=SealLabel.OFFER, context=bytes.fromhex(card)))


def sign_batch(batch: Batch, board: SigningKey) -> bytes:
    """`batch` signed by the board."""
    return jws.sign(batch.encode(), typ=jws.Typ.BATCH, key=board)


def verify_batch(token: bytes, *, keys: Mapping[KeyId, VerifyingKey], kind: BoardKind, batch: str) -> Batch:
    """Check that the board signed `token` as this batch. Raises: JWS and field errors, BoardError."""
    verified = jws.verify(token, typ=jws.Typ.BATCH, keys=keys)
    found = Batch.parse(verified.payload, limit=BATCH_LIMIT)
    if found.kind is not kind or found.batch != batch or not _is_sorted(found):
        raise BoardError(batch=batch)
    return found


def _is_sorted(batch: Batch) -> bool:
    """Whether each part stands in the order of its hashes, once, and only where it belongs (09-board 9.4.2)."""
    cards = [card.card_id for card in batch.cards]
    offers = [sha256_hex(offer.encode()) for offer in batch.offers]
    closed = list(batch.closed)
    foreign = offers if batch.kind is BoardKind.NEEDS else [*cards, *closed]
    return not foreign and all(part == sorted(set(part)) for part in (cards, closed, offers))


def read_upload(content: bytes) -> NeedUpload:
    """A card that everybody can use, or a closing (09-board 9.2). Raises: field errors, KeyFormError.

    The board signs its own reading of a card: one with a critical field that it does not know would lose it.
    """
    upload = NeedUpload.parse(content, limit=CARD_BYTES)
    if upload.card is not None:
        NeedCard.check_critical(list(upload.card.crit))
        SealingKey.from_jwk(upload.card.key)
    return upload


def usable_cards(batch: Batch) -> tuple[NeedCard, ...]:
    """The cards that this release understands and can answer; the others are passed over (09-board 9.4.4)."""
    return tuple(card for card in batch.cards if _is_usable(card))


def _is_usable(card: NeedCard) -> bool:
    try:
        NeedCard.check_critical(list(card.crit))
        SealingKey.from_jwk(card.key)
    except ProtocolError:
        return False
    return True


def sign_offer(offer: OfferClaims, key: SigningKey) -> bytes:
    """`offer` as a compact JWS, still to be sealed to its card."""
    return jws.sign(offer.encode(), typ=jws.Typ.OFFER, key=key)


def claimed_offer(token: bytes) -> OfferClaims:
    """The claims of a not yet verified offer: only to find out which host's keys to fetch."""
    return OfferClaims.parse(jws.claimed_payload(token, typ=jws.Typ.OFFER), limit=OFFER_BYTES)


def verify_offer(token: bytes, *, keys: Mapping[KeyId, VerifyingKey], host: NodeId, card: Digest) -> OfferClaims:
    """Check that `host` signed `token` for `card` (09-board 9.3.2). Raises: JWS and field errors, BoardError."""
    jws.verify(token, typ=jws.Typ.OFFER, keys=keys)
    offer = claimed_offer(token)
    if offer.iss != host or offer.card != card:
        raise BoardError(node=host)
    return offer


class Attestation(Document):
    """`mentorweave-attestation+jwt`: how many active mentees wait without a match, said by a named coordinator."""

    iss: NodeIdText
    quarter: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
    waiting: Annotated[int, Field(ge=0, le=100_000)]
    coordinator: KeyIdText
    iat: Moment
    keys: StatementRef
    crit: Crit = ()


def sign_attestation(attestation: Attestation, key: SigningKey) -> bytes:
    """`attestation` as a compact JWS."""
    return jws.sign(attestation.encode(), typ=jws.Typ.ATTESTATION, key=key)


def verify_attestation(
    token: bytes, *, keys: Mapping[KeyId, VerifyingKey], node: NodeId, quarter: str, now: datetime
) -> Attestation:
    """Check that `node` attests `quarter`. Raises: JWS and field errors, BoardError."""
    verified = jws.verify(token, typ=jws.Typ.ATTESTATION, keys=keys)
    found = Attestation.parse(verified.payload, limit=ATTESTATION_LIMIT)
    if (found.iss, found.quarter) != (node, quarter) or from_moment(found.iat) > now + CLOCK_SKEW:
        raise BoardError(node=node)
    return found
