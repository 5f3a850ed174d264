"""A founded federation with two members on a fresh database of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.exchange import Federation, Peer, federation


@pytest.fixture
async def exchange(tmp_path: Path, exchange_url: str) -> AsyncIterator[Federation]:
    async with federation(tmp_path, exchange_url) as found:
        yield found


@pytest.fixture
async def home(exchange: Federation) -> Peer:
    return Peer(clock=exchange.clock)


@pytest.fixture
async def host(exchange: Federation, home: Peer) -> Peer:
    peer = Peer(clock=exchange.clock)
    await exchange.found(home, peer)
    return peer
