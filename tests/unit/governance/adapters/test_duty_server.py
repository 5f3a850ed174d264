"""The duty server asks at once, and stops when it is told to."""

from pathlib import Path
from threading import Event, Thread

from federation.governance.adapters.duty_server import serve_duty
from federation.ground.clock import SystemClock


def test_a_turn_is_taken_at_once_and_the_server_stops_when_told(tmp_path: Path) -> None:
    taken, stop = Event(), Event()
    server = Thread(target=serve_duty, args=(taken.set, tmp_path, SystemClock(), stop))
    server.start()
    try:
        assert taken.wait(timeout=15)
    finally:
        stop.set()
        server.join(timeout=15)
    assert not server.is_alive()
