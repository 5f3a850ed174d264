"""Passkeys in SQL, and what devices were asked. Public keys give nothing away, so they lie open."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select, update

from node.adapters.sql.tables import SIGNIN
from node.domain.actor import UserId
from node.domain.origin import Browser, Origin, System
from node.domain.passkey import Passkey, PasskeyId, PasskeyRefusedError, Question
from node.domain.signin import TokenDigest

passkeys, questions = SIGNIN.passkeys, SIGNIN.questions


class SqlPasskeys:
    """The tables of passkeys and of questions to devices."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def ask(self, question: Question) -> None:
        """Keep a question in place of the one before in this browser."""
        self._connection.execute(delete(questions).where(questions.c.browser == question.browser))
        values = {"browser": question.browser, "challenge": question.challenge, "until": question.until}
        self._connection.execute(insert(questions).values(values))

    def answered(self, browser: TokenDigest) -> Question | None:
        """The question a browser was given; it is not there a second time."""
        row = self._connection.execute(select(questions).where(questions.c.browser == browser)).one_or_none()
        gone = self._connection.execute(delete(questions).where(questions.c.browser == browser)).rowcount
        if row is None or not gone:
            return None
        return Question(browser=browser, challenge=row.challenge, until=row.until)

    def add(self, passkey: Passkey) -> None:
        """Keep a new passkey. Raises: PasskeyRefusedError where it is somebody's already."""
        if self.get(passkey.id) is not None:
            raise PasskeyRefusedError
        self._connection.execute(
            insert(passkeys).values(
                id=passkey.id,
                user=passkey.user,
                public_key=passkey.public_key,
                signed=passkey.signed,
                added_at=passkey.added_at,
                used_at=passkey.used_at,
                browser=passkey.origin.browser,
                system=passkey.origin.system,
            )
        )

    def get(self, passkey: PasskeyId) -> Passkey | None:
        """One passkey."""
        row = self._connection.execute(select(passkeys).where(passkeys.c.id == passkey)).one_or_none()
        return None if row is None else _passkey(row)

    def of(self, user: UserId) -> tuple[Passkey, ...]:
        """The passkeys of a user, the first one first."""
        found = select(passkeys).where(passkeys.c.user == user).order_by(passkeys.c.added_at, passkeys.c.id)
        return tuple(_passkey(row) for row in self._connection.execute(found))

    def used(self, passkey: Passkey) -> None:
        """Write down that it was used."""
        changed = update(passkeys).where(passkeys.c.id == passkey.id)
        self._connection.execute(changed.values(signed=passkey.signed, used_at=passkey.used_at))

    def remove(self, passkey: PasskeyId) -> None:
        """Take it no more."""
        self._connection.execute(delete(passkeys).where(passkeys.c.id == passkey))

    def tidy(self, at: datetime) -> None:
        """Forget questions nobody answered in time."""
        self._connection.execute(delete(questions).where(questions.c.until <= at))


def _passkey(row: Row[tuple[object, ...]]) -> Passkey:
    return Passkey(
        id=PasskeyId(row.id),
        user=UserId(row.user),
        public_key=row.public_key,
        signed=row.signed,
        added_at=row.added_at,
        used_at=row.used_at,
        origin=Origin(browser=Browser(row.browser), system=System(row.system)),
    )
