"""Statements compiled once for a whole run of the tests, where each of their thousand engines would do it anew.

SQLAlchemy keeps what it compiled with the engine and its dialect; here all engines of one kind keep it together.
"""

from collections.abc import Hashable

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Compiled, Dialect

_Key = tuple[Dialect, *tuple[Hashable, ...]]
_MOST = 5_000


class _Shared(dict[_Key, Compiled]):
    """A cache to which every SQLite dialect is the same, and every PostgreSQL dialect."""

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[tuple[Hashable, ...], Compiled] = {}

    def get(self, key: _Key, default: Compiled | None = None) -> Compiled | None:  # type: ignore[override] # the one use
        return self._held.get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: _Key, compiled: Compiled) -> None:
        if len(self._held) >= _MOST:
            self._held.clear()  # tables of tests of their own that are long gone
        self._held[(key[0].name, *key[1:])] = compiled


_shared = _Shared()


def share() -> None:
    """Let every engine that connects from now on keep its statements with all others of its kind."""
    event.listen(Engine, "engine_connect", _join)


def _join(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_shared)
