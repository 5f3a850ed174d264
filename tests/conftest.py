"""What every test may rely on: real databases, and a network outside unit tests only."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from federation.ground import keyfile
from tests.support import compiled
from tests.support.databases import database_url, sqlite_url
from tests.support.migrated import exchange_url, node_url
from tests.support.postgres import postgres_server, postgres_url

__all__ = ["database_url", "exchange_url", "node_url", "postgres_server", "postgres_url", "sqlite_url"]

_UNIT = Path(__file__).parent / "unit"

compiled.share()
settings.register_profile("untimed", settings(), deadline=None)  # a loaded machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="module", autouse=True)
def passphrases_stretched_a_little(request: pytest.FixtureRequest) -> Iterator[None]:
    """Outside unit tests, which know the real cost, key files are opened hundreds of times."""
    with pytest.MonkeyPatch.context() as patched:
        if not request.path.is_relative_to(_UNIT):
            patched.setattr(keyfile, "_COST", 64)
            patched.setattr(keyfile, "_COSTS", frozenset({64, 2**15, 2**16}))
        yield


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests (`pytest.mark.anyio`) run on asyncio, as the programs do."""
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave sockets off (the default in pyproject.toml) for unit tests, and on for every other folder."""
    for item in items:
        if not item.path.is_relative_to(_UNIT):
            item.add_marker(pytest.mark.enable_socket)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the half million objects that were loaded and stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
