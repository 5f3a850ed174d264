"""A real `mentorweave serve` and a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.web.filling import fill
from tests.support.chromium import FLAGS, chromium
from tests.support.served import EMAIL, PASSWORD, Served, serve

__all__ = ["EMAIL", "PASSWORD", "Served"]
expect.set_options(timeout=20_000)  # a busy machine is no reason to fail


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A hosted program of some thirty people, served until the tests are over."""
    with serve(tmp_path_factory.mktemp("filled"), fill, hosted=True) as found:
        yield found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How Chromium is started."""
    return {"executable_path": chromium(), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    """Where pages are, so that tests name paths only."""
    return served.url
