"""Second factors in SQL: secrets sealed, recovery codes as keyed hashes, waiting passwords as digests."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import SIGNIN
from node.adapters.vault.file import FileVault
from node.domain.actor import UserId
from node.domain.factor import HalfOpen, SecondFactor
from node.domain.signin import TokenDigest

factors, codes, halves = SIGNIN.factors, SIGNIN.recovery_codes, SIGNIN.half_open


class SqlFactors:
    """The tables of second factors, recovery codes and passwords that wait for a code."""

    def __init__(self, connection: Connection, seals: Seals, vault: FileVault) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals
        self._vault = vault

    def of(self, user: UserId) -> SecondFactor | None:
        """The second factor of a user, confirmed or not."""
        row = self._connection.execute(select(factors).where(factors.c.user == user)).one_or_none()
        if row is None:
            return None
        return SecondFactor(
            user=user,
            secret=self._seals.open(factors.c.secret, user, row.secret),
            begun_at=row.begun_at,
            confirmed_at=row.confirmed_at,
            last_step=row.last_step,
        )

    def keep(self, factor: SecondFactor) -> None:
        """Keep a second factor in place of the one before."""
        self._connection.execute(delete(factors).where(factors.c.user == factor.user))
        self._connection.execute(
            insert(factors).values(
                user=factor.user,
                secret=self._seals.seal(factors.c.secret, factor.user, factor.secret),
                begun_at=factor.begun_at,
                confirmed_at=factor.confirmed_at,
                last_step=factor.last_step,
            )
        )

    def use(self, user: UserId, step: int) -> bool:
        """Write down that the code of a step was used; False where it, or a later one, was used before."""
        unused = (factors.c.user == user) & (factors.c.last_step < step)
        return bool(self._connection.execute(update(factors).where(unused).values(last_step=step)).rowcount)

    def remove(self, user: UserId) -> None:
        """Forget the second factor and the recovery codes."""
        self._connection.execute(delete(factors).where(factors.c.user == user))
        self._connection.execute(delete(codes).where(codes.c.user == user))

    def give_codes(self, user: UserId, given: Sequence[str]) -> None:
        """Keep recovery codes in place of those before."""
        self._connection.execute(delete(codes).where(codes.c.user == user))
        self._connection.execute(insert(codes), [{"token": self._token(user, code), "user": user} for code in given])

    def codes_left(self, user: UserId) -> int:
        """How many recovery codes were not used."""
        counted = select(func.count()).select_from(codes).where(codes.c.user == user)
        return self._connection.execute(counted).scalar_one()

    def spend_code(self, user: UserId, code: str) -> bool:
        """Use up a recovery code; False where it is none."""
        return bool(self._connection.execute(delete(codes).where(codes.c.token == self._token(user, code))).rowcount)

    def wait(self, half: HalfOpen) -> None:
        """Keep a password that waits for its code, or how often a code was tried since."""
        self.end_waiting(half.digest)
        values = {"digest": half.digest, "user": half.user, "until": half.until}
        self._connection.execute(insert(halves).values({**values, "attempt": half.attempt, "tries": half.tries}))

    def waiting(self, half: TokenDigest) -> HalfOpen | None:
        """A password that waits for its code."""
        row = self._connection.execute(select(halves).where(halves.c.digest == half).with_for_update()).one_or_none()
        if row is None:
            return None
        return HalfOpen(digest=half, user=UserId(row.user), until=row.until, attempt=row.attempt, tries=row.tries)

    def end_waiting(self, half: TokenDigest) -> None:
        """It waits no longer."""
        self._connection.execute(delete(halves).where(halves.c.digest == half))

    def tidy(self, at: datetime) -> None:
        """Forget passwords that waited too long."""
        self._connection.execute(delete(halves).where(halves.c.until <= at))

    def _token(self, user: UserId, code: str) -> bytes:
        return self._vault.token(f"recovery:{user}:{code}")
