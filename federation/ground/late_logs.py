"""Logs of a command: set up when the first line is written, because most commands write none.

Standard output belongs to the answer; a person at a terminal is told of trouble only, on standard error.
"""

import logging
import sys


class _Later(logging.Handler):
    """Stands at the root until there is a line to write."""

    def emit(self, record: logging.LogRecord) -> None:
        """Set the logs up, and write the line there."""
        log_now()
        logging.getLogger().handle(record)


def log_later() -> None:
    """Have the logs set up with the first line; at once where something that writes lines is loaded already."""
    root = logging.getLogger()
    if "structlog" in sys.modules:
        log_now()
    elif not any(isinstance(handler, _Later) for handler in root.handlers):
        root.handlers = [_Later()]


def log_now() -> None:
    """Set the logs up, unless they are."""
    from federation.ground.logs import ensure_logging  # noqa: PLC0415 - what all this is about

    ensure_logging()
