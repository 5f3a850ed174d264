"""The port `Pause`: whoever waits finds that the time has passed, on the clock of a test and on the machine's."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from federation.governance.bootstrap import Desk, World
from federation.governance.services.ports import Pause, Pin, PinKind
from tests.support.roster_site import URL
from tests.support.stewards import Circle, no_passphrase

Wait = tuple[Pause, Callable[[], float]]
"""What waits, and the seconds on its clock."""
STEP = 0.016
"""How coarsely the clocks of some machines tick."""


def pause_of(folder: Path, world: World) -> Pause:
    """The pause that admission is given."""
    desk = Desk(folder, no_passphrase, world, bare=True)
    desk.steward.keep_pin(Pin(exchange=URL, root_version=1, sha256="0" * 64, of=PinKind.FILE))
    return desk.admit().pause


@pytest.fixture(params=["fake", "real"])
def wait(request: pytest.FixtureRequest, tmp_path: Path) -> Wait:
    if request.param == "real":
        return pause_of(tmp_path, World()), monotonic
    circle = Circle(tmp_path)
    return pause_of(tmp_path, circle.world), lambda: circle.clock.now().timestamp()


@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_after_a_pause_that_much_time_has_passed(wait: Wait, seconds: float) -> None:
    pause, seconds_now = wait
    before = seconds_now()

    pause(seconds)

    assert seconds_now() - before >= seconds - STEP


def test_every_pause_is_waited_anew(wait: Wait) -> None:
    pause, seconds_now = wait
    before = seconds_now()

    for _ in range(3):
        pause(0.05)

    assert seconds_now() - before >= 3 * (0.05 - STEP)
