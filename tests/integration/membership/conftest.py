"""A federation of two programs for every test of this folder."""

from pathlib import Path

import pytest

from tests.support.federation import Federation, Program
from tests.support.forging import Forger


@pytest.fixture
def federation(tmp_path: Path) -> Federation:
    return Federation(tmp_path)


@pytest.fixture
def home(federation: Federation) -> Program:
    return federation.program("home")


@pytest.fixture
def host(federation: Federation, home: Program) -> Program:
    host = federation.program("host")
    home.sync()
    return host


@pytest.fixture
def forger(federation: Federation, home: Program, host: Program) -> Forger:
    """Somebody who writes to the host with home's real keys."""
    return Forger(federation, home, host)
