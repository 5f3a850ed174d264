"""This member's own keys: the identity key it was handed, and the short-lived ones it publishes under it.

Private parts are stored sealed by the program's `KeySeal`. Publishing a statement is `sync`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, delete, func, insert, select, update

from federation.ground.columns import UtcDateTime
from federation.membership.refusals import KeysMissingError
from protocol import jws
from protocol.documents import from_moment, to_moment
from protocol.envelope import LIFETIME as ENVELOPE_LIFETIME
from protocol.keys import OpeningKey, SigningKey, VerifyingKey
from protocol.sealing import UnsealError
from protocol.statements import (
    LIFETIME,
    LIMIT,
    USE_AFTER,
    KeyStatement,
    VerifiedStatement,
    sign_statement,
    verify_statement,
)

if TYPE_CHECKING:
    from federation.membership.tables import MemberTables
    from protocol.ids import KeyId, NodeId

RENEW_BEFORE = timedelta(days=30)
KEEP_OPENING = ENVELOPE_LIFETIME + USE_AFTER  # a sender may hold the old statement for a day
_SIGN, _SEAL = "sign", "seal"
_MOST_KEYS = 4


class KeySeal(Protocol):
    """Seals what must not lie open in the database; `context` names the place, and a seal opens nowhere else."""

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Return `plaintext` sealed."""
        ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Return what `seal` was given."""
        ...


def _place(key: KeyId) -> bytes:
    return f"member_own_key/{key}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this member is to the federation."""

    node: NodeId
    identity: SigningKey
    tables: MemberTables
    seal: KeySeal

    def remembering(self, now: datetime) -> RememberingIdentity:
        """This member for one transaction at `now`."""
        return RememberingIdentity(node=self.node, identity=self.identity, tables=self.tables, seal=self.seal, at=now)

    def first_statement(self, connection: Connection, now: datetime) -> VerifiedStatement:
        """The newest statement; the first one is made here, and usable at once."""
        if self._newest(connection) is None:
            self._issue(connection, now, at_least=1)
        return self.newest(connection)

    def newest(self, connection: Connection) -> VerifiedStatement:
        """The newest statement, published or not. Raises: KeysMissingError."""
        version = self._newest(connection)
        if version is None:
            raise KeysMissingError(node=self.node)
        return self._statement(connection, version)

    def statement(self, connection: Connection, now: datetime) -> VerifiedStatement:
        """The statement that what is signed at `now` names: the newest one others can fetch.

        Raises: KeysMissingError.
        """
        here = {"identity": self.identity.key_id, "at": now}
        row = connection.execute(_published(self.tables), here).first()
        if row is None:
            return self.newest(connection)
        return _verified(row.token, self.node, self.identity.public, row.issued_at)

    def signing_key(self, connection: Connection, now: datetime) -> SigningKey:
        """The key that signs at `now`: a new one takes over 24 h after publication. Raises: KeysMissingError."""
        held = connection.execute(_signing(self.tables), {"identity": self.identity.key_id}).all()
        if not held:
            raise KeysMissingError(node=self.node)
        used = [row for row in held if row.published_at is not None and row.published_at <= now - USE_AFTER]
        row = used[-1] if used else held[0]
        return SigningKey(self.seal.unseal(row.private, _place(row.key)))

    def opening_key(self, connection: Connection, key_id: KeyId) -> OpeningKey:
        """The private key that opens what was sealed to `key_id`. Raises: UnsealError when it is not ours any more."""
        private = connection.scalar(_opening(self.tables), {"name": key_id})
        if private is None:
            raise UnsealError(key=key_id)
        return OpeningKey(self.seal.unseal(private, _place(key_id)))

    def past_keys(self, connection: Connection) -> dict[KeyId, VerifyingKey]:
        """Every key of ours that others may know of: for what we signed long ago and comes home."""
        table = self.tables.own_statement
        versions = connection.scalars(select(table.c.version).where(self._mine(table))).all()
        return {key: value for one in versions for key, value in self._statement(connection, one).keys.items()}

    def take_up(self, connection: Connection, token: bytes, now: datetime) -> bool:
        """Keep a statement of ours that was lost, and publish new keys after it; False when it was not lost.

        Raises: JWS and field errors, StatementError and its kinds.
        """
        found = verify_statement(token, node=self.node, identity=self.identity.public, now=now)
        newest = self._newest(connection) or 0
        if found.version <= newest:
            return False
        table = self.tables.own_statement
        issued = from_moment(KeyStatement.parse(jws.claimed_payload(token, typ=jws.Typ.KEYS), limit=LIMIT).iat)
        connection.execute(
            insert(table).values(
                version=found.version, identity=self.identity.key_id, token=token, issued_at=issued, published_at=now
            )
        )
        self._issue(connection, now, at_least=1)
        return True

    def rotate(self, connection: Connection, now: datetime, *, at_least: int = 1) -> VerifiedStatement:
        """Make new keys, to be published by the next `sync`; unpublished ones are not multiplied."""
        newest = self._newest(connection)
        table = self.tables.own_statement
        waiting = connection.scalar(
            select(table.c.version).where(table.c.version == newest, table.c.published_at.is_(None))
        )
        if newest is None or waiting is None or newest < at_least:
            self._issue(connection, now, at_least=at_least)
        return self.newest(connection)

    def is_due(self, connection: Connection, now: datetime) -> bool:
        """Whether the newest statement ends so soon that new keys should be published."""
        return self.newest(connection).expires_at - now < RENEW_BEFORE

    def unpublished(self, connection: Connection) -> tuple[VerifiedStatement, ...]:
        """Statements that nobody can fetch yet, oldest first."""
        table = self.tables.own_statement
        found = (
            select(table.c.version).where(self._mine(table), table.c.published_at.is_(None)).order_by(table.c.version)
        )
        return tuple(self._statement(connection, version) for version in connection.scalars(found))

    def published(self, connection: Connection, version: int, now: datetime) -> None:
        """Remember that `version` can be fetched; from now on older sealing keys only open what is under way."""
        table, keys = self.tables.own_statement, self.tables.own_key
        connection.execute(
            update(table).where(table.c.version == version, table.c.published_at.is_(None)).values(published_at=now)
        )
        connection.execute(
            update(keys)
            .where(keys.c.purpose == _SEAL, keys.c.version < version, keys.c.retired_at.is_(None))
            .values(retired_at=now)
        )

    def destroy_retired(self, connection: Connection, now: datetime) -> int:
        """Destroy the sealing keys that no letter under way can need any more; returns how many."""
        keys = self.tables.own_key
        return connection.execute(delete(keys).where(keys.c.retired_at <= now - KEEP_OPENING)).rowcount

    def _mine(self, table: Table) -> ColumnElement[bool]:
        # After a rekey the database still holds what the old identity signed; none of that speaks for us any more.
        return table.c.identity == self.identity.key_id

    def _newest(self, connection: Connection) -> int | None:
        table = self.tables.own_statement
        version: int | None = connection.scalar(select(func.max(table.c.version)).where(self._mine(table)))
        return version

    def _statement(self, connection: Connection, version: int) -> VerifiedStatement:
        table = self.tables.own_statement
        row = connection.execute(select(table.c.token, table.c.issued_at).where(table.c.version == version)).one()
        return _verified(row.token, self.node, self.identity.public, row.issued_at)

    def _issue(self, connection: Connection, now: datetime, *, at_least: int) -> None:
        newest, table = self._newest(connection), self.tables.own_statement
        version = max((connection.scalar(select(func.max(table.c.version))) or 0) + 1, at_least)
        previous = None if newest is None else self._statement(connection, newest)
        sign, opening = SigningKey.generate(), OpeningKey.generate()
        older = () if previous is None else previous.signing[: _MOST_KEYS - 1]
        statement = KeyStatement(
            iss=self.node,
            version=version,
            iat=to_moment(now),
            exp=to_moment(now + LIFETIME),
            # What was signed with an older key and is still under way is judged by the newest statement.
            sign=(sign.public.jwk, *(key.jwk for key in older)),
            seal=(opening.public.jwk,),
            prev=None if previous is None else previous.digest,
        )
        token = sign_statement(statement, self.identity)
        connection.execute(
            insert(table).values(
                version=version, identity=self.identity.key_id, token=token, issued_at=now, published_at=None
            )
        )
        self._keep(connection, sign.key_id, _SIGN, sign.seed, version)
        self._keep(connection, opening.key_id, _SEAL, opening.raw, version)

    def _keep(self, connection: Connection, key: KeyId, purpose: str, private: bytes, version: int) -> None:
        sealed = self.seal.seal(private, _place(key))
        connection.execute(
            insert(self.tables.own_key).values(
                key=key, identity=self.identity.key_id, purpose=purpose, version=version, private=sealed
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberingIdentity(Identity):
    """The same member for the length of one transaction: its keys are read once, however many letters it holds."""

    at: datetime
    opening: dict[KeyId, OpeningKey] = field(default_factory=dict)
    signing: list[SigningKey] = field(default_factory=list)
    current: list[VerifiedStatement] = field(default_factory=list)

    def statement(self, connection: Connection, now: datetime) -> VerifiedStatement:
        """See above."""
        if now != self.at:
            return Identity.statement(self, connection, now)
        if not self.current:
            self.current.append(Identity.statement(self, connection, now))
        return self.current[0]

    def signing_key(self, connection: Connection, now: datetime) -> SigningKey:
        """See above."""
        if now != self.at:
            return Identity.signing_key(self, connection, now)
        if not self.signing:
            self.signing.append(Identity.signing_key(self, connection, now))
        return self.signing[0]

    def opening_key(self, connection: Connection, key_id: KeyId) -> OpeningKey:
        """See above."""
        if key_id not in self.opening:
            self.opening[key_id] = Identity.opening_key(self, connection, key_id)
        return self.opening[key_id]


@lru_cache(maxsize=8)  # built once: what is asked with every letter need not be put together with every letter
def _published(tables: MemberTables) -> Select[Any]:
    table = tables.own_statement
    mine = (table.c.identity == bindparam("identity"), table.c.published_at <= bindparam("at", type_=UtcDateTime))
    return select(table.c.token, table.c.issued_at).where(*mine).order_by(table.c.version.desc()).limit(1)


@lru_cache(maxsize=8)
def _signing(tables: MemberTables) -> Select[Any]:
    table, keys = tables.own_statement, tables.own_key
    # After a restore a published statement may name keys that were lost with the disk.
    held = (table.c.identity == bindparam("identity"), keys.c.purpose == _SIGN, keys.c.version == table.c.version)
    return select(keys.c.key, keys.c.private, table.c.published_at).where(*held).order_by(table.c.version)


@lru_cache(maxsize=8)
def _opening(tables: MemberTables) -> Select[Any]:
    keys = tables.own_key
    return select(keys.c.private).where(keys.c.purpose == _SEAL, keys.c.key == bindparam("name"))


@lru_cache(maxsize=64)  # a pure check of the same few tokens, asked for with every letter
def _verified(token: bytes, node: NodeId, identity: VerifyingKey, now: datetime) -> VerifiedStatement:
    return verify_statement(token, node=node, identity=identity, now=now)
