"""The published keys of other members, as far as they were seen: the highest statement wins.

Fetching is left to `sync`; here is what is believed, and what has to be fetched first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from protocol import jws
from protocol.documents import from_moment
from protocol.statements import (
    LIMIT,
    KeyStatement,
    StatementForkError,
    StatementRef,
    VerifiedStatement,
    check_succession,
    verify_statement,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables
    from protocol.ids import KeyId, NodeId
    from protocol.keys import VerifyingKey


class StatementNeededError(Exception):
    """A program's keys have to be fetched before its word can be checked; no version means the newest."""

    def __init__(self, node: NodeId, version: int | None) -> None:
        super().__init__(node, version)
        self.node = node
        self.version = version


class RosterNeededError(Exception):
    """The roster has to be renewed before a letter can be judged: it knows less than the letter takes for granted."""


@dataclass(frozen=True, slots=True)
class _Held:
    statement: VerifiedStatement
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class PeerKeys:
    """Key statements of others. They belong to an identity key: after a rekey, history starts anew."""

    tables: MemberTables
    held: dict[NodeId, tuple[_Held, ...]] | None = None
    """What was read already, for the length of one transaction that reads much."""

    def newest(self, connection: Connection, roster: Roster, node: NodeId) -> VerifiedStatement | None:
        """The highest statement seen under the identity key of the roster. Raises: NotMemberError."""
        held = self._held(connection, roster, node)
        return held[0].statement if held else None

    def keys(
        self, connection: Connection, roster: Roster, node: NodeId, ref: StatementRef, now: datetime
    ) -> Mapping[KeyId, VerifyingKey]:
        """The keys that may have signed what names `ref` and is received at `now`.

        Raises: NotMemberError, StatementForkError, StatementNeededError when something newer must be fetched first.
        """
        newest = self.newest(connection, roster, node)
        if newest is None or ref.version > newest.version:
            raise StatementNeededError(node, ref.version)
        if ref.version == newest.version and ref.hash != newest.digest:
            raise StatementForkError(node=node, version=ref.version)
        if not newest.is_current(now) or newest.version < roster.member(node).min_key_version:
            raise StatementNeededError(node, None)
        return newest.keys

    def past_keys(self, connection: Connection, roster: Roster, node: NodeId) -> Mapping[KeyId, VerifyingKey]:
        """Every key ever seen under the identity key: for what was signed long ago and comes again."""
        held = self._held(connection, roster, node)
        return {key: value for each in held for key, value in each.statement.keys.items()}

    def checked_at(self, connection: Connection, roster: Roster, node: NodeId) -> datetime | None:
        """When the newest statement was last asked for. Raises: NotMemberError."""
        held = self._held(connection, roster, node)
        return held[0].checked_at if held else None

    def take(
        self, connection: Connection, roster: Roster, node: NodeId, token: bytes, now: datetime
    ) -> VerifiedStatement:
        """Believe a fetched statement if it holds and is no older than what was seen.

        Raises: NotMemberError, JWS and field errors, StatementError and its kinds.
        """
        identity = roster.identity(node)
        found = verify_statement(
            token, node=node, identity=identity, now=now, min_version=roster.member(node).min_key_version
        )
        newest = self.newest(connection, roster, node)
        check_succession(None if newest is None else newest.ref, found)
        table = self.tables.peer_statement
        here = {"node": node, "identity": identity.key_id, "version": found.version}
        if newest is None or newest.version < found.version:
            connection.execute(insert(table).values(**here, digest=found.digest, token=token, checked_at=now))
        else:
            connection.execute(
                update(table).where(*(table.c[name] == value for name, value in here.items())).values(checked_at=now)
            )
        return found

    def _held(self, connection: Connection, roster: Roster, node: NodeId) -> tuple[_Held, ...]:
        if self.held is not None and node in self.held:
            return self.held[node]
        identity = roster.identity(node)
        rows = connection.execute(_kept(self.tables), {"node": node, "identity": identity.key_id})
        found = tuple(_Held(_at_its_time(row.token, node, identity), row.checked_at) for row in rows)
        if self.held is not None:
            self.held[node] = found
        return found


@lru_cache(maxsize=8)  # built once: what is asked with every letter need not be put together with every letter
def _kept(tables: MemberTables) -> Select[Any]:
    table = tables.peer_statement
    here = (table.c.node == bindparam("node"), table.c.identity == bindparam("identity"))
    return select(table.c.token, table.c.checked_at).where(*here).order_by(table.c.version.desc())


@lru_cache(maxsize=1_024)  # a pure check of the same few tokens, asked for with every letter
def _at_its_time(token: bytes, node: NodeId, identity: VerifyingKey) -> VerifiedStatement:
    issued = KeyStatement.parse(jws.claimed_payload(token, typ=jws.Typ.KEYS), limit=LIMIT).iat
    return verify_statement(token, node=node, identity=identity, now=from_moment(issued))
