"""Reading the batches of offers: each is tried with the keys of our open cards, and believed if its host signed it.

An offer names neither card nor host, so that nobody but the card's owner learns who offers what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.board_memory import BoardMemory
from federation.membership.peers import PeerKeys, StatementNeededError
from protocol import jws
from protocol.errors import ProtocolError
from protocol.ids import Digest, NodeId, sha256_hex
from protocol.keys import OpeningKey, VerifyingKey
from protocol.needs import Batch, BoardKind, OfferClaims, claimed_offer, open_offer, verify_batch, verify_offer
from protocol.parsing import unb64u
from protocol.roster import Standing
from protocol.seen import Withheld

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from federation.membership.board_effects import BoardEffects
    from federation.membership.relay import Relay
    from federation.membership.roster import Roster
    from federation.membership.rounds import Mailroom
    from protocol.ids import KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersReader:
    """Finds the offers for our cards among all offers."""

    mailroom: Mailroom
    alerts: Alerts
    effects: BoardEffects

    def read(self, relay: Relay, roster: Roster, now: datetime) -> None:
        """Read every batch of offers that is new to us. Raises: RelayError."""
        memory = BoardMemory(self.mailroom.tables)
        with transaction(self.mailroom.engine) as connection:
            unread = memory.without_offers(connection)
            keys = self.effects.keys(connection) if unread else {}
        for name in unread:
            token = relay.get_batch(BoardKind.OFFERS, name)
            batch = None if token is None else self._verified(name, token, roster, now)
            if token is None or batch is None:
                return
            found = tuple(self._for_us(relay, roster, batch, keys, now))
            with transaction(self.mailroom.engine) as connection:
                before = memory.offers_before(connection, name)
                if before not in {None, batch.previous}:
                    self.alerts.sound(connection, AlertCode.WITHHOLDING, Withheld.BATCH.value, now)
                memory.keep_offers(connection, name, sha256_hex(token))
                for offer in found:
                    self.effects.offered(connection, offer, now)

    def _verified(self, name: str, token: bytes, roster: Roster, now: datetime) -> Batch | None:
        keys = jws.by_id(VerifyingKey.from_jwk(roster.policy.board.sign))
        try:
            return verify_batch(token, keys=keys, kind=BoardKind.OFFERS, batch=name)
        except ProtocolError as error:
            with transaction(self.mailroom.engine) as connection:
                self.alerts.sound(connection, AlertCode.BOARD_REFUSED, error.code, now)
            return None

    def _for_us(
        self, relay: Relay, roster: Roster, batch: Batch, keys: Mapping[Digest, OpeningKey], now: datetime
    ) -> Iterator[OfferClaims]:
        for sealed in batch.offers:
            for card, key in keys.items():
                try:
                    token = open_offer(unb64u(sealed), card, key)
                except ProtocolError:
                    continue  # for a card of somebody else
                offer = self._believed(relay, roster, token, card, now)
                if offer is not None:
                    yield offer
                break

    def _believed(self, relay: Relay, roster: Roster, token: bytes, card: Digest, now: datetime) -> OfferClaims | None:
        """The offer, if a member that takes part signed it; what anybody else wrote is passed over."""
        try:
            claimed = claimed_offer(token)
            host = NodeId(claimed.iss)
            if roster.standing(host) is not Standing.ACTIVE:
                return None
            keys = self._keys_of(relay, roster, host, claimed, now)
            return verify_offer(token, keys=keys, host=host, card=card)
        except (ProtocolError, StatementNeededError):
            return None

    def _keys_of(
        self, relay: Relay, roster: Roster, host: NodeId, claimed: OfferClaims, now: datetime
    ) -> Mapping[KeyId, VerifyingKey]:
        peers = PeerKeys(self.mailroom.tables)
        try:
            with transaction(self.mailroom.engine) as connection:
                return peers.keys(connection, roster, host, claimed.keys, now)
        except StatementNeededError as needed:
            self.mailroom.fetch_keys(relay, roster, needed, now)
        with transaction(self.mailroom.engine) as connection:
            return peers.keys(connection, roster, host, claimed.keys, now)
