"""What a person must know: kept until dismissed, counted instead of repeated, with the evidence sealed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from federation.ground.engine import insert_unless_there
from protocol.hop import HopTimeError

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.identity import KeySeal
    from federation.membership.tables import MemberTables


class AlertCode(StrEnum):
    """Kinds of alerts; the program words them."""

    LINK_DENIED = "link-denied"
    CLOCKS_DIFFER = "clocks-differ"
    EXCHANGE_REFUSED = "exchange-refused"
    LETTER_EXPIRED = "letter-expired"
    LETTER_REFUSED_BY_EXCHANGE = "letter-refused-by-exchange"
    LETTER_REFUSED_BY_PEER = "letter-refused-by-peer"
    LETTER_DISCARDED = "letter-discarded"
    LETTER_FAILED = "letter-failed"
    LETTER_NOT_YET = "letter-not-yet"
    SENDER_UNKNOWN = "sender-unknown"
    SENDER_QUARANTINED = "sender-quarantined"
    RECEIPT_INVALID = "receipt-invalid"
    EQUIVOCATION = "equivocation"
    FORKED_VIEW = "forked-view"
    SECOND_SELF = "second-self"
    THREAD_UNANSWERED = "thread-unanswered"
    WITHHOLDING = "withholding-or-forked"
    ROSTER_REFUSED = "roster-refused"
    BOARD_REFUSED = "board-refused"
    BOARD_SURPLUS = "board-surplus"
    ROSTER_UNREACHABLE = "roster-unreachable"
    STATEMENT_REFUSED = "statement-refused"
    SUMMARY_REFUSED = "summary-refused"
    KEYS_NOT_PUBLISHED = "keys-not-published"


DENIALS = (AlertCode.LINK_DENIED, AlertCode.CLOCKS_DIFFER)
"""What ends by itself as soon as the exchange lets us read again."""


def denial(problem: str) -> AlertCode:
    """What a person is told when the exchange lets us do nothing: of clocks she can see to herself."""
    return AlertCode.CLOCKS_DIFFER if problem == HopTimeError.code else AlertCode.LINK_DENIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to know. `subject` is an id: of a program, a letter, a thread."""

    code: AlertCode
    subject: str
    first_at: datetime
    last_at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The alerts of one member."""

    tables: MemberTables
    seal: KeySeal

    def sound(
        self, connection: Connection, code: AlertCode, subject: str, now: datetime, *, evidence: bytes | None = None
    ) -> None:
        """Raise an alert, or count it once more; the first evidence is kept."""
        table = self.tables.alert
        sealed = None if evidence is None else self.seal.seal(evidence, _place(code, subject))
        values = {"code": code.value, "subject": subject, "first_at": now, "last_at": now, "times": 1}
        # Two processes may sound one alert at the same moment: the second counts it once more, and neither fails.
        put = insert_unless_there(table, connection.dialect.name)
        connection.execute(
            put.values(**values, evidence=sealed).on_conflict_do_update(
                index_elements=[table.c.code, table.c.subject], set_={"times": table.c.times + 1, "last_at": now}
            )
        )

    def all(self, connection: Connection) -> tuple[Alert, ...]:
        """Every alert, newest first."""
        table = self.tables.alert
        found = connection.execute(select(table).order_by(table.c.last_at.desc(), table.c.code, table.c.subject))
        return tuple(
            Alert(
                code=AlertCode(row.code),
                subject=row.subject,
                first_at=row.first_at,
                last_at=row.last_at,
                count=row.times,
            )
            for row in found
        )

    def evidence(self, connection: Connection, code: AlertCode, subject: str) -> bytes | None:
        """What was kept with an alert, to be handed to the stewards."""
        table = self.tables.alert
        sealed = connection.scalar(
            select(table.c.evidence).where(table.c.code == code.value, table.c.subject == subject)
        )
        return None if sealed is None else self.seal.unseal(sealed, _place(code, subject))

    def over(self, connection: Connection, *codes: AlertCode) -> None:
        """What these alerts told of has passed by itself."""
        connection.execute(delete(self.tables.alert).where(self.tables.alert.c.code.in_(codes)))

    def dismiss(self, connection: Connection, code: AlertCode, subject: str) -> None:
        """A person has read it."""
        table = self.tables.alert
        connection.execute(delete(table).where(table.c.code == code.value, table.c.subject == subject))


def _place(code: AlertCode, subject: str) -> bytes:
    return f"member_alert/{code.value}/{subject}".encode()
