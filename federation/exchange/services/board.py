"""The need board: open what the relay hands over, weigh it against budgets, release it as signed batches.

Over budget looks exactly like within it. The board knows no member; who may post or read is the relay's matter,
whether it is this process or another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.board import (
    KEPT_BATCHES,
    OPEN_BATCHES,
    BoardView,
    OpenBatch,
    Posted,
    PostedCard,
    Upload,
    first_batch,
    linked_batches,
    within_budget,
)
from federation.exchange.domain.errors import BatchClosedError, NoSuchItemError, TakenError
from federation.exchange.services.ports.board import BoardKeeper
from federation.exchange.services.ports.work import Area
from protocol.documents import to_moment
from protocol.ids import Digest, sha256_hex
from protocol.needs import (
    CARD_BYTES,
    MAX_CARDS,
    MAX_OFFERS,
    Batch,
    BoardKind,
    NeedCard,
    open_upload,
    read_upload,
    sign_batch,
)
from protocol.parsing import b64u

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from federation.exchange.domain.board import BoardKeyring
    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.board import Board
    from federation.exchange.services.ports.work import UnitOfWork, Work
    from federation.ground.clock import Clock
    from protocol.hop import VerifiedHop
    from protocol.needs import NeedUpload

LISTED = 100


def _current(board: Board, now: datetime) -> OpenBatch:
    found = board.open_batch()
    if found is None:
        found = first_batch(now)
        board.open_next(found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBoard(BoardKeeper):
    """The board of this process; `interval` is the time between two releases, in seconds."""

    work: UnitOfWork
    reading: UnitOfWork
    clock: Clock
    keys: BoardKeyring
    interval: Callable[[], int]

    def take(self, kind: BoardKind, upload: Upload) -> None:
        """See the port."""
        content = open_upload(upload.sealed, kind=kind, batch=upload.batch, upload=upload.upload, key=self.keys.seal)
        need = read_upload(content) if kind is BoardKind.NEEDS else None
        with self.work() as work:
            work.lock(Area.BOARD)
            current = _current(work.board, self.clock.now())
            if upload.batch != current.batch:
                raise BatchClosedError(open=current.batch)
            digest = sha256_hex(upload.sealed)
            earlier = work.board.upload(kind, upload.upload, digest)
            if earlier is not None:
                if earlier != digest:
                    raise TakenError(upload="upload")
                return
            if need is None:
                work.board.offer(b64u(content))
            else:
                _take(work.board, need, upload, current.number)

    def batch(self, kind: BoardKind, batch: str) -> bytes | None:
        """See the port."""
        with self.reading() as work:
            return work.board.token(kind, batch)

    def view(self, kind: BoardKind, *, fresh: bool = True) -> BoardView:  # noqa: ARG002 - it is never older here
        """See the port."""
        interval = self.interval()
        with self.reading() as work:
            current = work.board.open_batch() or first_batch(self.clock.now())
            released: Sequence[tuple[str, Digest]] = work.board.released(kind, LISTED)
        return BoardView(
            open=current.batch, closes_at=current.closes_at(interval), released=tuple(name for name, _ in released)
        )


def _take(board: Board, need: NeedUpload, upload: Upload, number: int) -> None:
    if need.closing is not None:
        board.close(need.closing.close)
    if need.card is not None and within_budget(_posted(board, upload.pseudonym, need.card, number), upload.budget):
        board.post(_card(need.card, upload.pseudonym, number))


def _posted(board: Board, pseudonym: str, card: NeedCard, number: int) -> Posted:
    return Posted(
        open_cards=board.open_cards(pseudonym, number - OPEN_BATCHES + 1),
        codes=board.codes(pseudonym),
        same_code=board.code_count(pseudonym, card.occupation),
    )


def _card(card: NeedCard, pseudonym: str, number: int) -> PostedCard:
    return PostedCard(
        card_id=card.card_id,
        pseudonym=pseudonym,
        code=card.occupation,
        close=Digest(card.close),
        card=card.encode(),
        number=number,
    )


@dataclass(frozen=True, slots=True)
class ReleaseBatch:
    """Close the open batch, sign what it shows, and open the next one."""

    work: UnitOfWork
    reading: UnitOfWork
    clock: Clock
    keys: BoardKeyring
    interval: Callable[[], int]

    def when_due(self) -> str | None:
        """Release if the open batch's time has come; the batch released, or None."""
        now = self.clock.now()
        interval = self.interval()
        with self.reading() as work:
            seen = work.board.open_batch()
        if seen is not None and now < seen.closes_at(interval):
            return None
        with self.work() as work:
            work.lock(Area.BOARD)
            current = _current(work.board, now)
            if now < current.closes_at(interval):
                return None
            return self._release(work, current, now)

    def __call__(self, batch: str | None = None) -> str:
        """Release now, by hand; `batch` guards against releasing twice. Raises: BatchClosedError."""
        now = self.clock.now()
        with self.work() as work:
            work.lock(Area.BOARD)
            current = _current(work.board, now)
            if batch not in {None, current.batch}:
                raise BatchClosedError(open=current.batch)
            return self._release(work, current, now)

    def _release(self, work: Work, current: OpenBatch, now: datetime) -> str:
        board = work.board
        cards = board.take_cards(current.number, MAX_CARDS)
        closed = board.take_closed(current.number, MAX_CARDS)
        offers = board.take_offers(MAX_OFFERS)
        parsed = tuple(NeedCard.parse(card, limit=CARD_BYTES) for card in cards)
        self._sign(board, BoardKind.NEEDS, current, now, cards=parsed, closed=tuple(closed))
        self._sign(board, BoardKind.OFFERS, current, now, offers=tuple(offers))
        board.open_next(current.following(now))
        board.forget(cards=current.number - linked_batches(self.interval()), batches=current.number - KEPT_BATCHES)
        return current.batch

    def _sign(
        self,
        board: Board,
        kind: BoardKind,
        current: OpenBatch,
        now: datetime,
        *,
        cards: tuple[NeedCard, ...] = (),
        closed: tuple[Digest, ...] = (),
        offers: tuple[str, ...] = (),
    ) -> None:
        previous = board.released(kind, 1)
        shown = Batch(
            batch=current.batch,
            kind=kind,
            released_at=to_moment(now),
            previous=previous[0][1] if previous else None,
            cards=cards,
            closed=closed,
            offers=offers,
        )
        board.release(kind, current, sign_batch(shown, self.keys.sign), now)


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Show the board to active members."""

    work: UnitOfWork
    clock: Clock
    board: BoardKeeper

    def batch(self, caller: Caller, kind: BoardKind, batch: str) -> bytes:
        """One released batch, signed by the board. Raises: SuspendedError, NoSuchItemError, BoardUnreachableError."""
        self._admit(caller)
        token = self.board.batch(kind, batch)
        if token is None:
            raise NoSuchItemError(kind="batch")
        return token

    def overview(self, caller: Caller, kind: BoardKind) -> BoardView:
        """The open batch and the released ones. Raises: SuspendedError, BoardUnreachableError."""
        self._admit(caller)
        return self.board.view(kind)

    def _admit(self, caller: Caller) -> None:
        caller.roster.active(caller.node, self.clock.now())
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)


@dataclass(frozen=True, slots=True)
class ServeRelay:
    """The board's door for its one relay, where that is another process: each signed request counts once."""

    work: UnitOfWork
    board: BoardKeeper

    def take(self, hop: VerifiedHop, kind: BoardKind, upload: Upload) -> None:
        """Raises: HopReplayError, and what the board refuses."""
        self._once(hop)
        self.board.take(kind, upload)

    def batch(self, hop: VerifiedHop, kind: BoardKind, batch: str) -> bytes:
        """One released batch. Raises: HopReplayError, NoSuchItemError."""
        self._once(hop)
        token = self.board.batch(kind, batch)
        if token is None:
            raise NoSuchItemError(kind="batch")
        return token

    def view(self, hop: VerifiedHop, kind: BoardKind) -> BoardView:
        """The open batch and the released ones. Raises: HopReplayError."""
        self._once(hop)
        return self.board.view(kind)

    def _once(self, hop: VerifiedHop) -> None:
        with self.work() as work:
            work.nonces.remember(hop.key_id, hop.nonce, hop.expires)
