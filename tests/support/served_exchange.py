"""A real exchange, or a need board alone, as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.support.processes import ROOT

SCRIPT = """
import sys
from pathlib import Path
from federation.exchange.serving import serve
from federation.exchange.settings import load_settings
serve(load_settings(Path(sys.argv[1])), port=int(sys.argv[2]))
"""


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """An exchange, or a need board alone, as a real process on a port of its own."""
    command = [sys.executable, "-c", SCRIPT, str(folder), str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=ROOT, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def is_up(url: str) -> bool:
    """Whether the process answers; asked often while it starts, so without what a whole client prepares."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
