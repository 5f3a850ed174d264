"""What guards a sign-in beyond a password: codes, passkeys, accounts elsewhere, and the shelves that keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.actor import UserId
from node.domain.factor import HalfOpen, SecondFactor
from node.domain.passkey import Passkey, PasskeyId, Question, Site
from node.domain.provider import Account, AccountDigest, Errand, Link
from node.domain.signin import TokenDigest


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


class Provider(Protocol):
    """Where staff have accounts elsewhere."""

    @property
    def name(self) -> str:
        """What people call it; blank where there is none."""
        ...

    def address(self, errand: Errand, site: Site) -> str:
        """Where somebody shows the provider who she is. Raises: ProviderAwayError."""
        ...

    def account(self, errand: Errand, site: Site, code: str) -> Account:
        """Whom a code stands for. Raises: ProviderAwayError, ProviderRefusedError."""
        ...


class Links(Protocol):
    """Accounts elsewhere, and whose they are."""

    def get(self, account: AccountDigest) -> Link | None:
        """One account."""
        ...

    def of(self, user: UserId) -> tuple[Link, ...]:
        """The accounts of a user, the first one first."""
        ...

    def keep(self, link: Link) -> None:
        """Keep an account in place of what was known of it."""
        ...

    def remove(self, user: UserId) -> None:
        """Forget the accounts of a user."""
        ...

    def tidy(self, before: datetime) -> None:
        """Forget accounts that were added before a moment and never allowed."""
        ...
