"""A steward, and the exchange where her founders meet: in memory, and the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clock import FakeClock
from tests.support.steward_sites import Founder, MemorySite, RealSite


@pytest.fixture(params=["in memory", "real"])
def founder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Founder]:
    """A steward who has published nothing yet."""
    clock = FakeClock()
    if request.param == "in memory":
        yield Founder(tmp_path / "Ada", MemorySite(clock), clock)
        return
    site = RealSite(tmp_path / "exchange", clock)
    yield Founder(tmp_path / "Ada", site, clock)
    site.close()
