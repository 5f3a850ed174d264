"""Signing in. Nobody is signed in yet when these verbs begin, so what a person brings stands for an actor.

A right password either opens a session, or waits for the code of a second factor.
"""

from dataclasses import dataclass
from datetime import timedelta

from node.domain.factor import (
    HALF_OPEN,
    MOST_CODES,
    CodeRefusedError,
    HalfOpen,
    HalfOpenError,
    is_recovery_code,
    plain_code,
)
from node.domain.signin import (
    LONGEST,
    MOST_FROM_ONE_PLACE,
    WINDOW,
    SignInRefusedError,
    TooManyAttemptsError,
    Way,
    digest,
    pause,
)
from node.domain.traces import email_trace
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.factors import Codes
from node.services.ports.signin import Secrets
from node.services.sessions import Arrival, BeginSession, Opened, active, is_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody at the door says who she is."""

    email: str
    arrival: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """An attempt that may be judged once `wait` has passed."""

    id: str
    attempt: Attempt
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWanted:
    """The password was right; `token` stands for it until the code comes."""

    token: str


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
            work.factors.tidy(now)
            known = is_known(work, attempt.arrival, work.users.by_email(attempt.email), now)
            place = counted_place(attempt.arrival, known=known)
            if work.attempts.from_place(place, now - WINDOW) >= MOST_FROM_ONE_PLACE:
                raise too_many()
            wait = timedelta() if known else pause(work.attempts.on_account(account, now - WINDOW))
            admitted = Admitted(id=self.ids.new(), attempt=attempt, wait=wait)
            work.attempts.add(admitted.id, place, "" if known else account, now)
        return admitted


def counted_place(arrival: Arrival, *, known: bool) -> str:
    """What attempts are counted by: a browser that was here before by itself, others by their address."""
    return f"browser:{digest(arrival.browser)}" if known else f"place:{arrival.place}"


def too_many() -> TooManyAttemptsError:
    """The refusal of one attempt too many."""
    return TooManyAttemptsError(minutes=WINDOW // timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class SignIn:
    """Judge an admitted attempt. Somebody unknown and a wrong password look alike and take as long."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    secrets: Secrets
    begin: BeginSession

    def __call__(self, admitted: Admitted, password: str) -> Opened | CodeWanted:
        """A session, or what waits for a code. Raises: SignInRefusedError."""
        with self.reading() as work:
            user = active(work.users.by_email(admitted.attempt.email))
            sealed = work.passwords.of(user.id) if user else None
        if not self.secrets.matches(password, sealed) or user is None:
            raise SignInRefusedError
        now = self.clock.now()
        with self.work() as work:
            factor = work.factors.of(user.id)
            if factor is not None and factor.confirmed_at is not None:
                token = self.secrets.new_token()
                work.factors.wait(
                    HalfOpen(digest=digest(token), user=user.id, until=now + HALF_OPEN, attempt=admitted.id)
                )
                return CodeWanted(token=token)
            work.attempts.forget(admitted.id)
            return self.begin(work, user, admitted.attempt.arrival, Way.PASSWORD, now)


@dataclass(frozen=True, slots=True)
class SignInWithCode:
    """The second half: the code of an app, or a recovery code."""

    work: OpenWork
    clock: Clock
    ids: Ids
    codes: Codes
    begin: BeginSession

    def __call__(self, token: str, typed: str, arrival: Arrival) -> Opened:
        """A session. Raises: HalfOpenError, TooManyAttemptsError, CodeRefusedError."""
        code, now = plain_code(typed), self.clock.now()
        with self.work() as work:  # the try is written down before it is judged
            attempt = self._try(work, token, code, arrival)
        with self.work() as work:
            half = work.factors.waiting(digest(token))
            user = active(work.users.get(half.user)) if half else None
            if half is None or user is None:
                raise HalfOpenError
            way = self._judge(work, half, code)
            work.factors.end_waiting(half.digest)
            work.attempts.forget(half.attempt)
            work.attempts.forget(attempt)
            return self.begin(work, user, arrival, way, now)

    def _try(self, work: UnitOfWork, token: str, code: str, arrival: Arrival) -> str:
        now = self.clock.now()
        half = work.factors.waiting(digest(token))
        if half is None:
            raise HalfOpenError
        work.factors.wait(half.once_more(now))
        known = is_known(work, arrival, work.users.get(half.user), now)
        account, attempt = f"code:{half.user}", self.ids.new()
        open_to_guesses = not known and not is_recovery_code(code)
        if open_to_guesses and work.attempts.on_account(account, now - WINDOW) >= MOST_CODES:
            raise too_many()
        place = counted_place(arrival, known=known)
        if work.attempts.from_place(place, now - WINDOW) >= MOST_FROM_ONE_PLACE:
            raise too_many()
        work.attempts.add(attempt, place, account if open_to_guesses else "", now)
        return attempt

    def _judge(self, work: UnitOfWork, half: HalfOpen, code: str) -> Way:
        if is_recovery_code(code):
            if not work.factors.spend_code(half.user, code):
                raise CodeRefusedError
            return Way.RECOVERY
        factor = work.factors.of(half.user)
        if factor is None:
            raise HalfOpenError
        if not work.factors.use(half.user, factor.accept(self.codes.step(factor.secret, code, self.clock.now()))):
            raise CodeRefusedError
        return Way.CODE
