"""A member that records everything learns of no card, and of no offer, whose it is: it guesses by size and no better.

The same attack tells at once where the board shows things in the order they came, or says how many wait.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import anyio
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.exchange.adapters.sql import work
from federation.exchange.adapters.sql.board import SqlBoard
from federation.exchange.app import create_app
from federation.exchange.domain.board import PostedCard
from federation.exchange.settings import ExchangeSettings
from protocol.ids import sha256_hex
from protocol.keys import OpeningKey, VerifyingKey
from protocol.needs import BoardKind, NeedCard, seal_offer
from protocol.parsing import b64u
from protocol.vocabulary import Mode
from tests.support.clock import FakeClock
from tests.support.exchange import Federation, Peer, federation
from tests.support.poster import Poster
from tests.support.recording import FEATURES, Recorder, judge

CARDS = {"hamlet": 2, "town": 4, "city": 5, "region": 9}  # in each batch
OFFERS = {"hamlet": 1, "town": 2, "city": 3, "region": 4}
BATCHES = 8
FALSE_ALARM = 1e-5  # of each guesser; seven of them look at cards, and seven at offers
OCCUPATIONS = [f"{21_000 + number}" for number in range(400)]


@dataclass(slots=True, kw_only=True)
class Year:
    """What the programs did, and what the recorder wrote down of it."""

    recorder: Recorder
    board: VerifyingKey
    whose: dict[str, str] = field(default_factory=dict)

    def rows(self, kind: BoardKind) -> list[tuple[tuple[float, ...], str]]:
        return [(row, self.whose[name]) for name, row in self.recorder.items(kind, self.board).items()]


@dataclass(slots=True, kw_only=True)
class Programs:
    """Programs of uneven sizes, each with a day of the week of its own on which most of its uploads leave."""

    exchange: Federation
    year: Year
    chance: Random
    posters: dict[str, Poster]
    left: dict[str, list[str]] = field(default_factory=dict)

    def a_card(self, name: str) -> NeedCard:
        """A card like everybody's; only the keys are of its own."""
        codes = self.left.setdefault(name, self.chance.sample(OCCUPATIONS, len(OCCUPATIONS)))
        return NeedCard(
            occupation=codes.pop(),
            tier=self.chance.randrange(3),
            mode=self.chance.choice(list(Mode)),
            key=OpeningKey(self.chance.randbytes(32)).public.jwk,
            close=sha256_hex(self.chance.randbytes(32)),
        )

    async def a_week(self, cards: Sequence[NeedCard]) -> list[NeedCard]:
        """Everybody posts at random times of their own day; the recorder looks in between."""
        start = self.exchange.clock.now()
        acts: list[tuple[datetime, str, bool | None]] = []
        for day, name in enumerate(CARDS):
            acts += [(self._moment(start, day), name, True) for _ in range(CARDS[name])]
            acts += [(self._moment(start, day), name, False) for _ in range(OFFERS[name] if cards else 0)]
        acts += [(start + timedelta(days=6) * self.chance.random(), "", None) for _ in range(3)]
        posted = []
        for at, name, is_card in sorted(acts, key=lambda act: act[0]):
            self.exchange.clock.set(at)
            if is_card is None:
                await self.year.recorder.look()
            elif is_card:
                posted.append(await self._post(name))
            else:
                await self._offer(name, self.chance.choice(list(cards)))
        await self.year.recorder.look()
        return posted

    def _moment(self, start: datetime, day: int) -> datetime:
        return start + timedelta(days=1.4 * day + 1.6 * self.chance.random())

    async def _post(self, name: str) -> NeedCard:
        card = self.a_card(name)
        self.year.whose[card.key.x] = name
        assert await self.posters[name].post(card) == (200, "")
        return card

    async def _offer(self, name: str, card: NeedCard) -> None:
        sealed = seal_offer(b"an offer", card)
        self.year.whose[b64u(sealed)] = name
        assert await self.posters[name].upload(BoardKind.OFFERS, sealed) == (200, "")


@asynccontextmanager
async def programs(folder: Path, url: str, seed: int) -> AsyncIterator[Programs]:
    clock = FakeClock(datetime.fromisoformat("2027-01-04T18:00:00+00:00"))
    async with federation(folder, url, clock=clock) as exchange:
        peers = {name: Peer(clock=clock) for name in CARDS}
        watching = Peer(clock=clock)
        await exchange.found(watching, *peers.values())
        posters = {name: Poster(exchange, peer) for name, peer in peers.items()}
        for poster in posters.values():
            await poster.attest(100)
        year = Year(
            recorder=Recorder(exchange=exchange, peer=watching),
            board=VerifyingKey.from_jwk(exchange.stewards.public.board.sign),
        )
        yield Programs(exchange=exchange, year=year, chance=Random(seed), posters=posters)


async def live(folder: Path, url: str, batches: int, seed: int = 5) -> Year:
    """So many batches of the life of a federation, recorded."""
    async with programs(folder, url, seed) as found:
        services = found.exchange.app.state.edge.services
        services.release_batch()
        cards: list[NeedCard] = []
        for _ in range(batches):
            found.year.recorder.period += 1
            start = found.exchange.clock.now()
            cards = await found.a_week(cards)
            found.exchange.clock.set(start + timedelta(weeks=1))
            assert services.release_batch.when_due() is not None
        found.year.recorder.period += 1
        await found.year.recorder.look()
    return found.year


class InOrderOfArrival(SqlBoard):
    """A board that leaks: what came first is shown first."""

    came: list[str] = []  # noqa: RUF012 - a store is made for each transaction, and its order outlives it

    def post(self, card: PostedCard) -> bool:
        self.came.append(sha256_hex(card.card))
        return super().post(card)

    def offer(self, offer: str) -> None:
        self.came.append(sha256_hex(offer.encode()))
        super().offer(offer)

    def take_cards(self, number: int, limit: int) -> Sequence[bytes]:
        return sorted(super().take_cards(number, limit), key=lambda card: self.came.index(sha256_hex(card)))

    def take_offers(self, limit: int) -> Sequence[str]:
        return sorted(super().take_offers(limit), key=lambda offer: self.came.index(sha256_hex(offer.encode())))


class SaysHowManyCame:
    """An HTTP layer that leaks: a header counts uploads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count += scope.get("method") == "PUT" and scope["path"].startswith("/v1/needs/")

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"server-timing", b"queue;dur=%d" % self._count))
            await send(message)

        await self._app(scope, receive, telling)


def leaking_app(settings: ExchangeSettings, clock: FakeClock) -> FastAPI:
    app = create_app(settings, clock)
    app.add_middleware(SaysHowManyCame)
    return app


def guessers() -> dict[str, tuple[int, ...]]:
    """Each feature by itself, and all of them together."""
    return {**{name: (place,) for place, name in enumerate(FEATURES)}, "all": tuple(range(len(FEATURES)))}


def who_knows_more(year: Year, kind: BoardKind) -> set[str]:
    rows = year.rows(kind)
    verdicts = {name: judge(rows, columns, FALSE_ALARM) for name, columns in guessers().items()}
    return {name for name, verdict in verdicts.items() if verdict.knows_more}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("recorded")
    return anyio.run(live, folder, f"sqlite:///{folder}/exchange.sqlite3", BATCHES)


@pytest.mark.parametrize("kind", list(BoardKind))
def test_a_member_that_records_everything_guesses_by_size_and_no_better(recorded: Year, kind: BoardKind) -> None:
    expected = sum((CARDS if kind is BoardKind.NEEDS else OFFERS).values())

    assert len(recorded.rows(kind)) == expected * (BATCHES if kind is BoardKind.NEEDS else BATCHES - 1)
    assert who_knows_more(recorded, kind) == set()


def test_between_two_releases_nothing_a_member_can_fetch_changes(recorded: Year) -> None:
    assert recorded.recorder.changing() == set()
    assert {one.status for one in recorded.recorder.seen} == {200, 404}


def test_all_offers_are_alike_and_no_card_tells_its_author_by_its_length(recorded: Year) -> None:
    sizes = {row[FEATURES.index("size")] for row, _ in recorded.rows(BoardKind.OFFERS)}

    assert len(sizes) == 1


def test_the_same_attack_tells_when_a_board_shows_things_in_the_order_they_came(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InOrderOfArrival, "came", [])
    monkeypatch.setattr(work, "SqlBoard", InOrderOfArrival)

    year = anyio.run(live, tmp_path, sqlite_url, BATCHES)

    assert {"place", "bytes before it", "all"} <= who_knows_more(year, BoardKind.NEEDS)
    assert {"place", "all"} <= who_knows_more(year, BoardKind.OFFERS)


def test_the_same_record_tells_when_an_answer_counts_what_came(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.exchange.create_app", leaking_app)

    year = anyio.run(live, tmp_path, sqlite_url, 1)

    assert "/v1/needs" in year.recorder.changing()
