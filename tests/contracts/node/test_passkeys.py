"""The ports `Passkeys` on both databases and `Authenticators` by py_webauthn, and the verbs that stand on them."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from node.adapters.authenticators import WebAuthnDevices
from node.adapters.ids import SystemIds
from node.adapters.secrets import ArgonSecrets
from node.adapters.sql.tables import users
from node.domain.actor import Actor, UserId
from node.domain.origin import UNKNOWN, Browser, Origin, System
from node.domain.passkey import (
    ASKED,
    Passkey,
    PasskeyId,
    PasskeyRefusedError,
    Question,
    Site,
    UnknownPasskeyError,
)
from node.domain.signin import Way, WrongPasswordError, digest
from node.domain.user import User, UserState
from node.services.factors import ProvePassword
from node.services.passkeys import (
    AddPasskey,
    AskPasskey,
    BeginPasskey,
    ListPasskeys,
    RemovePasskey,
    SignInWithPasskey,
)
from node.services.sessions import Arrival, BeginSession, Opened
from tests.contracts.node.test_signin import a_user
from tests.support.authenticator import Device
from tests.support.clock import NOON, FakeClock
from tests.support.node import OpenSqlWork

SITE = Site(origin="https://mentors.example.org", host="mentors.example.org")
HERE = Arrival(place="192.0.2.7", origin=Origin(browser=Browser.FIREFOX, system=System.LINUX))
PASSWORD, SESSION, VISIT = "plum jam on warm bread", "a session", "a visit"


@dataclass(frozen=True, slots=True)
class Door:
    """The verbs, and a user with a password."""

    work: OpenSqlWork
    clock: FakeClock
    user: User

    @property
    def actor(self) -> Actor:
        return Actor(self.user.id, self.user.role)

    def begin(self, password: str = PASSWORD) -> str:
        secrets = ArgonSecrets(passes=1, kibibytes=8, lanes=1)
        prove = ProvePassword(self.work, self.work, self.clock, SystemIds(self.clock), secrets)
        return BeginPasskey(self.work, self.clock, WebAuthnDevices(), prove)(self.actor, SESSION, password, SITE)

    def add(self, answer: str) -> PasskeyId:
        return AddPasskey(self.work, self.clock, WebAuthnDevices())(self.actor, SESSION, answer, HERE, SITE)

    def ask(self) -> str:
        return AskPasskey(self.work, self.clock, WebAuthnDevices())(VISIT, SITE)

    def enter(self, answer: str) -> Opened:
        begin = BeginSession(ArgonSecrets())
        return SignInWithPasskey(self.work, self.clock, WebAuthnDevices(), begin)(VISIT, answer, HERE, SITE)


@pytest.fixture
def door(work: OpenSqlWork) -> Door:
    user = a_user(work)
    with work() as unit:
        unit.passwords.keep(user.id, ArgonSecrets(passes=1, kibibytes=8, lanes=1).seal(PASSWORD), NOON)
    return Door(work, FakeClock(), user)


def a_device(*, asks: bool = True) -> Device:
    return Device(SITE.origin, SITE.host, asks=asks)


def test_a_passkey_is_added_with_the_password_and_opens_a_session(door: Door) -> None:
    device = a_device()
    with pytest.raises(WrongPasswordError):
        door.begin("not the password")
    key = door.add(device.create(door.begin()))
    opened = door.enter(device.get(door.ask()))

    with door.work() as unit:
        session = unit.sessions.find(digest(opened.session))
    (listed,) = ListPasskeys(door.work)(door.actor)
    assert session is not None
    assert (session.user, session.way, session.origin) == (door.user.id, Way.PASSKEY, HERE.origin)
    assert (listed.id, listed.origin, listed.used_at) == (key, HERE.origin, NOON)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(a_device(), origin="https://mentors.example.net"),
        replace(a_device(), host="example.org"),
        a_device(asks=False),
    ],
    ids=["another page", "another site", "its owner was not asked"],
)
def test_a_key_made_elsewhere_or_without_asking_is_not_kept(door: Door, wrong: Device) -> None:
    with pytest.raises(PasskeyRefusedError):
        door.add(wrong.create(door.begin()))
    assert ListPasskeys(door.work)(door.actor) == ()


def test_a_question_is_answered_once_and_in_time(door: Door) -> None:
    device = a_device()
    made = device.create(door.begin())
    door.add(made)
    with pytest.raises(PasskeyRefusedError):
        door.add(made)
    signed = device.get(door.ask())
    door.enter(signed)
    with pytest.raises(PasskeyRefusedError):
        door.enter(signed)
    door.ask()
    with pytest.raises(PasskeyRefusedError):
        door.enter(signed)  # an answer to the question before
    late = device.get(door.ask())
    door.clock.advance(ASKED)
    with pytest.raises(PasskeyRefusedError):
        door.enter(late)


def test_a_false_signature_a_copied_key_and_nonsense_open_nothing(door: Door) -> None:
    device = a_device()
    device.counts = 5
    door.add(device.create(door.begin()))
    device.counts = 6
    door.enter(device.get(door.ask()))
    copied, forged = replace(device, counts=6), replace(a_device(), id=device.id, counts=9)
    careless, phished = replace(device, counts=8, asks=False), replace(device, counts=8, origin="https://evil.example")

    for answer in (one.get(door.ask()) for one in (copied, forged, careless, phished, a_device())):
        with pytest.raises(PasskeyRefusedError):
            door.enter(answer)
    for answer in ("", "{}", "[]", '{"id": 1}', "nonsense"):
        door.ask()
        with pytest.raises(PasskeyRefusedError):
            door.enter(answer)


def test_a_closed_account_stays_closed_and_a_removed_key_opens_nothing(door: Door) -> None:
    device, second = a_device(), a_device()
    key = door.add(device.create(door.begin()))
    door.add(second.create(door.begin()))
    RemovePasskey(door.work, door.clock)(door.actor, key)
    with pytest.raises(UnknownPasskeyError):
        RemovePasskey(door.work, door.clock)(door.actor, key)
    with pytest.raises(PasskeyRefusedError):
        door.enter(device.get(door.ask()))
    with door.work() as unit:
        unit.users.replace(replace(unit.users.get(door.user.id), state=UserState.CLOSED))
    with pytest.raises(PasskeyRefusedError):
        door.enter(second.get(door.ask()))


def test_nobody_removes_or_takes_over_somebody_elses_key(door: Door, work: OpenSqlWork) -> None:
    other = replace(door, user=a_user(work, "other@example.org"))
    device = a_device()
    key = door.add(device.create(door.begin()))
    with pytest.raises(UnknownPasskeyError):
        RemovePasskey(work, door.clock)(other.actor, key)
    again = Question(browser=digest(SESSION), challenge=WebAuthnDevices().new_challenge(), until=NOON + ASKED)
    with work() as unit:
        unit.passkeys.ask(again)
    with pytest.raises(PasskeyRefusedError):
        other.add(device.create(f'{{"challenge": "{again.challenge}"}}'))


def test_keys_and_questions_are_kept_used_and_forgotten(work: OpenSqlWork) -> None:
    user = a_user(work)
    kept = Passkey(id=PasskeyId("key"), user=user.id, public_key=b"k", signed=1, added_at=NOON, origin=UNKNOWN)
    question = Question(browser=digest("here"), challenge="c", until=NOON + ASKED)
    with work() as unit:
        unit.passkeys.add(kept)
        unit.passkeys.used(kept.use(2, NOON + timedelta(days=1)))
        unit.passkeys.ask(replace(question, challenge="before"))
        unit.passkeys.ask(question)

    with work() as unit:
        assert unit.passkeys.of(user.id) == (replace(kept, signed=2, used_at=NOON + timedelta(days=1)),)
        assert unit.passkeys.of(UserId("nobody")) == ()
        assert [unit.passkeys.answered(question.browser) for _ in range(2)] == [question, None]
        unit.passkeys.ask(question)
        unit.passkeys.tidy(question.until)
        assert unit.passkeys.answered(question.browser) is None
        unit.connection.execute(delete(users).where(users.c.id == user.id))
        assert unit.passkeys.get(kept.id) is None


@pytest.mark.parametrize(
    ("host", "takes"), [("localhost", True), ("mentors.example.org", True), ("127.0.0.1", False), ("", False)]
)
def test_browsers_keep_keys_for_a_name_only(host: str, *, takes: bool) -> None:
    assert Site(origin=f"http://{host}", host=host).takes_passkeys is takes
