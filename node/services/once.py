"""Doing something once, however often it is asked for: a second click, a repeated call after a lost answer.

Whoever asks brings a key of his own making. The first to bring it is answered, and the answer is kept for a day; who
brings it again is given that answer, and nothing is done a second time. Pages and API share this; what the answer says
is theirs.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from node.domain.actor import Actor, Participant
from node.domain.errors import DomainError
from node.services.ports import Clock, OpenWork
from node.services.ports.tokens import Asking

KEPT = timedelta(hours=24)


class KeyReusedError(DomainError):
    """Something else was asked for under this key."""

    code = "key-reused"


class StillAnsweringError(DomainError):
    """What was asked for under this key is being answered, or was cut short."""

    code = "still-answering"


@dataclass(frozen=True, slots=True)
class Once:
    """Answers a key once. `owner` is the session or token out of which it comes: keys of others never meet."""

    work: OpenWork
    clock: Clock

    def __call__(
        self, actor: Actor | Participant, owner: str, key: str, request: bytes, answer: Callable[[], str]
    ) -> tuple[str, bool]:
        """The answer, and whether it was given before. What `answer` raises is not kept: nothing was done then.

        Raises: KeyReusedError, StillAnsweringError, and what `answer` raises.
        """
        asking = Asking(owner=_digest(owner), key=_digest(key), request=_digest(request), subject=actor.id)
        before = self.claim(asking)
        if before is not None:
            return before, True
        try:
            given = answer()
        except BaseException:
            self.drop(asking)
            raise
        self.keep(asking, given)
        return given, False

    def claim(self, asking: Asking) -> str | None:
        """Begin to answer: None for the first, else the first answer. Raises: KeyReusedError, StillAnsweringError."""
        now = self.clock.now()
        with self.work() as work:
            work.answers.tidy(now - KEPT)
            before = work.answers.claim(asking, now)
        if before is None:
            return None
        if before.request != asking.request:
            raise KeyReusedError
        if before.answer is None:
            raise StillAnsweringError
        return before.answer

    def given(self, asking: Asking) -> str | None:
        """The first answer, if there is one and it is not a day old."""
        with self.work() as work:
            return work.answers.given(asking, self.clock.now() - KEPT)

    def keep(self, asking: Asking, answer: str) -> None:
        """Keep the first answer."""
        with self.work() as work:
            work.answers.keep(asking, answer)

    def drop(self, asking: Asking) -> None:
        """Nothing was done: the key may be used again."""
        with self.work() as work:
            work.answers.drop(asking)

    def forget_old(self) -> None:
        """Forget answers that are a day old; the clock of retention calls this."""
        with self.work() as work:
            work.answers.tidy(self.clock.now() - KEPT)


def _digest(what: str | bytes) -> str:
    return hashlib.sha256(what.encode() if isinstance(what, str) else what).hexdigest()
