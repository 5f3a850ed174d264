"""Grants in SQL; their wording sealed."""

from sqlalchemy import Connection, Row, insert, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import consents
from node.adapters.sql.versions import replace_row
from node.domain.actor import UserId
from node.domain.consent import Given, Grant, GrantId, Purpose, Withdrawal
from node.domain.errors import UnknownConsentError
from node.domain.person import PersonId


class SqlConsents:
    """The table of consents."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, grant: Grant) -> None:
        """Keep a new grant."""
        values = {
            "id": grant.id,
            "person": grant.person,
            "purpose": grant.purpose,
            "recipient": grant.recipient,
            "concerns": grant.concerns,
            "wording": self._seals.seal(consents.c.wording, grant.person, grant.wording),
            "given": grant.given,
            "granted_at": grant.granted_at,
            "expires_at": grant.expires_at,
            "recorded_by": grant.recorded_by,
            "version": grant.version,
        }
        self._connection.execute(insert(consents).values({**values, **_withdrawn(grant)}))

    def get(self, grant: GrantId) -> Grant:
        """One grant. Raises: UnknownConsentError."""
        row = self._connection.execute(select(consents).where(consents.c.id == grant)).one_or_none()
        if row is None:
            raise UnknownConsentError(consent=grant)
        return self._grant(row)

    def of(self, person: PersonId) -> tuple[Grant, ...]:
        """Every grant of a person, oldest first."""
        statement = select(consents).where(consents.c.person == person).order_by(consents.c.granted_at, consents.c.id)
        return tuple(self._grant(row) for row in self._connection.execute(statement).all())

    def replace(self, grant: Grant) -> None:
        """Store a withdrawn grant. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, consents, grant.id, grant.version, _withdrawn(grant))

    def _grant(self, row: Row[tuple[object, ...]]) -> Grant:
        withdrawal = None
        if row.withdrawn_at is not None:
            given, recorded_by = Given(row.withdrawn_given), UserId(row.withdrawn_recorded_by)
            withdrawal = Withdrawal(at=row.withdrawn_at, given=given, recorded_by=recorded_by)
        return Grant(
            id=GrantId(row.id),
            person=PersonId(row.person),
            purpose=Purpose(row.purpose),
            recipient=row.recipient,
            concerns=row.concerns,
            wording=self._seals.open(consents.c.wording, row.person, row.wording),
            given=Given(row.given),
            granted_at=row.granted_at,
            expires_at=row.expires_at,
            recorded_by=UserId(row.recorded_by),
            withdrawal=withdrawal,
            version=row.version,
        )


def _withdrawn(grant: Grant) -> dict[str, object]:
    if grant.withdrawal is None:
        return {}
    return {
        "withdrawn_at": grant.withdrawal.at,
        "withdrawn_given": grant.withdrawal.given,
        "withdrawn_recorded_by": grant.withdrawal.recorded_by,
    }
