"""Tokens with which other programs act for a member of staff: given, listed, ended, recognised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from node.domain.actor import Action, Actor, TokenId, UserId
from node.domain.audit import Act
from node.domain.errors import BlankNameError
from node.domain.signin import UnknownUserError, digest
from node.domain.token import (
    PREFIX,
    Scope,
    ScopeNeededError,
    Token,
    TokenPeriodError,
    TokenRefusedError,
    UnknownTokenError,
)
from node.domain.user import UserState
from node.services.ports import Clock, Ids, OpenWork
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """One token; `used_on` is the day of its last use, `ends_on` the last day it works."""

    id: TokenId
    user: UserId
    name: str
    scopes: tuple[Scope, ...]
    added_at: datetime
    used_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenView:
    """A token that was just given: the only time that `secret` can be read."""

    secret: str
    token: TokenView


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who a program acts for, and what its token was given for."""

    actor: Actor
    token: TokenId
    scopes: frozenset[Scope]

    def has(self, scope: Scope) -> None:
        """Pass if the token was given for this. Raises: ScopeNeededError."""
        if scope not in self.scopes:
            raise ScopeNeededError(scope=scope)


@dataclass(frozen=True, slots=True)
class AddToken:
    """Give a token to a program that acts for a member of staff: one's own, or anybody's for who looks after users."""

    work: OpenWork
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(
        self, actor: Actor, user: UserId, name: str, scopes: Iterable[Scope], ends_on: date | None = None
    ) -> NewTokenView:
        """The token, whose secret is kept nowhere.

        Raises: NotAllowedError, UnknownUserError, BlankNameError, ScopeNeededError, TokenPeriodError.
        """
        if actor.id != user:
            actor.may(Action.EDIT_USERS)
        now, wanted = self.clock.now(), frozenset(scopes)
        if not name.strip():
            raise BlankNameError
        if not wanted:
            raise ScopeNeededError(scope=" ".join(Scope))
        if ends_on is not None and ends_on < now.date():
            raise TokenPeriodError(day=ends_on.isoformat())
        secret = PREFIX + self.secrets.new_token()
        token = Token(
            id=TokenId(self.ids.new()),
            digest=digest(secret),
            user=user,
            name=name.strip(),
            scopes=wanted,
            added_at=now,
            ends_on=ends_on,
        )
        with self.work() as work:
            if work.users.get(user).state is not UserState.ACTIVE:
                raise UnknownUserError
            work.tokens.add(token)
            remember(work, actor, Act.TOKEN_ADDED, token.id, now)
        return NewTokenView(secret=secret, token=_view(token))


@dataclass(frozen=True, slots=True)
class ListTokens:
    """Which tokens there are: one's own, or everybody's for who looks after users."""

    reading: OpenWork

    def __call__(self, actor: Actor, *, everybodys: bool = False) -> tuple[TokenView, ...]:
        """Tokens, the first one added first. Raises: NotAllowedError."""
        if everybodys:
            actor.may(Action.EDIT_USERS)
        with self.reading() as work:
            found = work.tokens.all() if everybodys else work.tokens.of(actor.id)
        return tuple(_view(token) for token in found)


@dataclass(frozen=True, slots=True)
class EndToken:
    """End a token: one's own, or anybody's for who looks after users."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, token: TokenId) -> TokenView:
        """What it was. Raises: UnknownTokenError, also for who may not know of it."""
        with self.work() as work:
            found = work.tokens.get(token)
            if found.user != actor.id and not actor.can(Action.EDIT_USERS):
                raise UnknownTokenError(token=token)
            work.tokens.end(token)
            remember(work, actor, Act.TOKEN_ENDED, token, self.clock.now())
        return _view(found)


@dataclass(frozen=True, slots=True)
class RecognizeToken:
    """Who a program acts for. It has no actor yet: what it brings stands for one."""

    work: OpenWork
    reading: OpenWork
    clock: Clock

    def __call__(self, secret: str) -> Bearer:
        """Who may act, and for what. Raises: TokenRefusedError."""
        now = self.clock.now()
        with self.reading() as work:
            token = work.tokens.find(digest(secret)) if secret.startswith(PREFIX) else None
            if token is None or not token.works(now):
                raise TokenRefusedError
            user = work.users.get(token.user)
        if user.state is not UserState.ACTIVE:
            raise TokenRefusedError
        if (used := token.used(now)) is not token:
            with self.work() as work:
                work.tokens.used(used)
        return Bearer(actor=Actor(user.id, user.role, token.id), token=token.id, scopes=token.scopes)


def _view(token: Token) -> TokenView:
    return TokenView(
        id=token.id,
        user=token.user,
        name=token.name,
        scopes=tuple(sorted(token.scopes)),
        added_at=token.added_at,
        used_on=token.used_on,
        ends_on=token.ends_on,
    )
