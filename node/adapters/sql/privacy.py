"""What was drawn, agreed to and witnessed, in SQL."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from node.adapters.sql.tables import PRIVACY, program
from node.domain.actor import UserId
from node.domain.audit import Act
from node.domain.budget import Quarter
from node.domain.ledger import LedgerEntry
from node.domain.person import PersonId, Visibility
from node.domain.policy import Agreement
from node.domain.release import Draw
from node.domain.visibility import VisibilityChange

_SALT = 32


class SqlDraws:
    """The table of draws: one row a quarter, so that nothing is drawn twice."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, draw: Draw) -> None:
        """Keep a draw for good."""
        numbers = " ".join(map(str, draw.numbers))
        values = {"quarter": str(draw.quarter), "at": draw.at, "epsilon_milli": draw.epsilon_milli, "numbers": numbers}
        self._connection.execute(insert(PRIVACY.draws).values(values))

    def all(self) -> tuple[Draw, ...]:
        """Every draw, newest first."""
        rows = self._connection.execute(select(PRIVACY.draws).order_by(PRIVACY.draws.c.quarter.desc()))
        return tuple(_draw(row) for row in rows)


class SqlPolicies:
    """The table of yeses to a policy."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, agreement: Agreement) -> None:
        """Remember a yes."""
        values = {"policy": agreement.policy, "at": agreement.at, "by": agreement.by}
        self._connection.execute(insert(PRIVACY.policies).values(values))

    def all(self) -> tuple[Agreement, ...]:
        """Every yes, oldest first."""
        rows = self._connection.execute(select(PRIVACY.policies).order_by(PRIVACY.policies.c.id))
        return tuple(Agreement(policy=row.policy, at=row.at, by=UserId(row.by)) for row in rows)


class SqlVisibilities:
    """The table of changes of visibility. What the ledger is told of one is salted; the salt goes with the person."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, changes: Sequence[VisibilityChange]) -> tuple[str, ...]:
        """Keep changes; returns the hashes under which they may be witnessed."""
        salted = [(change, os.urandom(_SALT)) for change in changes]
        rows = [
            {"person": one.person, "level": int(one.level), "at": one.at, "by": one.by, "salt": salt}
            for one, salt in salted
        ]
        if rows:
            self._connection.execute(insert(PRIVACY.visibilities), rows)
        return tuple(_witnessed(change, salt) for change, salt in salted)

    def of(self, person: PersonId) -> tuple[VisibilityChange, ...]:
        """The history of one mentor, oldest first."""
        table = PRIVACY.visibilities
        rows = self._connection.execute(select(table).where(table.c.person == person).order_by(table.c.at, table.c.id))
        return tuple(_change(row) for row in rows)

    def witnessed(self) -> frozenset[str]:
        """The hashes of every change that is still kept."""
        rows = self._connection.execute(select(PRIVACY.visibilities))
        return frozenset(_witnessed(replace(_change(row), person=row.made_for or row.person), row.salt) for row in rows)


class SqlLedger:
    """The chained ledger."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def last(self) -> LedgerEntry | None:
        """The newest entry; until the work ends nobody else adds one."""
        self._connection.execute(select(program.c.id).with_for_update()).all()
        return self.newest()

    def newest(self) -> LedgerEntry | None:
        """The newest entry, for reading."""
        table = PRIVACY.ledger
        row = self._connection.execute(select(table).order_by(table.c.number.desc()).limit(1)).one_or_none()
        return None if row is None else _entry(row)

    def add(self, entries: Sequence[LedgerEntry]) -> None:
        """Write the next entries."""
        if entries:
            self._connection.execute(insert(PRIVACY.ledger), list(map(asdict, entries)))

    def times(self, since: datetime, until: datetime) -> Mapping[Act, int]:
        """How often each act was done from a moment on, before another."""
        table = PRIVACY.ledger.c
        wanted = select(table.act, func.count()).where(table.at >= since, table.at < until).group_by(table.act)
        return {Act(act): count for act, count in self._connection.execute(wanted)}

    def all(self) -> tuple[LedgerEntry, ...]:
        """Every entry, oldest first."""
        rows = self._connection.execute(select(PRIVACY.ledger).order_by(PRIVACY.ledger.c.number))
        return tuple(_entry(row) for row in rows)


def _draw(row: Row[tuple[object, ...]]) -> Draw:
    return Draw(
        quarter=Quarter.read(row.quarter),
        at=row.at,
        epsilon_milli=row.epsilon_milli,
        numbers=tuple(map(int, row.numbers.split())),
    )


def _change(row: Row[tuple[object, ...]]) -> VisibilityChange:
    return VisibilityChange(person=PersonId(row.person), level=Visibility(row.level), at=row.at, by=UserId(row.by))


def _witnessed(change: VisibilityChange, salt: bytes) -> str:
    said = f"{change.person} {int(change.level)} {change.at.isoformat()} {change.by}"
    return hashlib.sha256(salt + said.encode()).hexdigest()


def _entry(row: Row[tuple[object, ...]]) -> LedgerEntry:
    return LedgerEntry(
        number=row.number,
        at=row.at,
        act=Act(row.act),
        subject=row.subject,
        content=row.content,
        digest=row.digest,
    )
