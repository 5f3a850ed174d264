"""One program at the door: what it asked, what a steward answered, and where that stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import JoinStateError

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import JoinId, KeyId, NodeId

KEPT = timedelta(days=30)
MOST_WAITING = 500
RETRY = 3_600


class JoinState(StrEnum):
    """Where a joining stands."""

    PENDING = "pending"
    CHALLENGED = "challenged"
    ANSWERED = "answered"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Signed documents of one joining, as they came."""

    id: JoinId
    node: NodeId
    identity: KeyId
    identity_raw: bytes
    request: bytes
    asked_at: datetime
    challenge: bytes | None = None
    answer: bytes | None = None
    refusal: bytes | None = None

    def state(self, *, is_active: bool) -> JoinState:
        """Where it stands; `is_active`: the roster names the identity key as an active member's."""
        if is_active:
            return JoinState.ADMITTED
        if self.refusal is not None:
            return JoinState.REFUSED
        if self.answer is not None:
            return JoinState.ANSWERED
        return JoinState.PENDING if self.challenge is None else JoinState.CHALLENGED

    def challenged(self, token: bytes) -> Joining:
        """With a challenge; another one than before starts that step again. Raises: JoinStateError."""
        self._still_open()
        return self if token == self.challenge else replace(self, challenge=token, answer=None)

    def answered(self, token: bytes) -> Joining:
        """With the answer to the challenge. Raises: JoinStateError."""
        self._still_open()
        if self.challenge is None or self.answer not in {None, token}:
            raise JoinStateError(join=self.id)
        return replace(self, answer=token)

    def refused(self, token: bytes) -> Joining:
        """With a steward's no. Raises: JoinStateError."""
        if self.refusal not in {None, token}:
            raise JoinStateError(join=self.id)
        return replace(self, refusal=token)

    def _still_open(self) -> None:
        if self.refusal is not None:
            raise JoinStateError(join=self.id)
