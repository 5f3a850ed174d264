"""`mentorweave demo`: starts the story in a process of its own; the story is told by commands and HTTP alone."""

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
    try:
        done = subprocess.run([sys.executable, "-m", "node.demo", *words], check=False)  # noqa: S603 - ourselves
    except KeyboardInterrupt:
        # The story got the same signal, and has ended its servers.
        raise typer.Exit from None
    raise typer.Exit(done.returncode)
