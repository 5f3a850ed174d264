"""A large spreadsheet of people brought in by the command."""

import csv
import subprocess
import time
from pathlib import Path

from tests.bench.idle import environment_of
from tests.bench.registry import Figure, Size
from tests.bench.servers import SCRIPTS
from tests.support.commands import INIT

COLUMNS = ("name", "email", "community", "occupation", "languages")


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    rows = size.pick(50_000, 20)
    environment, sheet = environment_of(folder), folder / "people.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            writer.writerow([f"Person {number}", f"person{number}@example.org", "Redcliff", "21300", "en:8"])
    _command(environment, "init", *INIT, "--unattended")
    checked = _command(environment, "people", "import", str(sheet), "--kind", "mentees", "--dry-run")
    stored = _command(environment, "people", "import", str(sheet), "--kind", "mentees")
    return [
        Figure(what=f"import of {rows} rows: checked only", figure=f"{checked:.1f} s"),
        Figure(what=f"import of {rows} rows: checked, sealed and stored", figure=f"{stored:.1f} s"),
    ]


def _command(environment: dict[str, str], *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([str(SCRIPTS / "mentorweave"), *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - start
