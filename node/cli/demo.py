"""`mentorweave demo`: starts the story in a process of its own; the story is told by commands and HTTP alone."""

import signal
import subprocess
import sys
from typing import Annotated

import platformdirs
import typer

from federation.ground.cli import reporter


def demo(once: Annotated[bool, typer.Option("--once", help="End after the last step.")] = False) -> None:
    """Run three programs and an exchange on this machine: two people meet across programs, twice."""
    current = reporter()
    words = ["--once"] if once else []
    if current.json:
        words.append("--json")
    if current.data_dir != platformdirs.user_data_path("mentorweave", appauthor=False).absolute():
        words += ["--data-dir", str(current.data_dir)]
    story = subprocess.Popen([sys.executable, "-m", "node.demo", *words])  # noqa: S603 - ourselves
    signal.signal(signal.SIGTERM, lambda *_: story.terminate())  # who is told to end tells it on
    try:
        code = story.wait()
    except KeyboardInterrupt:
        # The story got the same signal, and ends its servers.
        story.wait()
        raise typer.Exit from None
    raise typer.Exit(code)
