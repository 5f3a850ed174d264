"""The need board in SQL. No row of it names a member, nor the moment something came in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from federation.exchange.adapters.sql.board_tables import BATCHES, BOARD, CARDS, CODES, OFFERS, UPLOADS
from federation.exchange.domain.board import OpenBatch, PostedCard
from protocol.ids import Digest, sha256_hex
from protocol.needs import BoardKind

_PENDING = 0  # closed, and not yet told by a batch
_COUNT_CODE = text(
    """
    INSERT INTO board_codes (pseudonym, code, times, number) VALUES (:pseudonym, :code, 1, :number)
    ON CONFLICT (pseudonym, code) DO UPDATE SET times = board_codes.times + 1, number = excluded.number
    """
)
_CARD = text(
    """
    INSERT INTO board_cards (card_id, pseudonym, code, close, number, card)
    VALUES (:card_id, :pseudonym, :code, :close, :number, :card) ON CONFLICT DO NOTHING
    """
)
_OFFER = text("INSERT INTO board_offers (digest, offer) VALUES (:digest, :offer) ON CONFLICT DO NOTHING")
_UPLOAD = text(
    "INSERT INTO board_uploads (kind, upload, digest) VALUES (:kind, :upload, :digest) ON CONFLICT DO NOTHING"
)


class SqlBoard:
    """Uploads until they are released, released batches, and the counts of codes by pseudonym."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_batch(self) -> OpenBatch | None:
        """The batch that collects uploads."""
        row = self._connection.execute(select(BOARD)).first()
        return None if row is None else OpenBatch(batch=row.batch, number=row.number, opened_at=row.opened_at)

    def open_next(self, batch: OpenBatch) -> None:
        """Collect into `batch` from now on."""
        values = {"batch": batch.batch, "number": batch.number, "opened_at": batch.opened_at}
        if self._connection.execute(update(BOARD).values(**values)).rowcount == 0:
            self._connection.execute(insert(BOARD).values(id=1, **values))

    def upload(self, kind: BoardKind, upload: str, digest: Digest) -> Digest | None:
        """Remember an upload id; the digest of what came under it before, or None."""
        values = {"kind": kind.value, "upload": upload, "digest": digest}
        if self._connection.execute(_UPLOAD, values).rowcount:
            return None
        query = select(UPLOADS.c.digest).where(UPLOADS.c.kind == kind.value, UPLOADS.c.upload == upload)
        return Digest(self._connection.execute(query).scalar_one())

    def code_count(self, pseudonym: str, code: str) -> int:
        """How often `pseudonym` posted `code`."""
        query = select(CODES.c.times).where(CODES.c.pseudonym == pseudonym, CODES.c.code == code)
        return self._connection.scalar(query) or 0

    def codes(self, pseudonym: str) -> int:
        """How many codes `pseudonym` posted."""
        return self._connection.scalar(select(func.count()).where(CODES.c.pseudonym == pseudonym)) or 0

    def open_cards(self, pseudonym: str, since: int) -> int:
        """Cards of `pseudonym` not closed, and not older than batch number `since`."""
        query = select(func.count()).where(
            CARDS.c.pseudonym == pseudonym, CARDS.c.closed.is_(None), CARDS.c.number >= since
        )
        return self._connection.scalar(query) or 0

    def post(self, card: PostedCard) -> bool:
        """Store a card for the next release; whether its id was new."""
        values = {
            "card_id": card.card_id,
            "pseudonym": card.pseudonym,
            "code": card.code,
            "close": card.close,
            "number": card.number,
            "card": card.card,
        }
        if self._connection.execute(_CARD, values).rowcount == 0:
            return False
        counted = {"pseudonym": card.pseudonym, "code": card.code, "number": card.number}
        self._connection.execute(_COUNT_CODE, counted)
        return True

    def close(self, close: Digest) -> None:
        """Close the cards of this `close`; what was never shown is simply gone."""
        self._connection.execute(delete(CARDS).where(CARDS.c.close == close, CARDS.c.released.is_(None)))
        self._connection.execute(
            update(CARDS).where(CARDS.c.close == close, CARDS.c.closed.is_(None)).values(closed=_PENDING)
        )

    def offer(self, offer: str) -> None:
        """Store a sealed offer for the next release."""
        self._connection.execute(_OFFER, {"digest": sha256_hex(offer.encode()), "offer": offer})

    def take_cards(self, number: int, limit: int) -> Sequence[bytes]:
        """Cards to release with batch `number`, sorted by id; they count as released."""
        query = select(CARDS.c.card_id, CARDS.c.card).where(CARDS.c.released.is_(None)).order_by(CARDS.c.card_id)
        rows = self._connection.execute(query.limit(limit)).all()
        if rows:
            last = rows[-1].card_id
            self._connection.execute(
                update(CARDS)
                .where(CARDS.c.released.is_(None), CARDS.c.card_id <= last)
                .values(released=number, number=number)
            )
        return [row.card for row in rows]

    def take_closed(self, number: int, limit: int) -> Sequence[Digest]:
        """Closings to release, sorted."""
        query = select(CARDS.c.close).where(CARDS.c.closed == _PENDING).distinct().order_by(CARDS.c.close).limit(limit)
        found = [Digest(close) for close in self._connection.scalars(query)]
        if found:
            self._connection.execute(
                update(CARDS).where(CARDS.c.closed == _PENDING, CARDS.c.close <= found[-1]).values(closed=number)
            )
        return found

    def take_offers(self, limit: int) -> Sequence[str]:
        """Offers to release, sorted by hash; they are not kept."""
        query = select(OFFERS.c.digest, OFFERS.c.offer).order_by(OFFERS.c.digest).limit(limit)
        rows = self._connection.execute(query).all()
        if rows:
            self._connection.execute(delete(OFFERS).where(OFFERS.c.digest <= rows[-1].digest))
        return [row.offer for row in rows]

    def release(self, kind: BoardKind, batch: OpenBatch, token: bytes, now: datetime) -> None:
        """Store a signed batch; its upload ids are forgotten."""
        self._connection.execute(
            insert(BATCHES).values(
                kind=kind.value,
                batch=batch.batch,
                number=batch.number,
                digest=sha256_hex(token),
                released_at=now,
                token=token,
            )
        )
        self._connection.execute(delete(UPLOADS).where(UPLOADS.c.kind == kind.value))

    def token(self, kind: BoardKind, batch: str) -> bytes | None:
        """One released batch."""
        return self._connection.scalar(
            select(BATCHES.c.token).where(BATCHES.c.kind == kind.value, BATCHES.c.batch == batch)
        )

    def released(self, kind: BoardKind, limit: int) -> Sequence[tuple[str, Digest]]:
        """The newest released batches, newest first, with the digest of their token."""
        query = select(BATCHES.c.batch, BATCHES.c.digest).where(BATCHES.c.kind == kind.value)
        rows = self._connection.execute(query.order_by(BATCHES.c.number.desc()).limit(limit))
        return [(row.batch, Digest(row.digest)) for row in rows]

    def forget(self, *, cards: int, batches: int) -> None:
        """Drop cards and codes older than batch number `cards`, and released batches older than `batches`."""
        self._connection.execute(delete(CARDS).where(CARDS.c.released < cards))
        self._connection.execute(delete(CODES).where(CODES.c.number < cards))
        self._connection.execute(delete(BATCHES).where(BATCHES.c.number < batches))
