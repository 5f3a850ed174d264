"""The audit trail and the list of erasures in SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select

from node.adapters.sql.tables import audit, erasures, people
from node.adapters.vault.file import FileVault
from node.domain.actor import TokenId, UserId
from node.domain.audit import READING, Act, AuditEntry
from node.domain.person import PersonId
from node.services.ports.shelves import Erasure, Reading


class SqlAuditTrail:
    """The table of acts; rows are added and never changed."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, *entries: AuditEntry) -> None:
        """Remember acts."""
        if entries:
            self._connection.execute(insert(audit), [_values(entry) for entry in entries])

    def since(self, at: datetime) -> tuple[AuditEntry, ...]:
        """Acts at or after a moment, oldest first."""
        rows = self._connection.execute(select(audit).where(audit.c.at >= at).order_by(audit.c.id))
        return tuple(map(_entry, rows))

    def about(self, subjects: Iterable[str], limit: int) -> tuple[AuditEntry, ...]:
        """Acts on any of these, newest first, without those by which somebody only read."""
        wanted = select(audit).where(audit.c.subject.in_(sorted(set(subjects))), audit.c.act.not_in(READING))
        return tuple(map(_entry, self._connection.execute(wanted.order_by(audit.c.id.desc()).limit(limit))))

    def readings(self, subjects: Iterable[str]) -> tuple[Reading, ...]:
        """Who read of any of these, who read last first."""
        last = func.max(audit.c.at)
        wanted = select(audit.c.actor, func.count(), last).group_by(audit.c.actor).order_by(last.desc())
        found = wanted.where(audit.c.subject.in_(sorted(set(subjects))), audit.c.act.in_(READING))
        return tuple(Reading(UserId(actor), times, at) for actor, times, at in self._connection.execute(found))

    def older(self, before: datetime) -> int:
        """How many acts were done before a moment."""
        wanted = select(func.count()).select_from(audit).where(audit.c.at < before)
        return self._connection.execute(wanted).scalar_one()

    def tidy(self, before: datetime) -> None:
        """Forget acts done before a moment."""
        self._connection.execute(delete(audit).where(audit.c.at < before))


def _values(entry: AuditEntry) -> dict[str, object]:
    # `asdict` would copy every value deeply, and a look at a board adds many.
    return {"at": entry.at, "actor": entry.actor, "act": entry.act, "subject": entry.subject, "via": entry.via}


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor=UserId(row.actor),
        act=Act(row.act),
        subject=row.subject,
        via=TokenId(row.via) if row.via else None,
    )


class SqlErasures:
    """Tombstones: keyed hashes of the ids of people who were erased."""

    def __init__(self, connection: Connection, vault: FileVault) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._vault = vault

    def add(self, person: PersonId, at: datetime) -> None:
        """Write a tombstone."""
        self.merge([self._vault.tombstone(person)], at)

    def merge(self, tombstones: Sequence[str], at: datetime) -> None:
        """Take over tombstones of another copy of the list."""
        new = sorted(set(tombstones) - set(self.all()))
        if new:
            self._connection.execute(insert(erasures), [{"tombstone": tombstone, "at": at} for tombstone in new])

    def newest(self, limit: int) -> tuple[Erasure, ...]:
        """The newest tombstones, newest first."""
        wanted = select(erasures).order_by(erasures.c.at.desc(), erasures.c.tombstone).limit(limit)
        return tuple(Erasure(row.tombstone, row.at) for row in self._connection.execute(wanted))

    def all(self) -> tuple[str, ...]:
        """Every tombstone."""
        return tuple(self._connection.execute(select(erasures.c.tombstone).order_by(erasures.c.tombstone)).scalars())

    def condemned(self) -> tuple[PersonId, ...]:
        """People who are here although a tombstone names them."""
        tombstones = set(self.all())
        here = self._connection.execute(select(people.c.id).order_by(people.c.id)).scalars()
        return tuple(PersonId(person) for person in here if self._vault.tombstone(person) in tombstones)
