"""Key statements, joinings, summaries and attestations in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from federation.exchange.adapters.sql.tables import ATTESTATIONS, JOININGS, SIGNING_KEYS, STATEMENTS, SUMMARIES
from federation.exchange.domain.join import Joining
from federation.exchange.domain.summary import StoredSummary
from protocol.ids import Digest, JoinId, KeyId, NodeId
from protocol.statements import USE_AFTER, VerifiedStatement
from protocol.summaries import Position

_ATTEST = text(
    """
    INSERT INTO attestations (node, quarter, waiting, iat) VALUES (:node, :quarter, :waiting, :iat)
    ON CONFLICT (node, quarter) DO UPDATE SET waiting = excluded.waiting, iat = excluded.iat
    """
)


class SqlStatements:
    """Key statements by member and version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def token(self, node: NodeId, version: int | None = None) -> bytes | None:
        """One version, or the newest."""
        query = select(STATEMENTS.c.token).where(STATEMENTS.c.node == node).order_by(STATEMENTS.c.version.desc())
        return self._connection.scalar(query if version is None else query.where(STATEMENTS.c.version == version))

    def newest(self, node: NodeId) -> tuple[int, Digest] | None:
        """Version and digest of the newest."""
        query = (
            select(STATEMENTS.c.version, STATEMENTS.c.digest)
            .where(STATEMENTS.c.node == node)
            .order_by(STATEMENTS.c.version.desc())
        )
        row = self._connection.execute(query.limit(1)).first()
        return None if row is None else (row.version, Digest(row.digest))

    def owners(self, keys: Sequence[KeyId]) -> frozenset[NodeId]:
        """Members under whose name any of these signing keys was published."""
        query = select(SIGNING_KEYS.c.node).where(SIGNING_KEYS.c.key_id.in_(keys))
        return frozenset(NodeId(node) for node in self._connection.scalars(query))

    def add(self, statement: VerifiedStatement, identity: KeyId, now: datetime) -> None:
        """Store a statement and its signing keys.

        Keys of earlier statements stay in force a little longer than new ones wait to be used, then retire.
        """
        retired = now + 2 * USE_AFTER
        self._connection.execute(
            update(SIGNING_KEYS)
            .where(SIGNING_KEYS.c.node == statement.node, SIGNING_KEYS.c.expires_at > retired)
            .values(expires_at=retired)
        )
        self._connection.execute(
            insert(STATEMENTS).values(
                node=statement.node,
                version=statement.version,
                digest=statement.digest,
                token=statement.token,
                stored_at=now,
            )
        )
        rows = [
            {
                "key_id": key_id,
                "version": statement.version,
                "node": statement.node,
                "identity": identity,
                "raw": key.raw,
                "expires_at": statement.expires_at,
            }
            for key_id, key in statement.keys.items()
        ]
        self._connection.execute(insert(SIGNING_KEYS), rows)


class SqlJoinings:
    """Requests to join, by the id of their code."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, join: JoinId) -> Joining | None:
        """One of them."""
        row = self._connection.execute(select(JOININGS).where(JOININGS.c.id == join)).first()
        if row is None:
            return None
        return Joining(
            id=JoinId(row.id),
            node=NodeId(row.node),
            identity=KeyId(row.identity),
            identity_raw=row.identity_raw,
            request=row.request,
            asked_at=row.asked_at,
            challenge=row.challenge,
            answer=row.answer,
            refusal=row.refusal,
        )

    def save(self, joining: Joining) -> None:
        """Store or replace one."""
        steps = {"challenge": joining.challenge, "answer": joining.answer, "refusal": joining.refusal}
        changed = self._connection.execute(update(JOININGS).where(JOININGS.c.id == joining.id).values(**steps))
        if changed.rowcount:
            return
        self._connection.execute(
            insert(JOININGS).values(
                id=joining.id,
                node=joining.node,
                identity=joining.identity,
                identity_raw=joining.identity_raw,
                request=joining.request,
                asked_at=joining.asked_at,
                **steps,
            )
        )

    def waiting(self) -> int:
        """How many are stored."""
        return self._connection.scalar(select(func.count()).select_from(JOININGS)) or 0

    def expire(self, before: datetime) -> None:
        """Remove those asked before `before`."""
        self._connection.execute(delete(JOININGS).where(JOININGS.c.asked_at < before))


class SqlSummaries:
    """Published summaries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, node: NodeId) -> StoredSummary | None:
        """The newest of `node`."""
        query = select(SUMMARIES).where(SUMMARIES.c.node == node, SUMMARIES.c.is_newest == 1)
        row = self._connection.execute(query).first()
        return None if row is None else _summary(row.node, row.digest, row.key_version, row.seq, row.expires_at)

    def add(self, summary: StoredSummary, token: bytes) -> None:
        """Store one as the newest."""
        self._connection.execute(update(SUMMARIES).where(SUMMARIES.c.node == summary.node).values(is_newest=0))
        self._connection.execute(
            insert(SUMMARIES).values(
                node=summary.node,
                digest=summary.digest,
                key_version=summary.position.key_version,
                seq=summary.position.seq,
                expires_at=summary.expires_at,
                is_newest=1,
                token=token,
            )
        )

    def token(self, node: NodeId, digest: Digest) -> bytes | None:
        """One summary."""
        return self._connection.scalar(
            select(SUMMARIES.c.token).where(SUMMARIES.c.node == node, SUMMARIES.c.digest == digest)
        )

    def index(self, now: datetime) -> Sequence[StoredSummary]:
        """The newest of every member that is not past its end."""
        columns = (
            SUMMARIES.c.node,
            SUMMARIES.c.digest,
            SUMMARIES.c.key_version,
            SUMMARIES.c.seq,
            SUMMARIES.c.expires_at,
        )
        query = select(*columns).where(SUMMARIES.c.is_newest == 1, SUMMARIES.c.expires_at > now)
        return [_summary(*row) for row in self._connection.execute(query.order_by(SUMMARIES.c.node))]

    def expire(self, now: datetime) -> None:
        """Remove those past their end; the newest stays, because it guards against older ones."""
        self._connection.execute(delete(SUMMARIES).where(SUMMARIES.c.expires_at <= now, SUMMARIES.c.is_newest == 0))


def _summary(node: str, digest: str, key_version: int, seq: int, expires_at: datetime) -> StoredSummary:
    return StoredSummary(
        node=NodeId(node), digest=Digest(digest), position=Position(key_version, seq), expires_at=expires_at
    )


class SqlAttestations:
    """How many mentees wait, as attested."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, node: NodeId, quarter: str) -> tuple[int, int] | None:
        """Number, and the moment it was signed in Unix seconds."""
        query = select(ATTESTATIONS.c.waiting, ATTESTATIONS.c.iat).where(
            ATTESTATIONS.c.node == node, ATTESTATIONS.c.quarter == quarter
        )
        row = self._connection.execute(query).first()
        return None if row is None else (row.waiting, row.iat)

    def put(self, node: NodeId, quarter: str, waiting: int, iat: int) -> None:
        """Store or replace one."""
        self._connection.execute(_ATTEST, {"node": node, "quarter": quarter, "waiting": waiting, "iat": iat})

    def forget(self, before: str) -> None:
        """Drop those of quarters before this one."""
        self._connection.execute(delete(ATTESTATIONS).where(ATTESTATIONS.c.quarter < before))
