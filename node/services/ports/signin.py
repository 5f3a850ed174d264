"""What signing in needs: secrets made and compared, and the shelves that keep what is left of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.actor import UserId
from node.domain.factor import HalfOpen, SecondFactor
from node.domain.participant import ParticipantLink, ParticipantSession
from node.domain.passkey import Passkey, PasskeyId, Question, Site
from node.domain.person import PersonId
from node.domain.signin import Pass, Session, TokenDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOwner:
    """For whom a device makes a key, and the keys of hers that it may have already."""

    id: UserId
    name: str
    email: str
    program: str
    known: tuple[PasskeyId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that a device made."""

    id: PasskeyId
    public_key: bytes
    signed: int


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


class Codes(Protocol):
    """Codes of an app (RFC 6238), and codes on paper."""

    def new_secret(self) -> str:
        """160 random bits in base32, as apps take them."""
        ...

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """Which step of time a code belongs to; None where it is wrong or of long ago."""
        ...

    def address(self, secret: str, account: str, program: str) -> str:
        """What an app is opened with, or reads from a picture."""
        ...

    def picture(self, address: str) -> str:
        """The picture of an address, as SVG."""
        ...

    def recovery_codes(self, count: int) -> tuple[str, ...]:
        """New codes of nearly 60 random bits each."""
        ...


class Factors(Protocol):
    """Second factors, sealed; recovery codes as keyed hashes; and passwords that wait for their code."""

    def of(self, user: UserId) -> SecondFactor | None:
        """The second factor of a user, confirmed or not."""
        ...

    def keep(self, factor: SecondFactor) -> None:
        """Keep a second factor in place of the one before."""
        ...

    def use(self, user: UserId, step: int) -> bool:
        """Write down that the code of a step was used; False where it, or a later one, was used before."""
        ...

    def remove(self, user: UserId) -> None:
        """Forget the second factor and the recovery codes."""
        ...

    def give_codes(self, user: UserId, codes: Sequence[str]) -> None:
        """Keep recovery codes in place of those before."""
        ...

    def codes_left(self, user: UserId) -> int:
        """How many recovery codes were not used."""
        ...

    def spend_code(self, user: UserId, code: str) -> bool:
        """Use up a recovery code; False where it is none."""
        ...

    def wait(self, half: HalfOpen) -> None:
        """Keep a password that waits for its code, or how often a code was tried since."""
        ...

    def waiting(self, half: TokenDigest) -> HalfOpen | None:
        """A password that waits for its code."""
        ...

    def end_waiting(self, half: TokenDigest) -> None:
        """It waits no longer."""
        ...

    def tidy(self, at: datetime) -> None:
        """Forget passwords that waited too long."""
        ...


class Authenticators(Protocol):
    """Says to devices what they are asked, and reads what they answer; questions and answers are JSON texts."""

    def new_challenge(self) -> str:
        """256 random bits in base64url."""
        ...

    def ask_for_key(self, site: Site, challenge: str, owner: KeyOwner) -> str:
        """The question that makes a new key."""
        ...

    def new_key(self, site: Site, challenge: str, answer: str) -> NewKey:
        """The key that was made. Raises: PasskeyRefusedError."""
        ...

    def ask_for_signature(self, site: Site, challenge: str) -> str:
        """The question that any key of this site may answer."""
        ...

    def key_in(self, answer: str) -> PasskeyId:
        """Which key signed, before that is believed. Raises: PasskeyRefusedError."""
        ...

    def check(self, site: Site, challenge: str, answer: str, passkey: Passkey) -> int:
        """What the device counts, once its signature held. Raises: PasskeyRefusedError."""
        ...


class Passkeys(Protocol):
    """Passkeys of staff, and what devices were asked."""

    def ask(self, question: Question) -> None:
        """Keep a question in place of the one before in this browser."""
        ...

    def answered(self, browser: TokenDigest) -> Question | None:
        """The question a browser was given; it is not there a second time."""
        ...

    def add(self, passkey: Passkey) -> None:
        """Keep a new passkey. Raises: PasskeyRefusedError where it is somebody's already."""
        ...

    def get(self, passkey: PasskeyId) -> Passkey | None:
        """One passkey."""
        ...

    def of(self, user: UserId) -> tuple[Passkey, ...]:
        """The passkeys of a user, the first one first."""
        ...

    def used(self, passkey: Passkey) -> None:
        """Write down that it was used."""
        ...

    def remove(self, passkey: PasskeyId) -> None:
        """Take it no more."""
        ...

    def tidy(self, at: datetime) -> None:
        """Forget questions nobody answered in time."""
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
