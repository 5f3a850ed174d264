"""One's own second factor: setting it up with the password, confirming it with a code, taking it off."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act
from node.domain.factor import (
    RECOVERY_CODES,
    FactorOffError,
    FactorOnError,
    SecondFactor,
    plain_code,
)
from node.domain.signin import MOST_FROM_ONE_PLACE, WINDOW, UnknownUserError, WrongPasswordError, digest
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.factors import Codes
from node.services.ports.signin import Secrets
from node.services.remember import remember
from node.services.sessions import active
from node.services.signin import too_many


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorView:
    """Whether one's second factor counts, since when, and how many recovery codes are left."""

    on: bool
    since: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorToConfirm:
    """What an app has to be told: by a picture, an address, or by typing the secret."""

    secret: str
    address: str
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetView:
    """Whose second factor, passkeys and accounts elsewhere were taken off."""

    user: UserId
    reset_at: datetime


@dataclass(frozen=True, slots=True)
class ProvePassword:
    """Somebody signed in types her password again.

    Guesses are counted by her session alone: whoever guesses on a page she left open keeps her out nowhere else.
    """

    work: OpenWork
    reading: OpenWork
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(self, actor: Actor, session: str, password: str) -> None:
        """Pass if it is hers. Raises: TooManyAttemptsError, WrongPasswordError."""
        now, counted, attempt = self.clock.now(), f"again:{digest(session)}", self.ids.new()
        with self.work() as work:
            work.attempts.tidy(now - WINDOW)
            if work.attempts.from_place(counted, now - WINDOW) >= MOST_FROM_ONE_PLACE:
                raise too_many()
            work.attempts.add(attempt, counted, "", now)
        with self.reading() as work:
            sealed = work.passwords.of(actor.id)
        if not self.secrets.matches(password, sealed):
            raise WrongPasswordError
        with self.work() as work:
            work.attempts.forget(attempt)


@dataclass(frozen=True, slots=True)
class ShowFactor:
    """Where one's second factor stands."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> FactorView:
        """Whether it is on."""
        with self.reading() as work:
            factor = work.factors.of(actor.id)
            since = factor.confirmed_at if factor else None
            return FactorView(on=since is not None, since=since, codes_left=work.factors.codes_left(actor.id))


@dataclass(frozen=True, slots=True)
class BeginFactor:
    """Make a new secret; nothing changes until a code confirms it."""

    work: OpenWork
    clock: Clock
    codes: Codes
    prove: ProvePassword

    def __call__(self, actor: Actor, session: str, password: str) -> FactorToConfirm:
        """What to tell the app. Raises: TooManyAttemptsError, WrongPasswordError, FactorOnError."""
        self.prove(actor, session, password)
        with self.work() as work:
            found = work.factors.of(actor.id)
            if found is not None and found.confirmed_at is not None:
                raise FactorOnError
            factor = SecondFactor(user=actor.id, secret=self.codes.new_secret(), begun_at=self.clock.now())
            work.factors.keep(factor)
            return _told(work, self.codes, factor)


@dataclass(frozen=True, slots=True)
class RepeatFactor:
    """What the app has to be told, once more, while it is not confirmed."""

    reading: OpenWork
    codes: Codes

    def __call__(self, actor: Actor) -> FactorToConfirm:
        """What to tell the app. Raises: FactorOffError, FactorOnError."""
        with self.reading() as work:
            return _told(work, self.codes, _unconfirmed(work, actor))


@dataclass(frozen=True, slots=True)
class ConfirmFactor:
    """The app shows right codes: the second factor counts from now on."""

    work: OpenWork
    clock: Clock
    codes: Codes

    def __call__(self, actor: Actor, typed: str) -> tuple[str, ...]:
        """The recovery codes, shown only here. Raises: FactorOffError, FactorOnError, CodeRefusedError."""
        now = self.clock.now()
        with self.work() as work:
            factor = _unconfirmed(work, actor)
            work.factors.keep(factor.confirm(self.codes.step(factor.secret, plain_code(typed), now), now))
            remember(work, actor, Act.FACTOR_ADDED, actor.id, now)
            return _new_codes(work, actor, self.codes)


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodes:
    """Ten new recovery codes in place of those before."""

    work: OpenWork
    clock: Clock
    codes: Codes
    prove: ProvePassword

    def __call__(self, actor: Actor, session: str, password: str) -> tuple[str, ...]:
        """The codes, shown only here. Raises: TooManyAttemptsError, WrongPasswordError, FactorOffError."""
        self.prove(actor, session, password)
        with self.work() as work:
            factor = work.factors.of(actor.id)
            if factor is None or factor.confirmed_at is None:
                raise FactorOffError
            remember(work, actor, Act.RECOVERY_CODES_RENEWED, actor.id, self.clock.now())
            return _new_codes(work, actor, self.codes)


@dataclass(frozen=True, slots=True)
class RemoveFactor:
    """Take one's own second factor off."""

    work: OpenWork
    clock: Clock
    prove: ProvePassword

    def __call__(self, actor: Actor, session: str, password: str) -> None:
        """The password alone opens from now on. Raises: TooManyAttemptsError, WrongPasswordError."""
        self.prove(actor, session, password)
        with self.work() as work:
            work.factors.remove(actor.id)
            remember(work, actor, Act.FACTOR_REMOVED, actor.id, self.clock.now())


@dataclass(frozen=True, slots=True)
class ResetUser:
    """Somebody lost her phone and her recovery codes: an administrator who knows her takes all of that off."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, email: str) -> ResetView:
        """Whose it was; every browser of hers has to sign in again. Raises: UnknownUserError."""
        actor.may(Action.EDIT_USERS)
        now = self.clock.now()
        with self.work() as work:
            user = active(work.users.by_email(email))
            if user is None:
                raise UnknownUserError
            work.factors.remove(user.id)
            for passkey in work.passkeys.of(user.id):
                work.passkeys.remove(passkey.id)
            work.links.remove(user.id)
            work.sessions.end_all(user.id)
            work.sessions.forget_browsers(user.id)
            remember(work, actor, Act.FACTOR_REMOVED, user.id, now)
        return ResetView(user=user.id, reset_at=now)


def _unconfirmed(work: UnitOfWork, actor: Actor) -> SecondFactor:
    factor = work.factors.of(actor.id)
    if factor is None:
        raise FactorOffError
    if factor.confirmed_at is not None:
        raise FactorOnError
    return factor


def _told(work: UnitOfWork, codes: Codes, factor: SecondFactor) -> FactorToConfirm:
    account, program = work.users.get(factor.user).email, work.programs.get().name
    address = codes.address(factor.secret, account, program)
    return FactorToConfirm(secret=factor.secret, address=address, picture=codes.picture(address))


def _new_codes(work: UnitOfWork, actor: Actor, codes: Codes) -> tuple[str, ...]:
    given = codes.recovery_codes(RECOVERY_CODES)
    work.factors.give_codes(actor.id, given)
    return tuple("-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in given)


_GROUP = 4
