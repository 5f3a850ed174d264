"""The roster and the keys in force: read once per change, kept in memory between changes.

What this process changes holds for the next request; what another replica changes holds within `FRESH_SECONDS`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, select

from federation.exchange.adapters.sql.roster import SqlRosterFiles
from federation.exchange.adapters.sql.tables import EPOCHS, SIGNING_KEYS
from federation.exchange.domain.errors import UnfoundedError
from federation.exchange.domain.publication import Standing
from federation.exchange.domain.roster import Roster
from federation.exchange.services.ports.work import Area
from federation.ground.engine import reading
from protocol.ids import KeyId, NodeId
from protocol.keys import VerifyingKey
from protocol.roster import LIMIT, Members, Policy

_EPOCHS = select(EPOCHS.c.name, EPOCHS.c.number).where(EPOCHS.c.name.in_([Area.ROSTER.value, Area.KEYS.value]))
_COLUMNS = (SIGNING_KEYS.c.node, SIGNING_KEYS.c.raw, SIGNING_KEYS.c.version, SIGNING_KEYS.c.identity)
_KEY = (
    select(*_COLUMNS, SIGNING_KEYS.c.expires_at)
    .where(SIGNING_KEYS.c.key_id == bindparam("key_id"))
    .order_by(SIGNING_KEYS.c.version.desc())
)
_KEYS_OF = select(*_COLUMNS, SIGNING_KEYS.c.expires_at).where(SIGNING_KEYS.c.node == bindparam("node"))

FRESH_SECONDS = 0.2

Epochs = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """A signing key of a member, as published."""

    node: NodeId
    key: VerifyingKey
    version: int
    identity: KeyId
    expires_at: datetime

    def holds(self, roster: Roster, now: datetime) -> bool:
        """Whether it is in force: not past its end, under the identity and the version the roster asks for."""
        member = roster.members.get(self.node)
        return (
            member is not None
            and self.expires_at > now
            and self.version >= member.min_key_version
            and roster.identities.get(self.identity) == self.node
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Roster and keys of one moment; keys are looked up once and then remembered."""

    epochs: Epochs
    roster: Roster
    keys: dict[KeyId, KnownKey] = field(default_factory=dict)
    keys_of: dict[NodeId, tuple[KnownKey, ...]] = field(default_factory=dict)


class SqlDirectory:
    """The roster and the keys in force."""

    def __init__(self, engine: Engine, read_admissions: Callable[[bytes], Mapping[KeyId, VerifyingKey]]) -> None:
        self._engine = engine
        self._read_admissions = read_admissions
        self._view: View | None = None
        self._fresh_until = 0.0

    def refresh(self) -> None:
        """Look at the database for the next request; something changed."""
        self._fresh_until = 0.0

    def roster(self) -> Roster:
        """The published roster. Raises: UnfoundedError."""
        return self._current().roster

    def resolve(self, key_id: KeyId, now: datetime) -> tuple[Roster, KnownKey | None]:
        """The roster, and the signing key named `key_id` if it is in force. Raises: UnfoundedError."""
        view = self._current()
        known = view.keys.get(key_id)
        if known is None:
            with reading(self._engine) as connection:
                known = _read_key(connection, key_id)
        if known is not None:
            view.keys[key_id] = known
        return view.roster, known if known is not None and known.holds(view.roster, now) else None

    def signing_keys(self, node: NodeId, now: datetime) -> Mapping[KeyId, VerifyingKey]:
        """The signing keys of `node` in force at `now`."""
        view = self._current()
        if node not in view.keys_of:
            with reading(self._engine) as connection:
                view.keys_of[node] = tuple(_known(*row) for row in connection.execute(_KEYS_OF, {"node": node}))
        return {known.key.key_id: known.key for known in view.keys_of[node] if known.holds(view.roster, now)}

    def _current(self) -> View:
        view = self._view
        if view is not None and time.monotonic() < self._fresh_until:
            return view
        # Taken before looking: a change that commits meanwhile is looked at again.
        self._fresh_until = time.monotonic() + FRESH_SECONDS
        with reading(self._engine) as connection:
            self._view = view = self._look(connection)
        return view

    def _look(self, connection: Connection) -> View:
        found = {str(row.name): int(row.number) for row in connection.execute(_EPOCHS)}
        epochs = (found.get(Area.ROSTER.value, 0), found.get(Area.KEYS.value, 0))
        view = self._view
        if view is not None and view.epochs == epochs:
            return view
        same_roster = view is not None and view.epochs[0] == epochs[0]
        roster = view.roster if view is not None and same_roster else self._read_roster(connection)
        return View(epochs=epochs, roster=roster)

    def _read_roster(self, connection: Connection) -> Roster:
        files = SqlRosterFiles(connection)
        standing = files.standing()
        if standing is None:
            raise UnfoundedError
        return self._roster(files, standing)

    def _roster(self, files: SqlRosterFiles, standing: Standing) -> Roster:
        return Roster.of(
            standing.versions,
            Members.parse(standing.members_json, limit=LIMIT),
            Policy.parse(standing.policy_json, limit=LIMIT),
            files.sticky(),
            admissions=self._read_admissions(standing.root),
        )


def _read_key(connection: Connection, key_id: KeyId) -> KnownKey | None:
    row = connection.execute(_KEY.limit(1), {"key_id": key_id}).first()
    return None if row is None else _known(*row)


def _known(node: str, raw: bytes, version: int, identity: str, expires_at: datetime) -> KnownKey:
    return KnownKey(
        node=NodeId(node), key=VerifyingKey(raw), version=version, identity=KeyId(identity), expires_at=expires_at
    )
