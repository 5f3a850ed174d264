"""The first line a command writes sets its logs up, on standard error and stripped of what it was given."""

import subprocess
import sys

LINE = """
import logging, sys
from federation.ground.late_logs import log_later
log_later()
log_later()
assert "structlog" not in sys.modules
logging.getLogger("library").info("nobody is told of %s", "Amara")
assert "structlog" not in sys.modules
logging.getLogger("library").warning("trouble with %s", "Amara")
"""


def test_the_first_line_of_trouble_is_written_without_what_was_put_into_it() -> None:
    done = subprocess.run([sys.executable, "-c", LINE], capture_output=True, text=True, check=True)

    assert done.stdout == ""
    assert "trouble with %s" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Amara" not in done.stderr
