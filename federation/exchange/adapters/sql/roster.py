"""The published roster in SQL: files under the names a client asks for, and one row that says which are newest."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from federation.exchange.adapters.sql.tables import ROSTER, ROSTER_FILES, STICKY
from federation.exchange.domain.publication import OnlineFiles, Publication, Standing
from federation.exchange.domain.roster import Versions
from protocol.ids import sha256_hex
from protocol.roster import Suspension

_FILE = text(
    """
    INSERT INTO roster_files (name, digest, content) VALUES (:name, :digest, :content)
    ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, content = excluded.content
    """
)


class SqlRosterFiles:
    """Published files."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self) -> Standing | None:
        """What is published; None before the founding."""
        row = self._connection.execute(select(ROSTER)).first()
        if row is None:
            return None
        return Standing(
            versions=Versions(
                root=row.root,
                targets=row.targets,
                suspensions=row.suspensions,
                snapshot=row.snapshot,
                timestamp=row.timestamp,
            ),
            root=self._content(f"{row.root}.root.json"),
            targets=self._content(f"{row.targets}.targets.json"),
            suspensions=self._content(f"{row.suspensions}.suspensions.json"),
            members_json=row.members_json,
            policy_json=row.policy_json,
            suspensions_json=row.suspensions_json,
        )

    def sticky(self) -> frozenset[Suspension]:
        """The suspensions that hold."""
        rows = self._connection.execute(select(STICKY))
        return frozenset(
            Suspension(key=row.key, serial=row.serial, subject=row.subject, since=row.since) for row in rows
        )

    def publish(self, publication: Publication, sticky: frozenset[Suspension]) -> None:
        """Store all of a publication, and replace the sticky suspensions."""
        self._store(publication.files)
        self._connection.execute(delete(STICKY))
        if sticky:
            self._connection.execute(insert(STICKY), [entry.model_dump() for entry in sticky])
        standing = publication.standing
        contents = {
            "members_json": standing.members_json,
            "policy_json": standing.policy_json,
            "suspensions_json": standing.suspensions_json,
        }
        self._write(publication.online, contents)

    def renew(self, online: OnlineFiles) -> None:
        """Store a new snapshot or timestamp."""
        self._write(online, {})

    def expiries(self) -> tuple[datetime, datetime] | None:
        """When snapshot and timestamp expire, or None before the founding."""
        row = self._connection.execute(select(ROSTER.c.snapshot_expires, ROSTER.c.timestamp_expires)).first()
        return None if row is None else (row.snapshot_expires, row.timestamp_expires)

    def file(self, name: str) -> tuple[bytes, str] | None:
        """One published file and its digest."""
        row = self._connection.execute(
            select(ROSTER_FILES.c.content, ROSTER_FILES.c.digest).where(ROSTER_FILES.c.name == name)
        ).first()
        return None if row is None else (row.content, row.digest)

    def _write(self, online: OnlineFiles, contents: dict[str, bytes]) -> None:
        self._store(online.files)
        values = {
            "root": online.versions.root,
            "targets": online.versions.targets,
            "suspensions": online.versions.suspensions,
            "snapshot": online.versions.snapshot,
            "timestamp": online.versions.timestamp,
            "snapshot_expires": online.snapshot_expires,
            "timestamp_expires": online.timestamp_expires,
            **contents,
        }
        if self._connection.execute(update(ROSTER).values(**values)).rowcount == 0:
            self._connection.execute(insert(ROSTER).values(id=1, **values))

    def _store(self, files: Mapping[str, bytes]) -> None:
        rows = [{"name": name, "digest": sha256_hex(content), "content": content} for name, content in files.items()]
        self._connection.execute(_FILE, rows)

    def _content(self, name: str) -> bytes:
        query = select(ROSTER_FILES.c.content).where(ROSTER_FILES.c.name == name)
        content: bytes = self._connection.execute(query).scalar_one()
        return content
