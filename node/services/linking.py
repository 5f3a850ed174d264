"""One's own account elsewhere: linked by whoever is signed in and knows her password, and unlinked again."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Actor
from node.domain.audit import Act
from node.domain.passkey import Site
from node.domain.provider import AccountTakenError, Errand, Link, ProviderRefusedError
from node.domain.signin import TokenDigest, digest
from node.services.factors import ProvePassword
from node.services.ports import Clock, OpenWork
from node.services.ports.factors import Provider
from node.services.ports.signin import Secrets
from node.services.provider import answered, sent
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedView:
    """The program's provider, blank where there is none, and since when an account there opens one's own pages."""

    provider: str
    since: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class ShowLinked:
    """One's own accounts elsewhere."""

    reading: OpenWork
    provider: Provider

    def __call__(self, actor: Actor) -> LinkedView:
        """The first one first; those that wait to be allowed open nothing and are left out."""
        with self.reading() as work:
            found = work.links.of(actor.id)
        since = tuple(link.allowed_at for link in found if link.allowed_at is not None)
        return LinkedView(provider=self.provider.name, since=since)


@dataclass(frozen=True, slots=True)
class BeginLink:
    """Send somebody who is signed in to the provider, if the password is right."""

    work: OpenWork
    clock: Clock
    secrets: Secrets
    provider: Provider
    prove: ProvePassword

    def __call__(self, actor: Actor, session: str, password: str, site: Site) -> str:
        """The address there. Raises: TooManyAttemptsError, WrongPasswordError, ProviderAwayError."""
        self.prove(actor, session, password)
        errand = Errand(self.secrets.new_token(), links=True)
        address = self.provider.address(errand, site)
        sent(self.work, _session(session), errand, self.clock.now())
        return address


@dataclass(frozen=True, slots=True)
class LinkAccount:
    """Keep the account she came back with, as hers."""

    work: OpenWork
    clock: Clock
    provider: Provider

    def __call__(self, actor: Actor, session: str, state: str, code: str, site: Site) -> None:
        """It opens her pages from now on. Raises: ProviderAwayError, ProviderRefusedError, AccountTakenError."""
        now = self.clock.now()
        errand = answered(self.work, _session(session), state, now, links=True)
        if not code:
            raise ProviderRefusedError
        account = self.provider.account(errand, site, code)
        with self.work() as work:
            known = work.links.get(account.digest)
            if known is not None and known.allowed_at is not None and known.user != actor.id:
                raise AccountTakenError
            work.links.keep(Link(account=account.digest, user=actor.id, added_at=now, allowed_at=now))
            remember(work, actor, Act.ACCOUNT_LINKED, actor.id, now)


@dataclass(frozen=True, slots=True)
class UnlinkAccounts:
    """No account elsewhere opens her pages any more."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> None:
        """A second time changes nothing."""
        with self.work() as work:
            if work.links.of(actor.id):
                work.links.remove(actor.id)
                remember(work, actor, Act.ACCOUNT_UNLINKED, actor.id, self.clock.now())


def _session(session: str) -> TokenDigest:
    return digest(f"link:{session}")
