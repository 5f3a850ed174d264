"""What signing in needs: secrets made and compared, and the shelves that keep what is left of them."""

from datetime import datetime
from typing import Protocol

from node.domain.actor import UserId
from node.domain.participant import ParticipantLink, ParticipantSession
from node.domain.person import PersonId
from node.domain.signin import Pass, Session, TokenDigest


class Secrets(Protocol):
    """Makes tokens and slow hashes of passwords."""

    def new_token(self) -> str:
        """256 random bits, fit for an address and a cookie."""
        ...

    def seal(self, password: str) -> str:
        """The slow hash of a password, with its salt and parameters."""
        ...

    def matches(self, password: str, sealed: str | None) -> bool:
        """Whether a password has this hash; for None it takes as long and says no."""
        ...


class Passwords(Protocol):
    """The slow hashes of passwords, sealed, and links to choose one."""

    def of(self, user: UserId) -> str | None:
        """The hash of a user's password, if she has one."""
        ...

    def keep(self, user: UserId, sealed: str, at: datetime) -> None:
        """Keep a hash in place of the one before."""
        ...

    def give_link(self, link: Pass) -> None:
        """Keep a link in place of the one before."""
        ...

    def link(self, link: TokenDigest) -> Pass | None:
        """A link that was given and not used."""
        ...

    def spend_links(self, user: UserId) -> None:
        """No link of this user works any more."""
        ...


class Sessions(Protocol):
    """Signed-in browsers, and those that signed in before."""

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        ...

    def find(self, session: TokenDigest) -> Session | None:
        """One session."""
        ...

    def seen(self, session: Session) -> None:
        """Write down when it was used last."""
        ...

    def end(self, session: TokenDigest) -> None:
        """End one session, if it is there."""
        ...

    def of(self, user: UserId) -> tuple[Session, ...]:
        """The sessions of a user, the newest first."""
        ...

    def end_all(self, user: UserId, but: TokenDigest | None = None) -> None:
        """End every session of a user; one of them may stay."""
        ...

    def know(self, browser: Pass) -> None:
        """Remember a browser that signed in."""
        ...

    def known(self, browser: TokenDigest) -> Pass | None:
        """A browser that signed in before."""
        ...

    def forget_browsers(self, user: UserId) -> None:
        """Treat every browser of a user as new."""
        ...

    def tidy(self, begun_before: datetime, at: datetime) -> None:
        """Forget sessions that began before a moment, and browsers that are known no longer."""
        ...


class Attempts(Protocol):
    """Attempts to sign in that did not succeed; places and accounts are kept as keyed hashes."""

    def add(self, attempt: str, place: str, account: str, at: datetime) -> None:
        """Write down an attempt before it is judged."""
        ...

    def from_place(self, place: str, since: datetime) -> int:
        """How many came from one place."""
        ...

    def on_account(self, account: str, since: datetime) -> int:
        """How many were made on one account."""
        ...

    def forget(self, attempt: str) -> None:
        """It succeeded."""
        ...

    def older(self, before: datetime) -> int:
        """How many were made before a moment."""
        ...

    def tidy(self, before: datetime) -> None:
        """Forget those made before a moment."""
        ...


class Participants(Protocol):
    """Links by which participants sign in, and the browsers in which they are."""

    def give_link(self, link: ParticipantLink) -> None:
        """Keep a link beside those that were given before."""
        ...

    def link(self, link: TokenDigest) -> ParticipantLink | None:
        """A link that was given and not used."""
        ...

    def unused(self, person: PersonId, at: datetime) -> int:
        """How many links of hers still work at a moment."""
        ...

    def spend(self, link: TokenDigest) -> bool:
        """It works no longer; False where somebody was faster."""
        ...

    def begin(self, session: ParticipantSession) -> None:
        """Keep a new session."""
        ...

    def find(self, session: TokenDigest) -> ParticipantSession | None:
        """One session."""
        ...

    def end(self, session: TokenDigest) -> None:
        """End one session, if it is there."""
        ...

    def end_all(self, person: PersonId) -> None:
        """End every session of hers, and every link."""
        ...

    def tidy(self, begun_before: datetime, at: datetime) -> None:
        """Forget sessions that began before a moment, and links that have run out."""
        ...
