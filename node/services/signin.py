"""Signing in and out. Nobody is signed in yet when these verbs begin, so what a person brings stands for an actor."""

from dataclasses import dataclass
from datetime import timedelta

from node.domain.actor import Actor
from node.domain.audit import Act
from node.domain.signin import (
    BROWSER_KNOWN,
    LONGEST,
    MOST_FROM_ONE_PLACE,
    WINDOW,
    Pass,
    Session,
    SignedOutError,
    SignInRefusedError,
    TooManyAttemptsError,
    digest,
    pause,
)
from node.domain.traces import email_trace
from node.domain.user import User, UserState
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody at a place says who she is; `browser` is what a browser that signed in before brings along."""

    email: str
    place: str
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """An attempt that may be judged once `wait` has passed."""

    id: str
    attempt: Attempt
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The tokens of a session that began, and of a browser that is known from now on."""

    session: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is signed in."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class AdmitAttempt:
    """Count an attempt before it is judged, so that many at once do not slip through together."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, attempt: Attempt) -> Admitted:
        """How long it waits. Raises: TooManyAttemptsError."""
        now = self.clock.now()
        account = email_trace(attempt.email)
        with self.work() as work:
            work.attempts.tidy(now - WINDOW)
            work.sessions.tidy(now - LONGEST, now)
            known = _is_known(work, attempt, self.clock)
            place = f"browser:{digest(attempt.browser)}" if known else f"place:{attempt.place}"
            if work.attempts.from_place(place, now - WINDOW) >= MOST_FROM_ONE_PLACE:
                raise TooManyAttemptsError(minutes=WINDOW // timedelta(minutes=1))
            wait = timedelta() if known else pause(work.attempts.on_account(account, now - WINDOW))
            admitted = Admitted(id=self.ids.new(), attempt=attempt, wait=wait)
            work.attempts.add(admitted.id, place, "" if known else account, now)
        return admitted


def _is_known(work: UnitOfWork, attempt: Attempt, clock: Clock) -> bool:
    known = work.sessions.known(digest(attempt.browser)) if attempt.browser else None
    if known is None or known.until <= clock.now():
        return False
    user = work.users.by_email(attempt.email)
    return user is not None and user.id == known.user


@dataclass(frozen=True, slots=True)
class SignIn:
    """Judge an admitted attempt. Somebody unknown and a wrong password look alike and take as long."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    secrets: Secrets

    def __call__(self, admitted: Admitted, password: str) -> Opened:
        """A session. Raises: SignInRefusedError."""
        with self.reading() as work:
            user = _active(work.users.by_email(admitted.attempt.email))
            sealed = work.passwords.of(user.id) if user else None
        if not self.secrets.matches(password, sealed) or user is None:
            raise SignInRefusedError
        now = self.clock.now()
        opened = Opened(session=self.secrets.new_token(), browser=admitted.attempt.browser or self.secrets.new_token())
        with self.work() as work:
            work.attempts.forget(admitted.id)
            work.sessions.begin(Session(digest=digest(opened.session), user=user.id, begun_at=now, seen_at=now))
            if not _is_known(work, admitted.attempt, self.clock):
                opened = Opened(session=opened.session, browser=self.secrets.new_token())
                work.sessions.know(Pass(digest=digest(opened.browser), user=user.id, until=now + BROWSER_KNOWN))
            remember(work, Actor(user.id, user.role), Act.SIGNED_IN, user.id, now)
        return opened


@dataclass(frozen=True, slots=True)
class Recognize:
    """Who a session belongs to."""

    work: OpenWork
    reading: OpenWork
    clock: Clock

    def __call__(self, token: str) -> Visitor:
        """The one who is signed in. Raises: SignedOutError."""
        now = self.clock.now()
        with self.reading() as work:
            session = work.sessions.find(digest(token)) if token else None
            if session is None or not session.is_open(now):
                raise SignedOutError
            user = _active(work.users.get(session.user))
        if user is None:
            raise SignedOutError
        if (seen := session.seen(now)) is not session:
            with self.work() as work:
                work.sessions.seen(seen)
        return Visitor(actor=Actor(user.id, user.role), name=user.name)


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session of one browser."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, token: str) -> None:
        """Nobody is signed in with this token any more."""
        with self.work() as work:
            work.sessions.end(digest(token))
            remember(work, actor, Act.SIGNED_OUT, actor.id, self.clock.now())


@dataclass(frozen=True, slots=True)
class SignOutEverywhere:
    """End every session of one's own."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> None:
        """Every browser has to sign in again, and none is known any more."""
        with self.work() as work:
            work.sessions.end_all(actor.id)
            work.sessions.forget_browsers(actor.id)
            remember(work, actor, Act.SIGNED_OUT_EVERYWHERE, actor.id, self.clock.now())


def _active(user: User | None) -> User | None:
    return user if user is not None and user.state is UserState.ACTIVE else None
