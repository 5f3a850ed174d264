"""The last verified copy of the roster, kept apart from the signed files because those expire and its age counts on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, insert, select, update

from federation.membership.board_memory import BoardMemory
from federation.membership.refusals import RosterUnverifiedError
from federation.membership.roster import Roster
from protocol.roster import LIMIT, Members, Policy, Suspension

if TYPE_CHECKING:
    from federation.membership.tables import MemberTables

_ONLY = 1
_STUCK = TypeAdapter(tuple[Suspension, ...])


@dataclass(frozen=True, slots=True)
class RosterStore:
    """One row: what was verified last."""

    tables: MemberTables

    def find(self, connection: Connection) -> Roster | None:
        """The last verified roster, or None before the first."""
        row = connection.execute(_kept(self.tables)).one_or_none()
        if row is None:
            return None
        return Roster(
            root=row.root,
            targets=row.targets,
            suspensions=row.suspensions,
            targets_expires=row.targets_expires,
            signed_at=row.signed_at,
            members=_members(row.members),
            policy=_policy(row.policy),
            stuck=frozenset(_STUCK.validate_json(row.stuck)),
            verified_at=row.verified_at,
            batch=BoardMemory(self.tables).newest(connection),
        )

    def get(self, connection: Connection) -> Roster:
        """The last verified roster. Raises: RosterUnverifiedError."""
        found = self.find(connection)
        if found is None:
            raise RosterUnverifiedError
        return found

    def keep(self, connection: Connection, roster: Roster) -> None:
        """Replace the last verified roster."""
        table = self.tables.roster_state
        ordered = sorted(roster.stuck, key=lambda entry: (entry.key, entry.serial, entry.subject, entry.since))
        values = {
            "root": roster.root,
            "targets": roster.targets,
            "suspensions": roster.suspensions,
            "targets_expires": roster.targets_expires,
            "signed_at": roster.signed_at,
            "members": roster.members.encode(),
            "policy": roster.policy.encode(),
            "stuck": _STUCK.dump_json(tuple(ordered)),
            "verified_at": roster.verified_at,
        }
        if connection.execute(select(table.c.id)).first() is None:
            connection.execute(insert(table).values(id=_ONLY, **values))
        else:
            connection.execute(update(table).values(**values))


@lru_cache(maxsize=8)  # built once, like all that is asked with every letter
def _kept(tables: MemberTables) -> Select[Any]:
    return select(tables.roster_state)


@lru_cache(maxsize=4)  # the same bytes are asked for with every letter that is written
def _members(raw: bytes) -> Members:
    return Members.parse(raw, limit=LIMIT)


@lru_cache(maxsize=4)
def _policy(raw: bytes) -> Policy:
    return Policy.parse(raw, limit=LIMIT)
