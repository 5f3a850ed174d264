"""A served node with nothing to do: how soon it is ready, and how much memory it holds."""

import os
import subprocess
import time
from pathlib import Path

from tests.bench.registry import Figure, Size, median
from tests.bench.servers import SCRIPTS, running
from tests.support.commands import INIT

SECONDS = 2.0
MEGABYTES = 150


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    environment = environment_of(folder)
    node = str(SCRIPTS / "mentorweave")
    subprocess.run([node, "init", *INIT, "--unattended"], env=environment, check=True, capture_output=True)
    seconds, resident = [], []
    for _ in range(size.pick(5, 1)):
        start = time.perf_counter()
        with running(node, "serve", "--port", "{port}", environment=environment, ready="/readyz") as server:
            seconds.append(time.perf_counter() - start)
            resident.append(server.resident())
    ready, megabytes = median(seconds), max(resident)
    return [
        Figure(
            what="idle node: ready after", figure=f"{ready:.1f} s", target=f"< {SECONDS:.0f} s", met=ready < SECONDS
        ),
        Figure(
            what="idle node: resident memory",
            figure=f"{megabytes:.0f} MB",
            target=f"< {MEGABYTES} MB",
            met=megabytes < MEGABYTES,
        ),
    ]


def environment_of(folder: Path) -> dict[str, str]:
    """The variables of a node whose data and keys are in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWEAVE_")}
    return kept | {"MENTORWEAVE_DATA_DIR": str(folder / "data"), "MENTORWEAVE_KEYS_DIR": str(folder / "keys")}
