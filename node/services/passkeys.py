"""Passkeys: adding one with the password, signing in with one, taking one away."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Actor
from node.domain.audit import Act
from node.domain.origin import Origin
from node.domain.passkey import ASKED, Passkey, PasskeyId, PasskeyRefusedError, Question, Site, UnknownPasskeyError
from node.domain.signin import TokenDigest, Way, digest
from node.services.factors import ProvePassword
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.factors import Authenticators, KeyOwner
from node.services.remember import remember
from node.services.sessions import Arrival, BeginSession, Opened, active


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """One passkey: where it was added, and when it was used last."""

    id: PasskeyId
    origin: Origin
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListPasskeys:
    """One's own passkeys."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[PasskeyView, ...]:
        """The first one first."""
        with self.reading() as work:
            found = work.passkeys.of(actor.id)
        return tuple(
            PasskeyView(id=one.id, origin=one.origin, added_at=one.added_at, used_at=one.used_at) for one in found
        )


@dataclass(frozen=True, slots=True)
class BeginPasskey:
    """Ask a device for a new key."""

    work: OpenWork
    clock: Clock
    devices: Authenticators
    prove: ProvePassword

    def __call__(self, actor: Actor, session: str, password: str, site: Site) -> str:
        """The question to the device. Raises: TooManyAttemptsError, WrongPasswordError."""
        self.prove(actor, session, password)
        with self.work() as work:
            user = work.users.get(actor.id)
            owner = KeyOwner(
                id=user.id,
                name=user.name,
                email=user.email,
                program=work.programs.get().name,
                known=tuple(one.id for one in work.passkeys.of(user.id)),
            )
            challenge = _ask(work, self.devices, digest(session), self.clock.now())
        return self.devices.ask_for_key(site, challenge, owner)


@dataclass(frozen=True, slots=True)
class AddPasskey:
    """Keep the key a device made."""

    work: OpenWork
    clock: Clock
    devices: Authenticators

    def __call__(self, actor: Actor, session: str, answer: str, arrival: Arrival, site: Site) -> PasskeyId:
        """The passkey. Raises: PasskeyRefusedError."""
        now = self.clock.now()
        challenge = _challenge(self.work, digest(session), now)
        made = self.devices.new_key(site, challenge, answer)
        passkey = Passkey(
            id=made.id,
            user=actor.id,
            public_key=made.public_key,
            signed=made.signed,
            added_at=now,
            origin=arrival.origin,
        )
        with self.work() as work:
            work.passkeys.add(passkey)
            remember(work, actor, Act.PASSKEY_ADDED, actor.id, now)
        return passkey.id


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Take a passkey of one's own away."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, passkey: PasskeyId) -> None:
        """It opens nothing any more. Raises: UnknownPasskeyError."""
        with self.work() as work:
            found = work.passkeys.get(passkey)
            if found is None or found.user != actor.id:
                raise UnknownPasskeyError
            work.passkeys.remove(passkey)
            remember(work, actor, Act.PASSKEY_REMOVED, actor.id, self.clock.now())


@dataclass(frozen=True, slots=True)
class AskPasskey:
    """Ask a device of somebody unknown for a signature."""

    work: OpenWork
    clock: Clock
    devices: Authenticators

    def __call__(self, visit: str, site: Site) -> str:
        """The question to the device."""
        with self.work() as work:
            challenge = _ask(work, self.devices, digest(visit), self.clock.now())
        return self.devices.ask_for_signature(site, challenge)


@dataclass(frozen=True, slots=True)
class SignInWithPasskey:
    """Let in whose device signed. Somebody unknown, a closed account and a wrong signature look alike."""

    work: OpenWork
    clock: Clock
    devices: Authenticators
    begin: BeginSession

    def __call__(self, visit: str, answer: str, arrival: Arrival, site: Site) -> Opened:
        """A session. Raises: PasskeyRefusedError."""
        now = self.clock.now()
        challenge = _challenge(self.work, digest(visit), now)
        with self.work() as work:
            passkey = work.passkeys.get(self.devices.key_in(answer))
            user = active(work.users.get(passkey.user)) if passkey else None
            if passkey is None or user is None:
                raise PasskeyRefusedError
            work.passkeys.used(passkey.use(self.devices.check(site, challenge, answer, passkey), now))
            return self.begin(work, user, arrival, Way.PASSKEY, now)


def _ask(work: UnitOfWork, devices: Authenticators, browser: TokenDigest, now: datetime) -> str:
    question = Question(browser=browser, challenge=devices.new_challenge(), until=now + ASKED)
    work.passkeys.tidy(now)
    work.passkeys.ask(question)
    return question.challenge


def _challenge(open_work: OpenWork, browser: TokenDigest, now: datetime) -> str:
    """What the device was asked; committed as answered before the answer is judged, so that none is judged twice."""
    with open_work() as work:
        question = work.passkeys.answered(browser)
    if question is None or now >= question.until:
        raise PasskeyRefusedError
    return question.challenge
