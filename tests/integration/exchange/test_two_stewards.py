"""Relay and board as two processes of two stewards: a card and an offer travel, and neither folder tells it all."""

import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from federation.exchange.board_app import create_board_app
from federation.exchange.bootstrap import BoardElsewhereError
from federation.exchange.founding import init_board, init_exchange
from federation.exchange.serving import release_batch
from federation.exchange.settings import ExchangeSettings, load_settings
from federation.ground.engine import make_engine, reading
from node.demo.processes import free_port
from protocol.keys import OpeningKey
from protocol.needs import BoardKind, NeedCard, NeedUpload, open_offer, seal_offer, seal_upload
from protocol.parsing import b64u, unb64u
from tests.support.clock import FakeClock
from tests.support.exchange import URL, Federation, Peer, Stewards, federation
from tests.support.exchange import serving as serving_here
from tests.support.migrated import bring_exchange_to_head
from tests.support.poster import Poster, card
from tests.support.problems import code
from tests.support.served_exchange import is_up, serving
from tests.support.waiting import wait_until

CODE = "21311"


class Loopback(httpx.AsyncHTTPTransport):
    """Brings what is signed for the public address to a port of this machine, as a proxy does."""

    def __init__(self, port: int) -> None:
        super().__init__(trust_env=False)
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@dataclass(slots=True, kw_only=True)
class Story:
    """What was posted, by whom, and what came of it."""

    home: Peer
    host: Peer
    need: NeedCard
    cards: Sequence[NeedCard] = ()
    offers: Sequence[bytes] = ()
    down: list[tuple[int, str]] = field(default_factory=list)
    retry_after: str = ""
    counted: tuple[int, int] = (0, 0)
    after: list[tuple[int, str]] = field(default_factory=list)

    @property
    def of_the_card(self) -> tuple[bytes, ...]:
        """What would tell what was asked for; a code only where it is a word, since digits stand in every digest."""
        secret = (self.need.key.x, self.need.card_id, self.need.close, '"occupation"')
        return (rb"(?<![\w+/-])" + CODE.encode() + rb"(?![\w+/-])", *(re.escape(one.encode()) for one in secret))

    @property
    def of_the_members(self) -> tuple[bytes, ...]:
        """What would tell who asked or answered."""
        return tuple(
            re.escape(name.encode())
            for peer in (self.home, self.host)
            for name in (peer.node, peer.signing.key_id, peer.identity.key_id)
        )


def stored(folder: Path) -> bytes:
    """Every byte a process wrote: its database with the log beside it, settings, and what it logged.

    Also every cell of the database on a line of its own: in the file nothing stands between one and the next.
    """
    files = {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
    databases = [file for file, content in files.items() if content.startswith(b"SQLite format 3\0")]
    return b"\n".join((*files.values(), *(cell for database in databases for cell in cells(database))))


def cells(database: Path) -> Iterator[bytes]:
    """Every value that a database holds."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name the file itself gave
                yield from (cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)


def found_in(content: bytes, patterns: Sequence[bytes]) -> list[bytes]:
    return [pattern for pattern in patterns if re.search(pattern, content)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two folders of two stewards, and the ports of their processes."""

    relay: Path
    board: Path
    relay_port: int
    board_port: int
    metrics_port: int
    stewards: Stewards

    @property
    def settings(self) -> ExchangeSettings:
        return load_settings(self.board)

    @contextmanager
    def board_running(self) -> Iterator[None]:
        with serving(self.board, self.board_port) as process:
            wait_until(
                lambda: is_up(f"http://127.0.0.1:{self.board_port}"), within=60, every=0.1, what="the board answering"
            )
            yield
            measured = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics").raise_for_status().content
            with (self.board / "metrics.txt").open("ab") as kept:
                kept.write(measured)
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    @contextmanager
    def relay_running(self) -> Iterator[None]:
        with serving(self.relay, self.relay_port) as process:
            wait_until(
                lambda: is_up(f"http://127.0.0.1:{self.relay_port}"), within=60, every=0.1, what="the relay answering"
            )
            yield
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Federation]:
        async with httpx.AsyncClient(transport=Loopback(self.relay_port), base_url=URL, timeout=30) as client:
            yield Federation(
                app=FastAPI(),
                settings=load_settings(self.relay),
                clock=self.stewards.clock,
                stewards=self.stewards,
                client=client,
            )


def made(folder: Path) -> Apart:
    relay_port, board_port = free_port(), free_port()
    card_of_board = init_board(folder / "board", f"http://127.0.0.1:{board_port}")
    public = init_exchange(folder / "relay", URL, board=card_of_board)
    (folder / "board" / "board.json").unlink()  # handed over
    metrics_port = free_port()
    with (folder / "board" / "exchange.toml").open("a") as settings:
        settings.write(f"metrics_port = {metrics_port}\n")
    stewards = Stewards(public=public, clock=FakeClock(datetime.now(UTC)))  # noqa: TID251 - two real processes
    return Apart(
        relay=folder / "relay",
        board=folder / "board",
        relay_port=relay_port,
        board_port=board_port,
        metrics_port=metrics_port,
        stewards=stewards,
    )


async def post_and_answer(exchange: Federation, settings: ExchangeSettings) -> Story:
    """A card and an offer, released one after the other."""
    home, host = Peer(clock=exchange.clock), Peer(clock=exchange.clock)
    await exchange.found(home, host)
    asking, answering = Poster(exchange, home), Poster(exchange, host)
    now = exchange.clock.now()
    await asking.attest(5, f"{now.year}-Q{(now.month + 2) // 3}")
    key = OpeningKey.generate()
    story = Story(home=home, host=host, need=card(key, occupation=CODE))
    assert await asking.post(story.need) == (200, "")
    first = release_batch(settings)
    story.cards = (await answering.read(BoardKind.NEEDS, first)).cards
    assert await answering.upload(BoardKind.OFFERS, seal_offer(b"an offer", story.cards[0])) == (200, "")
    offers = (await asking.read(BoardKind.OFFERS, release_batch(settings))).offers
    story.offers = [open_offer(unb64u(offer), story.need.card_id, key) for offer in offers]
    return story


async def without_the_board(exchange: Federation, apart: Apart, story: Story, board: ExitStack) -> None:
    """The board stops, and comes back; an upload made meanwhile comes again, byte for byte."""
    asking = Poster(exchange, story.home)
    batch, upload = await asking.open_batch(), b64u(os.urandom(16))
    content = NeedUpload(card=card(occupation=CODE)).encode()
    body = seal_upload(content, kind=BoardKind.NEEDS, batch=batch, upload=upload, board=asking.board)
    before = uploads_counted(apart.relay)
    board.close()
    path = f"/v1/needs/{batch}/{upload}"
    refused = await exchange.send("PUT", path, peer=story.home, body=body, media="application/octet-stream")
    story.retry_after = refused.headers.get("retry-after", "")
    letters = await exchange.poll(story.home)
    story.down = [code(refused), (letters.status_code, "")]
    story.counted = (before, uploads_counted(apart.relay))
    board.enter_context(apart.board_running())
    with anyio.fail_after(30):
        while (await asking.put(BoardKind.NEEDS, batch, upload, body))[0] != httpx.codes.OK:  # noqa: ASYNC110 - the relay rests
            await anyio.sleep(0.1)
    story.after = [await asking.put(BoardKind.NEEDS, batch, upload, body)]
    story.cards = (*story.cards, *(await asking.read(BoardKind.NEEDS, release_batch(apart.settings))).cards)


def uploads_counted(folder: Path) -> int:
    engine = make_engine(load_settings(folder).url)
    with reading(engine) as connection:
        found = connection.scalar(text("SELECT coalesce(sum(uploads), 0) FROM counters"))
    engine.dispose()
    return int(found or 0)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Apart:
    return made(tmp_path_factory.mktemp("stewards"))


@pytest.fixture(scope="module")
def story(apart: Apart) -> Story:
    async def tell(board: ExitStack) -> Story:
        async with apart.connected() as exchange:
            told = await post_and_answer(exchange, apart.settings)
            await without_the_board(exchange, apart, told, board)
        return told

    with ExitStack() as board, apart.relay_running():
        board.enter_context(apart.board_running())
        return anyio.run(tell, board)


def test_a_card_and_an_offer_travel_through_two_processes(story: Story) -> None:
    assert story.cards[0] == story.need
    assert story.offers == [b"an offer"]


def test_the_relays_files_hold_nothing_of_a_card(apart: Apart, story: Story) -> None:
    content = stored(apart.relay)

    assert found_in(content, story.of_the_card) == []
    assert found_in(content, story.of_the_members)


def test_the_boards_files_hold_no_member(apart: Apart, story: Story) -> None:
    content = stored(apart.board)

    assert found_in(content, story.of_the_members) == []
    assert found_in(content, story.of_the_card)


def test_what_a_board_alone_measures_names_neither_member_nor_code(apart: Apart, story: Story) -> None:
    measured = (apart.board / "metrics.txt").read_bytes()

    assert b'mentorweave_requests_total{method="POST"' in measured
    assert b"waiting_polls" not in measured
    assert found_in(measured, (*story.of_the_members, *story.of_the_card)) == []


@pytest.mark.anyio
async def test_the_same_search_finds_both_where_one_process_does_both(tmp_path: Path, sqlite_url: str) -> None:
    async with federation(tmp_path, sqlite_url) as exchange:
        story = await post_and_answer(exchange, exchange.settings)
        content = stored(tmp_path)

    assert set(found_in(content, story.of_the_card)) == set(story.of_the_card)
    assert found_in(content, story.of_the_members)


def test_each_steward_holds_her_own_secrets_only(apart: Apart) -> None:
    def keys(folder: Path) -> set[str]:
        return {file.name for file in (folder / "keys").iterdir()}

    assert keys(apart.relay) == {"snapshot.key", "timestamp.key", "relay.key", "link.key"}
    assert keys(apart.board) == {"board-sign.key", "board-seal.key"}


def test_while_the_board_is_down_uploads_are_told_to_come_back_and_letters_go_on(story: Story) -> None:
    assert story.down == [(503, "board-unreachable"), (200, "")]
    assert int(story.retry_after) > 0
    assert story.counted[0] == story.counted[1]  # what was not taken costs nothing of the quota


def test_once_the_board_is_back_the_upload_is_taken_once(story: Story) -> None:
    assert story.after == [(200, "")]
    assert [one.occupation for one in story.cards] == [CODE, CODE]


def test_a_batch_is_released_in_the_folder_of_the_board(apart: Apart) -> None:
    with pytest.raises(BoardElsewhereError):
        release_batch(load_settings(apart.relay))


@pytest.mark.anyio
async def test_a_board_alone_releases_by_its_own_clock(tmp_path: Path) -> None:
    init_board(tmp_path, "https://board.example")
    clock = FakeClock()
    app = create_board_app(load_settings(tmp_path), clock)
    services = app.state.door.services
    board = services.serve_relay.board
    # The first look opens the first batch; a slow machine's own first look might come after the week.
    services.release_batch.when_due()

    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        answers = [await client.get(f"https://board.example{path}") for path in ("/healthz", "/readyz", "/v1/needs")]
        clock.advance(timedelta(weeks=1))
        await anyio.to_thread.run_sync(lambda: wait_until(lambda: bool(board.view(BoardKind.NEEDS).released)))

    assert [answer.status_code for answer in answers] == [200, 200, 404]


@pytest.mark.anyio
async def test_a_relay_without_its_board_says_so_and_counts_nothing(tmp_path: Path) -> None:
    clock = FakeClock()
    stewards = made(tmp_path).stewards
    settings = load_settings(tmp_path / "relay")
    bring_exchange_to_head(settings.url)
    async with serving_here(settings, clock, Stewards(public=stewards.public, clock=clock)) as exchange:
        home = Peer(clock=clock)
        await exchange.found(home)
        refused = await Poster(exchange, home).put(BoardKind.NEEDS, "2027-W08", "u" * 22, b"sealed")
        shown = await exchange.send("GET", "/v1/needs", peer=home)
        status = await exchange.send("GET", "/v1/status")

    assert refused == (503, "board-unreachable")
    assert code(shown) == (503, "board-unreachable")
    assert status.json()["board"] is None
    assert uploads_counted(tmp_path / "relay") == 0
