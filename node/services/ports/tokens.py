"""Where tokens of other programs lie, and first answers to what must be done once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.actor import TokenId, UserId
from node.domain.signin import TokenDigest
from node.domain.token import Token


class Tokens(Protocol):
    """Tokens as digests, their names sealed."""

    def add(self, token: Token) -> None:
        """Keep a new token."""
        ...

    def get(self, token: TokenId) -> Token:
        """One token. Raises: UnknownTokenError."""
        ...

    def find(self, digest: TokenDigest) -> Token | None:
        """The token with this digest, if there is one."""
        ...

    def all(self) -> tuple[Token, ...]:
        """Every token, the first one added first."""
        ...

    def of(self, user: UserId) -> tuple[Token, ...]:
        """The tokens of one user, the first one added first."""
        ...

    def used(self, token: Token) -> None:
        """Write down when it was used last."""
        ...

    def end(self, token: TokenId) -> None:
        """It works no longer; nothing of it is kept."""
        ...

    def end_all(self, user: UserId) -> None:
        """No token of this user works any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Something asked for once: by whom, out of which session or token, under which key, and what it was.

    `owner`, `key` and `request` are digests. `subject` is whose data key seals the answer.
    """

    owner: str
    key: str
    request: str
    subject: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known of something asked for before; `answer` is None while it is being answered."""

    request: str
    answer: str | None


class Answers(Protocol):
    """First answers, sealed, until they are forgotten; who asks again is given the same."""

    def claim(self, asking: Asking, at: datetime) -> Answered | None:
        """Begin to answer; None for whoever is the first, however many ask together."""
        ...

    def given(self, asking: Asking, since: datetime) -> str | None:
        """The answer to what was asked after a moment; None where there is none."""
        ...

    def keep(self, asking: Asking, answer: str) -> None:
        """Keep the answer."""
        ...

    def drop(self, asking: Asking) -> None:
        """Nothing was done: who asks again is the first again."""
        ...

    def blank(self) -> None:
        """Keep no answer any longer, and remember that they were given."""
        ...

    def tidy(self, before: datetime) -> None:
        """Forget what was begun before a moment."""
        ...
