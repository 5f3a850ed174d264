"""Recording an error nobody expected: an id for the person, class and place for the log, never a value.

The text of a foreign error may quote what a person wrote (a constraint that names the value, a URL),
so it is never kept; the class and the line of code are enough to find the cause.
"""

import uuid
from traceback import walk_tb
from typing import NewType

_OURS = frozenset({"protocol", "federation", "node"})

IncidentId = NewType("IncidentId", str)


def record_incident(event: str, error: BaseException, **ids: str | int) -> IncidentId:
    """Log an unexpected error under a fresh id and return the id."""
    import structlog  # noqa: PLC0415 - it takes longer to load than most commands run

    incident = IncidentId(uuid.uuid4().hex[:12])
    structlog.get_logger(__name__).error(
        event, incident=incident, error=type(error).__name__, where=place(error), **ids
    )
    return incident


def place(error: BaseException) -> str:
    """Return `module:line` of the innermost frame of ours, else of any; `unknown` for an error never raised."""
    frames = [(str(frame.f_globals.get("__name__")), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in frames if module.partition(".")[0] in _OURS]
    module, line = (ours or frames or [("unknown", 0)])[-1]
    return f"{module}:{line}" if line else module
