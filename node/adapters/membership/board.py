"""The need board in one transaction: own words become sealed cards and signed offers, shown cards become own words."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from federation.membership.board_memory import BoardMemory
from federation.membership.board_uploads import Uploads
from federation.membership.identity import Identity
from federation.membership.links import Links
from federation.membership.refusals import NotJoinedError
from federation.membership.roster_store import RosterStore
from federation.membership.tables import MemberTables
from node.adapters.membership.translation import capability_body, offered_of
from node.domain.card import Attested, CardWords, Made, OwnCard, QuestionId, ShownCard
from node.domain.matching.points import Bonuses
from node.domain.person import OccupationCode
from node.domain.request import Offered
from node.services.ports.board import OfferHeard, Shown
from protocol.documents import from_moment, to_moment
from protocol.ids import Digest, NodeId, sha256_hex
from protocol.keys import Jwk, OpeningKey
from protocol.needs import (
    Attestation,
    Batch,
    BoardKind,
    Closing,
    NeedCard,
    NeedUpload,
    OfferClaims,
    seal_offer,
    sign_attestation,
    sign_offer,
    usable_cards,
)
from protocol.parsing import b64u, unb64u
from protocol.roster import NotMemberError

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPost:
    """Speaks to the board inside the transaction of `connection`."""

    connection: Connection
    tables: MemberTables
    identity: Identity

    def post(self, words: CardWords, at: datetime) -> Made:  # noqa: ARG002 - the port lets an adapter date a card
        """Make a card with one-time keys of its own. Raises: NotJoinedError."""
        Links(self.tables).get(self.connection)
        key, secret = OpeningKey.generate(), os.urandom(_SECRET_BYTES)
        card = NeedCard(
            occupation=words.occupation,
            language=words.language,
            tier=words.tier,
            mode=words.mode,
            key=key.public.jwk,
            close=sha256_hex(secret),
        )
        self._uploads.put(self.connection, BoardKind.NEEDS, card.card_id, NeedUpload(card=card).encode())
        return Made(id=card.card_id, secret=f"{b64u(key.raw)}.{b64u(secret)}")

    def close(self, card: Digest, secret: str) -> None:
        """Close a card of ours; one that did not leave yet never does."""
        if not self._uploads.take_back(self.connection, card):
            closing = NeedUpload(closing=Closing(secret=secret.partition(".")[2]))
            self._uploads.put(self.connection, BoardKind.NEEDS, card, closing.encode())

    def offer(self, question: QuestionId, card: ShownCard, offer: Offered, ticket: str, at: datetime) -> None:
        """Offer something for a card, to its owner only."""
        claims = OfferClaims(
            iss=self.identity.node,
            card=card.id,
            offer=question,
            ticket=ticket,
            capability=capability_body(offer.capability),
            hold_until=to_moment(offer.hold_until),
            iat=to_moment(at),
            keys=self.identity.statement(self.connection, at).ref,
        )
        token = sign_offer(claims, self.identity.signing_key(self.connection, at))
        self._uploads.put(self.connection, BoardKind.OFFERS, question, seal_offer(token, _need_card(card)))

    def recall(self, question: QuestionId) -> None:
        """An offer that did not leave yet never does."""
        self._uploads.take_back(self.connection, question)

    def attest(self, said: Attested) -> None:
        """Tell the exchange how many mentees wait."""
        statement = self.identity.statement(self.connection, said.at)
        attestation = Attestation(
            iss=self.identity.node,
            quarter=said.quarter,
            waiting=said.waiting,
            # Told apart from other members of staff, and not named.
            coordinator=b64u(bytes.fromhex(sha256_hex(f"{self.identity.node}\0{said.by}".encode()))),
            iat=to_moment(said.at),
            keys=statement.ref,
        )
        token = sign_attestation(attestation, self.identity.signing_key(self.connection, said.at))
        self._uploads.attest(self.connection, said.quarter, token)

    def vouched(self) -> int:
        """For how many mentees of ours the stewards vouch: as many cards may be open. Raises: NotJoinedError."""
        Links(self.tables).get(self.connection)
        try:
            return RosterStore(self.tables).get(self.connection).member(self.identity.node).quotas.cards
        except NotMemberError as error:
            raise NotJoinedError from error

    def released(self) -> tuple[datetime, ...]:
        """When each batch was released, newest first."""
        return BoardMemory(self.tables).released(self.connection)

    def bonuses(self) -> Bonuses:
        """What the federation adds to the fit."""
        found = RosterStore(self.tables).get(self.connection).policy.bonuses
        return Bonuses(found.tier, found.no_exact_mentor)

    @property
    def _uploads(self) -> Uploads:
        return Uploads(tables=self.tables, identity=self.identity)


def opening_keys(cards: tuple[OwnCard, ...]) -> Mapping[Digest, OpeningKey]:
    """The one-time keys of cards of ours."""
    return {card.id: OpeningKey(unb64u(card.secret.partition(".")[0])) for card in cards}


def shown_of(batch: Batch) -> Shown:
    """What a batch shows, in our words."""
    at = from_moment(batch.released_at)
    return Shown(
        cards=tuple(_shown_card(card, at) for card in usable_cards(batch)),
        closed=tuple(map(Digest, batch.closed)),
        at=at,
    )


def heard_of(claims: OfferClaims, at: datetime) -> OfferHeard:
    """An offer, in our words."""
    return OfferHeard(
        id=QuestionId(claims.offer),
        card=Digest(claims.card),
        host=NodeId(claims.iss),
        offer=offered_of(claims.capability, claims.hold_until),
        ticket=claims.ticket,
        at=at,
    )


def _shown_card(card: NeedCard, at: datetime) -> ShownCard:
    words = CardWords(
        occupation=OccupationCode(card.occupation), language=card.language, tier=card.tier, mode=card.mode
    )
    return ShownCard(id=card.card_id, words=words, key=card.key.x, close=Digest(card.close), shown_at=at)


def _need_card(card: ShownCard) -> NeedCard:
    words = card.words
    return NeedCard(
        occupation=words.occupation,
        language=words.language,
        tier=words.tier,
        mode=words.mode,
        key=Jwk(kty="OKP", crv="X25519", x=card.key),
        close=card.close,
    )
