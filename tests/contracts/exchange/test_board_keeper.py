"""What a relay is promised of the need board, kept in its own process and by another one, on both databases."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import anyio
import httpx
import pytest

from federation.exchange.adapters.distant_board import DistantBoard, Patience
from federation.exchange.adapters.sql.work import reading_work, writing_work
from federation.exchange.board_app import create_board_app
from federation.exchange.domain.board import WEEK, BoardKeyring, Upload
from federation.exchange.domain.errors import BatchClosedError, BoardUnreachableError, TakenError
from federation.exchange.founding import BoardCard, init_board
from federation.exchange.services.board import KeptBoard, ReleaseBatch
from federation.exchange.services.ports.board import BoardKeeper
from federation.exchange.settings import load_settings
from federation.ground.engine import make_engine
from protocol.documents import FieldError
from protocol.errors import ProtocolError
from protocol.ids import Digest
from protocol.jws import by_id
from protocol.keys import OpeningKey, SealingKey, SigningKey, VerifyingKey
from protocol.needs import Batch, BoardError, BoardKind, NeedUpload, seal_upload, verify_batch
from protocol.parsing import b64u, unb64u
from protocol.sealing import UnsealError
from tests.support.clock import FakeClock
from tests.support.poster import card

URL = "https://board.example"
SECOND = b"an offer, sealed to a card"
AT_ONCE = Patience(rest_seconds=0)


class Releases(Protocol):
    def __call__(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A board, and how a test releases and reads it."""

    board: BoardKeeper
    release: Releases
    sign: VerifyingKey
    seal: SealingKey

    def upload(self, content: bytes, kind: BoardKind = BoardKind.NEEDS, **other: str) -> Upload:
        batch = other.get("batch") or self.board.view(kind).open
        name = other.get("upload") or b64u(os.urandom(16))
        sealed = seal_upload(content, kind=kind, batch=batch, upload=name, board=self.seal)
        return Upload(batch=batch, upload=name, sealed=sealed, pseudonym=Digest("a" * 64), budget=5)

    def shown(self, kind: BoardKind, batch: str) -> Batch:
        token = self.board.batch(kind, batch)
        assert token is not None
        return verify_batch(token, keys=by_id(self.sign), kind=kind, batch=batch)


class Between(httpx.AsyncBaseTransport):
    """The way from relay to board; `spoil` may lose a request or bend an answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.passed: list[httpx.Request] = []
        self.spoil: Callable[[httpx.Response], httpx.Response] = lambda response: response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.passed.append(request)
        return self.spoil(await self.inner.handle_async_request(request))


@dataclass(slots=True, kw_only=True)
class Apart:
    """A board in a process of its own, as far as it can tell."""

    card: BoardCard
    between: Between
    clock: FakeClock = field(default_factory=FakeClock)

    def connect(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.between, trust_env=False)

    def board(self, key: SigningKey | None = None, patience: Patience = AT_ONCE) -> DistantBoard:
        link = key or SigningKey(unb64u(self.card.link))
        return DistantBoard(URL, link, self.clock, self.connect, patience)


@contextmanager
def apart(folder: Path, url: str) -> Iterator[tuple[Kept, Apart]]:
    public = init_board(folder / "board", URL, url)
    clock = FakeClock()
    app = create_board_app(load_settings(folder / "board"), clock)
    made = Apart(card=public, between=Between(httpx.ASGITransport(app=app)), clock=clock)
    services = app.state.door.services
    yield (
        Kept(
            board=made.board(),
            release=services.release_batch,
            sign=VerifyingKey.from_jwk(public.board.sign),
            seal=SealingKey.from_jwk(public.board.seal),
        ),
        made,
    )
    services.engine.dispose()


@contextmanager
def here(url: str) -> Iterator[Kept]:
    engine, clock = make_engine(url), FakeClock()
    keys = BoardKeyring(sign=SigningKey.generate(), seal=OpeningKey.generate())
    work, look = writing_work(engine, lambda: None), reading_work(engine)
    yield Kept(
        board=KeptBoard(work=work, reading=look, clock=clock, keys=keys, interval=lambda: WEEK),
        release=ReleaseBatch(work, look, clock, keys, lambda: WEEK),
        sign=keys.sign.public,
        seal=keys.seal.public,
    )
    engine.dispose()


@pytest.fixture(params=["here", "apart"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, exchange_url: str) -> Iterator[Kept]:
    if request.param == "here":
        with here(exchange_url) as found:
            yield found
        return
    with apart(tmp_path, exchange_url) as (found, _):
        yield found


@pytest.fixture
def distant(tmp_path: Path, sqlite_url: str) -> Iterator[tuple[Kept, Apart]]:
    with apart(tmp_path, sqlite_url) as found:
        yield found


def test_what_was_taken_is_shown_once_it_is_released_and_not_before(kept: Kept) -> None:
    need = card()
    before = kept.board.view(BoardKind.NEEDS)
    kept.board.take(BoardKind.NEEDS, kept.upload(NeedUpload(card=need).encode()))
    kept.board.take(BoardKind.OFFERS, kept.upload(SECOND, BoardKind.OFFERS))

    assert kept.board.batch(BoardKind.NEEDS, before.open) is None
    batch = kept.release()
    after = kept.board.view(BoardKind.OFFERS)

    assert (before.released, before.open) == ((), batch)
    assert (after.released, after.open != batch) == ((batch,), True)
    assert before.closes_at > FakeClock().now()
    assert kept.shown(BoardKind.NEEDS, batch).cards == (need,)
    assert kept.shown(BoardKind.OFFERS, batch).offers == (b64u(SECOND),)


def test_the_same_upload_again_changes_nothing_and_another_under_its_id_is_refused(kept: Kept) -> None:
    content = NeedUpload(card=card()).encode()
    upload = kept.upload(content)
    for _ in range(2):
        kept.board.take(BoardKind.NEEDS, upload)

    with pytest.raises(TakenError):
        kept.board.take(BoardKind.NEEDS, kept.upload(content, upload=upload.upload))

    assert len(kept.shown(BoardKind.NEEDS, kept.release()).cards) == 1


@pytest.mark.parametrize(
    ("kind", "batch", "content", "refusal"),
    [
        (BoardKind.NEEDS, "2020-W01", NeedUpload(card=card()).encode(), BatchClosedError),
        (BoardKind.NEEDS, "", b'{"card": {}}', FieldError),
        (BoardKind.OFFERS, "", b"", BoardError),
    ],
)
def test_a_refusal_is_the_same_wherever_the_board_is(
    kept: Kept, kind: BoardKind, batch: str, content: bytes, refusal: type[ProtocolError]
) -> None:
    upload = kept.upload(content, batch=batch)  # of the size and for the place of a card

    with pytest.raises(refusal) as caught:
        kept.board.take(kind, upload)

    assert type(caught.value) is refusal
    if refusal is BatchClosedError:
        assert caught.value.params == {"open": kept.board.view(kind).open}


def test_a_seal_for_another_place_is_refused_by_name(kept: Kept) -> None:
    upload = kept.upload(b"{}")
    moved = Upload(
        batch=upload.batch, upload="elsewhere-elsewhere", sealed=upload.sealed, pseudonym=upload.pseudonym, budget=1
    )

    with pytest.raises(UnsealError):
        kept.board.take(BoardKind.NEEDS, moved)


def test_an_answer_lost_on_the_way_loses_and_doubles_nothing(distant: tuple[Kept, Apart]) -> None:
    kept, apart = distant
    upload = kept.upload(NeedUpload(card=card()).encode())

    def lose(response: httpx.Response) -> httpx.Response:
        raise httpx.ReadTimeout("lost", request=apart.between.passed[-1])

    apart.between.spoil = lose
    with pytest.raises(BoardUnreachableError) as caught:
        kept.board.take(BoardKind.NEEDS, upload)
    apart.between.spoil = lambda response: response
    kept.board.take(BoardKind.NEEDS, upload)

    assert caught.value.params == {"retry_after": 30}
    assert len(kept.shown(BoardKind.NEEDS, kept.release()).cards) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(502, text="<html>"),
        httpx.Response(503, json={"code": "too-busy"}),
        httpx.Response(400, json={"code": "hop-time", "params": {"difference": 1}}),
        httpx.Response(404, json={"code": "not-found"}),
        httpx.Response(200, json={"open": "whenever"}),
        httpx.Response(200, text="<html>"),
    ],
)
def test_whatever_a_board_must_not_answer_reads_as_out_of_reach(
    distant: tuple[Kept, Apart], answer: httpx.Response
) -> None:
    kept, apart = distant
    apart.between.spoil = lambda _response: answer

    with pytest.raises(BoardUnreachableError):
        kept.board.view(BoardKind.NEEDS)


def test_a_board_that_failed_is_left_alone_for_a_while(distant: tuple[Kept, Apart]) -> None:
    _, apart = distant
    board = apart.board(patience=Patience(rest_seconds=60))
    apart.between.spoil = lambda _response: httpx.Response(502)
    for _ in range(3):
        with pytest.raises(BoardUnreachableError):
            board.view(BoardKind.NEEDS)

    assert len(apart.between.passed) == 1


def test_what_was_released_is_asked_once_and_the_board_need_not_answer_again(distant: tuple[Kept, Apart]) -> None:
    kept, apart = distant
    board = apart.board(patience=Patience(old_seconds=60, rest_seconds=0))
    batches = [kept.release() for _ in range(5)]
    shown = [board.batch(BoardKind.NEEDS, batch) for batch in batches]
    view = board.view(BoardKind.NEEDS)
    apart.between.spoil = lambda _response: httpx.Response(502)

    assert board.batch(BoardKind.NEEDS, batches[-1]) == shown[-1]
    assert board.view(BoardKind.NEEDS, fresh=False) == view
    with pytest.raises(BoardUnreachableError):
        board.batch(BoardKind.NEEDS, batches[0])  # only the newest few are kept


def test_a_board_hears_its_own_relay_only_and_each_request_once(distant: tuple[Kept, Apart]) -> None:
    kept, apart = distant
    with pytest.raises(BoardUnreachableError):
        apart.board(SigningKey.generate()).view(BoardKind.NEEDS)
    kept.board.view(BoardKind.NEEDS)
    heard = apart.between.passed[-1]

    async def again() -> tuple[httpx.Response, httpx.Response]:
        async with apart.connect() as client:
            return await client.send(heard), await client.get(f"{URL}/v1/board/needs")

    replayed, unsigned = anyio.run(again)

    assert [replayed.json()["code"], unsigned.json()["code"]] == ["hop-replay", "hop-signature"]
