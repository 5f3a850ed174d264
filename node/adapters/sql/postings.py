"""Our own anonymous requests in SQL, sealed under the keys of our mentees; offers for them, and what was attested."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, Select, delete, func, insert, select

from node.adapters.sql.board import read_words, write_words
from node.adapters.sql.request import read_offer, write_offer
from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import BOARD
from node.adapters.sql.versions import replace_row
from node.domain.card import Attested, CardOffer, OwnCard, QuestionId, Unanswered, UnknownCardError, UnknownOfferError
from node.domain.person import PersonId
from protocol.ids import Digest, NodeId, ThreadId


class SqlPostings:
    """The tables of our own cards, of offers for them, and of what was attested."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, card: OwnCard) -> None:
        """Keep a new one."""
        values = {"id": card.id, "person": card.person, **write_words(card.words), "posted_at": card.posted_at}
        self._connection.execute(insert(BOARD.own_cards).values({**values, **self._own(card), "version": card.version}))

    def get(self, card: Digest) -> OwnCard:
        """One of them. Raises: UnknownCardError."""
        found = self._cards(select(BOARD.own_cards).where(BOARD.own_cards.c.id == card))
        if not found:
            raise UnknownCardError(card=card)
        return found[0]

    def all(self) -> tuple[OwnCard, ...]:
        """Every one, oldest first."""
        return self._cards(select(BOARD.own_cards))

    def of(self, person: PersonId) -> tuple[OwnCard, ...]:
        """Those of one mentee, oldest first."""
        return self._cards(select(BOARD.own_cards).where(BOARD.own_cards.c.person == person))

    def replace(self, card: OwnCard) -> None:
        """Store a changed one. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, BOARD.own_cards, card.id, card.version, self._own(card))

    def forget_offers(self, card: Digest) -> None:
        """Keep the offers for it no longer."""
        self._connection.execute(delete(BOARD.offers).where(BOARD.offers.c.card == card))

    def hear(self, offer: CardOffer) -> None:
        """Keep an offer; one that is known already stays as it is."""
        known = select(BOARD.offers.c.id).where(BOARD.offers.c.id == offer.id)
        if self._connection.execute(known).first() is not None:
            return
        person = self.get(offer.card).person
        values = {
            "id": offer.id,
            "card": offer.card,
            "host": offer.host,
            "offer": write_offer(offer.offer),
            "ticket": self._seals.seal(BOARD.offers.c.ticket, person, offer.ticket),
            "heard_at": offer.heard_at,
            "thread": offer.thread,
            "passed": offer.passed,
            "version": offer.version,
        }
        self._connection.execute(insert(BOARD.offers).values(values))

    def offer(self, offer: QuestionId) -> CardOffer:
        """One offer. Raises: UnknownOfferError."""
        found = self._offers(select(BOARD.offers).where(BOARD.offers.c.id == offer))
        if not found:
            raise UnknownOfferError(offer=offer)
        return found[0]

    def offers(self, card: Digest) -> tuple[CardOffer, ...]:
        """The offers for one card, oldest first."""
        return self._offers(select(BOARD.offers).where(BOARD.offers.c.card == card))

    def heard(self) -> Mapping[Digest, int]:
        """How many offers came for each card that has any."""
        card = BOARD.offers.c.card
        found = self._connection.execute(select(card, func.count().label("offers")).group_by(card))
        return {Digest(row.card): row.offers for row in found}

    def unanswered(self) -> tuple[Unanswered, ...]:
        """Offers for open cards that were neither taken nor passed over, oldest first."""
        table, cards = BOARD.offers, BOARD.own_cards
        columns = table.c.id, table.c.host, table.c.offer, table.c.heard_at, cards.c.person
        open_ones = cards.c.ended_at.is_(None), table.c.thread.is_(None), ~table.c.passed
        joined = select(*columns).join(cards, cards.c.id == table.c.card).where(*open_ones)
        return tuple(
            Unanswered(
                offer=QuestionId(row.id),
                person=PersonId(row.person),
                host=NodeId(row.host),
                heard_at=row.heard_at,
                hold_until=read_offer(json.loads(row.offer)).hold_until,
            )
            for row in self._connection.execute(joined.order_by(table.c.heard_at, table.c.id))
        )

    def taken_in(self, thread: ThreadId) -> CardOffer | None:
        """The offer that was taken in a request, if it began with one."""
        return next(iter(self._offers(select(BOARD.offers).where(BOARD.offers.c.thread == thread))), None)

    def answer(self, offer: CardOffer) -> None:
        """Store a changed offer. Raises: ChangedMeanwhileError."""
        values = {"thread": offer.thread, "passed": offer.passed}
        replace_row(self._connection, BOARD.offers, offer.id, offer.version, values)

    def attest(self, said: Attested) -> None:
        """Remember how many wait, in place of an earlier number of the quarter."""
        table = BOARD.attestations
        self._connection.execute(delete(table).where(table.c.quarter == said.quarter))
        values = {"quarter": said.quarter, "waiting": said.waiting, "by": said.by, "at": said.at}
        self._connection.execute(insert(table).values(values))

    def attested(self, quarter: str) -> Attested | None:
        """What was said of a quarter."""
        table = BOARD.attestations
        row = self._connection.execute(select(table).where(table.c.quarter == quarter)).one_or_none()
        return None if row is None else Attested(quarter=row.quarter, waiting=row.waiting, by=row.by, at=row.at)

    def _own(self, card: OwnCard) -> dict[str, object]:
        sealed = self._seals.seal(BOARD.own_cards.c.secret, card.person, card.secret)
        return {"secret": sealed, "ended_at": card.ended_at}

    def _cards(self, wanted: Select[tuple[object, ...]]) -> tuple[OwnCard, ...]:
        table = BOARD.own_cards
        rows = self._connection.execute(wanted.order_by(table.c.posted_at, table.c.id)).all()
        return tuple(
            OwnCard(
                id=Digest(row.id),
                person=PersonId(row.person),
                words=read_words(row),
                secret=self._seals.open(table.c.secret, row.person, row.secret),
                posted_at=row.posted_at,
                ended_at=row.ended_at,
                version=row.version,
            )
            for row in rows
        )

    def _offers(self, wanted: Select[tuple[object, ...]]) -> tuple[CardOffer, ...]:
        rows = self._connection.execute(wanted.order_by(BOARD.offers.c.heard_at, BOARD.offers.c.id)).all()
        return tuple(
            CardOffer(
                id=QuestionId(row.id),
                card=Digest(row.card),
                host=NodeId(row.host),
                offer=read_offer(json.loads(row.offer)),
                ticket=self._seals.open(BOARD.offers.c.ticket, self.get(Digest(row.card)).person, row.ticket),
                heard_at=row.heard_at,
                thread=None if row.thread is None else ThreadId(row.thread),
                passed=row.passed,
                version=row.version,
            )
            for row in rows
        )
