"""Sessions of staff: how they begin, whose they are, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Actor
from node.domain.audit import Act
from node.domain.factor import Demand
from node.domain.origin import UNKNOWN, Origin
from node.domain.signin import (
    BROWSER_KNOWN,
    Pass,
    Session,
    SignedOutError,
    TokenDigest,
    UnknownSessionError,
    Way,
    digest,
)
from node.domain.user import User, UserState
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A browser at the door. `place` is counted and kept as a hash only, `browser` it brings if it was here before."""

    place: str
    browser: str = ""
    origin: Origin = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The tokens of a session that began, and of a browser that is known from now on."""

    session: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is signed in. With `factor_needed` she has to set up a second factor before anything else."""

    actor: Actor
    name: str
    factor_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One browser in which somebody is signed in; `here` is the one that asks."""

    digest: TokenDigest
    way: Way
    origin: Origin
    begun_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class BeginSession:
    """Let a user in, inside a transaction of somebody else's."""

    secrets: Secrets

    def __call__(self, work: UnitOfWork, user: User, arrival: Arrival, way: Way, now: datetime) -> Opened:
        """A new session, and the browser known."""
        token, browser = self.secrets.new_token(), arrival.browser
        work.sessions.begin(
            Session(digest=digest(token), user=user.id, begun_at=now, seen_at=now, way=way, origin=arrival.origin)
        )
        if not is_known(work, arrival, user, now):
            browser = self.secrets.new_token()
            work.sessions.know(Pass(digest=digest(browser), user=user.id, until=now + BROWSER_KNOWN))
        remember(work, Actor(user.id, user.role), Act.SIGNED_IN, user.id, now)
        return Opened(session=token, browser=browser)


def is_known(work: UnitOfWork, arrival: Arrival, user: User | None, now: datetime) -> bool:
    """Whether this user signed in with this browser before."""
    known = work.sessions.known(digest(arrival.browser)) if arrival.browser else None
    return known is not None and now < known.until and user is not None and user.id == known.user


def active(user: User | None) -> User | None:
    """The user, unless her access is closed."""
    return user if user is not None and user.state is UserState.ACTIVE else None


@dataclass(frozen=True, slots=True)
class Recognize:
    """Who a session belongs to."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    demand: Demand = Demand.NOBODY

    def __call__(self, token: str) -> Visitor:
        """The one who is signed in. Raises: SignedOutError."""
        now = self.clock.now()
        with self.reading() as work:
            session = work.sessions.find(digest(token)) if token else None
            if session is None or not session.is_open(now):
                raise SignedOutError
            user = active(work.users.get(session.user))
            if user is None:
                raise SignedOutError
            wanted = self.demand.is_for(user.role) and session.way is Way.PASSWORD
            needed = wanted and not _has_factor(work, user)
        if (seen := session.seen(now)) is not session:
            with self.work() as work:
                work.sessions.seen(seen)
        return Visitor(actor=Actor(user.id, user.role), name=user.name, factor_needed=needed)


def _has_factor(work: UnitOfWork, user: User) -> bool:
    factor = work.factors.of(user.id)
    return factor is not None and factor.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class ListSessions:
    """Where somebody is signed in."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, token: str) -> tuple[SessionView, ...]:
        """Her own sessions, the newest first; `token` is the one she asks with."""
        with self.reading() as work:
            found = work.sessions.of(actor.id)
        now = self.clock.now()
        return tuple(_view(session, digest(token)) for session in found if session.is_open(now))


def _view(session: Session, here: TokenDigest) -> SessionView:
    return SessionView(
        digest=session.digest,
        way=session.way,
        origin=session.origin,
        begun_at=session.begun_at,
        seen_at=session.seen_at,
        here=session.digest == here,
    )


@dataclass(frozen=True, slots=True)
class EndSession:
    """End one session of one's own."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, session: TokenDigest) -> None:
        """Nobody is signed in there any more. Raises: UnknownSessionError."""
        with self.work() as work:
            found = work.sessions.find(session)
            if found is None or found.user != actor.id:
                raise UnknownSessionError
            work.sessions.end(session)
            remember(work, actor, Act.SIGNED_OUT, actor.id, self.clock.now())


@dataclass(frozen=True, slots=True)
class EndOtherSessions:
    """End every session of one's own but the one that asks; no other browser is known any more."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, token: str) -> None:
        """Every other browser has to sign in again."""
        with self.work() as work:
            work.sessions.end_all(actor.id, but=digest(token))
            work.sessions.forget_browsers(actor.id)
            remember(work, actor, Act.SIGNED_OUT_EVERYWHERE, actor.id, self.clock.now())


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
