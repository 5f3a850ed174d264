"""Counting the statements that a piece of work sends to a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is sent while this is open, in order."""
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
