"""Choosing passwords: the operator sets one, or gives a link with which its owner chooses her own."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act
from node.domain.signin import (
    LINK_TERM,
    Pass,
    PasswordLinkSpentError,
    TokenDigest,
    UnknownUserError,
    check_password,
    digest,
)
from node.domain.user import User, UserState
from node.services.factors import ProvePassword
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLinkView:
    """A link that lets one user choose a password once; `token` is shown only here."""

    user: UserId
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSetView:
    """Whose password was set."""

    user: UserId
    set_at: datetime


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Set somebody's password; every browser of hers has to sign in again."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    secrets: Secrets

    def __call__(self, actor: Actor, email: str, password: str) -> PasswordSetView:
        """Whose it was. Raises: UnknownUserError, PasswordLengthError, PasswordGuessableError."""
        actor.may(Action.EDIT_USERS)
        with self.reading() as work:
            user = _named(work, email)
        check_password(password, name=user.name, email=user.email)
        sealed = self.secrets.seal(password)
        with self.work() as work:
            return _keep(work, actor, user.id, sealed, self.clock.now())


@dataclass(frozen=True, slots=True)
class GivePasswordLink:
    """Make a link; one that was given before works no longer."""

    work: OpenWork
    clock: Clock
    secrets: Secrets

    def __call__(self, actor: Actor, email: str) -> PasswordLinkView:
        """The link. Raises: UnknownUserError."""
        actor.may(Action.EDIT_USERS)
        now = self.clock.now()
        token = self.secrets.new_token()
        with self.work() as work:
            user = _named(work, email)
            link = Pass(digest=digest(token), user=user.id, until=now + LINK_TERM)
            work.passwords.give_link(link)
            remember(work, actor, Act.PASSWORD_LINK_GIVEN, user.id, now)
        return PasswordLinkView(user=user.id, token=token, until=link.until)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Choose another password of one's own; every other browser has to sign in again."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    secrets: Secrets
    prove: ProvePassword

    def __call__(self, actor: Actor, token: str, old: str, new: str) -> PasswordSetView:
        """When it was set; `token` is the session that stays.

        Raises: TooManyAttemptsError, WrongPasswordError, PasswordLengthError, PasswordGuessableError.
        """
        self.prove(actor, token, old)
        with self.reading() as work:
            user = work.users.get(actor.id)
        check_password(new, name=user.name, email=user.email)
        sealed = self.secrets.seal(new)
        with self.work() as work:
            return _keep(work, actor, user.id, sealed, self.clock.now(), staying=digest(token))


@dataclass(frozen=True, slots=True)
class CheckPasswordLink:
    """Whether a link still works; looking does not spend it, because mail programs look at links."""

    reading: OpenWork
    clock: Clock

    def __call__(self, token: str) -> None:
        """Pass if it does. Raises: PasswordLinkSpentError."""
        with self.reading() as work:
            _owner(work, token, self.clock.now())


@dataclass(frozen=True, slots=True)
class UsePasswordLink:
    """Choose a password with a link, which works no longer afterwards."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    secrets: Secrets

    def __call__(self, token: str, password: str) -> PasswordSetView:
        """Whose it was. Raises: PasswordLinkSpentError, PasswordLengthError, PasswordGuessableError."""
        with self.reading() as work:
            user = _owner(work, token, self.clock.now())
        check_password(password, name=user.name, email=user.email)
        sealed = self.secrets.seal(password)
        now = self.clock.now()
        with self.work() as work:
            user = _owner(work, token, now)  # a second click may have come first
            return _keep(work, Actor(user.id, user.role), user.id, sealed, now)


def _named(work: UnitOfWork, email: str) -> User:
    user = work.users.by_email(email)
    if user is None or user.state is not UserState.ACTIVE:
        raise UnknownUserError
    return user


def _owner(work: UnitOfWork, token: str, at: datetime) -> User:
    link = work.passwords.link(digest(token))
    user = work.users.get(link.user) if link is not None and at < link.until else None
    if user is None or user.state is not UserState.ACTIVE:
        raise PasswordLinkSpentError
    return user


def _keep(
    work: UnitOfWork, actor: Actor, user: UserId, sealed: str, at: datetime, *, staying: TokenDigest | None = None
) -> PasswordSetView:
    work.passwords.keep(user, sealed, at)
    work.passwords.spend_links(user)
    work.sessions.end_all(user, but=staying)
    work.sessions.forget_browsers(user)
    remember(work, actor, Act.PASSWORD_SET, user, at)
    return PasswordSetView(user=user, set_at=at)
