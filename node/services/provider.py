"""Signing in through an account elsewhere, and allowing one."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act
from node.domain.passkey import Question, Site
from node.domain.provider import (
    AWAY,
    WAITS,
    Account,
    AccountUnknownError,
    AccountWaitsError,
    Errand,
    Link,
    ProviderRefusedError,
)
from node.domain.signin import TokenDigest, UnknownUserError, Way, digest
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.factors import Provider
from node.services.ports.signin import Secrets
from node.services.remember import remember
from node.services.sessions import Arrival, BeginSession, Opened, active


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedView:
    """Whose account elsewhere counts from now on."""

    user: UserId
    allowed_at: datetime


@dataclass(frozen=True, slots=True)
class GoToProvider:
    """Send somebody to the provider."""

    work: OpenWork
    clock: Clock
    secrets: Secrets
    provider: Provider

    @property
    def name(self) -> str:
        """What people call the provider; blank where there is none."""
        return self.provider.name

    def __call__(self, visit: str, site: Site) -> str:
        """The address there. Raises: ProviderAwayError."""
        errand = Errand(self.secrets.new_token())
        address = self.provider.address(errand, site)
        sent(self.work, _browser(visit), errand, self.clock.now())
        return address


@dataclass(frozen=True, slots=True)
class ComeBackFromProvider:
    """Let in whom the provider vouches for, if she works here."""

    work: OpenWork
    clock: Clock
    provider: Provider
    begin: BeginSession

    def __call__(self, visit: str, state: str, code: str, arrival: Arrival, site: Site) -> Opened:
        """A session. Raises: ProviderAwayError, ProviderRefusedError, AccountUnknownError, AccountWaitsError."""
        now = self.clock.now()
        errand = answered(self.work, _browser(visit), state, now, links=False)
        if not code:
            raise ProviderRefusedError
        account = self.provider.account(errand, site, code)
        with self.work() as work:
            work.links.tidy(now - WAITS)
            link = work.links.get(account.digest) or self._new(work, account)
            if link.allowed_at is not None:
                user = active(work.users.get(link.user))
                if user is None:
                    raise AccountUnknownError
                return self.begin(work, user, arrival, Way.PROVIDER, now)
        raise AccountWaitsError(mark=link.mark)

    def _new(self, work: UnitOfWork, account: Account) -> Link:
        user = active(work.users.by_email(account.email)) if account.email else None
        if user is None:
            raise AccountUnknownError
        now = self.clock.now()
        link = Link(account=account.digest, user=user.id, added_at=now)
        if account.email_verified:
            link = link.allow(now)
            remember(work, Actor(user.id, user.role), Act.ACCOUNT_LINKED, user.id, now)
        work.links.keep(link)
        return link


@dataclass(frozen=True, slots=True)
class AllowAccount:
    """An administrator who asked her says that the account that waits is hers."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, email: str, mark: str) -> AllowedView:
        """Whose it is; `mark` is what her page said. Raises: UnknownUserError, AccountUnknownError."""
        actor.may(Action.EDIT_USERS)
        now = self.clock.now()
        with self.work() as work:
            user = active(work.users.by_email(email))
            if user is None:
                raise UnknownUserError
            # Anybody can have an account with her address at a provider that verifies none: the mark tells them apart.
            waiting = [link for link in work.links.of(user.id) if link.mark == mark and link.allowed_at is None]
            if not waiting:
                raise AccountUnknownError
            work.links.keep(waiting[0].allow(now))
            remember(work, actor, Act.ACCOUNT_LINKED, user.id, now)
        return AllowedView(user=user.id, allowed_at=now)


def sent(work: OpenWork, browser: TokenDigest, errand: Errand, at: datetime) -> None:
    """Remember with which errand somebody is away."""
    with work() as unit:
        unit.passkeys.tidy(at)
        unit.passkeys.ask(Question(browser=browser, challenge=errand.secret, until=at + AWAY))


def answered(work: OpenWork, browser: TokenDigest, state: str, at: datetime, *, links: bool) -> Errand:
    """The errand somebody comes back from, once and in time. Raises: ProviderRefusedError."""
    with work() as unit:  # committed before the answer is judged, so that none is judged twice
        question = unit.passkeys.answered(browser)
    if question is None or at >= question.until:
        raise ProviderRefusedError
    errand = Errand(question.challenge, links=links)
    if not hmac.compare_digest(errand.state.encode(), state.encode()):
        raise ProviderRefusedError
    return errand


def _browser(visit: str) -> TokenDigest:
    return digest(f"provider:{visit}")
