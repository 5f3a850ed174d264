"""The relay's side of the need board: check membership and quota, take the origin away, hand over.

The board sees a pseudonym of the quarter and how many cards it may have open, never the member.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.board import Upload, quarter_before, quarter_of
from federation.exchange.domain.errors import BoardUnreachableError, MismatchError
from federation.exchange.domain.quota import DailyLimits, Spending
from protocol.needs import verify_attestation

if TYPE_CHECKING:
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.board import BoardKeeper
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork, Work
    from federation.ground.clock import Clock
    from protocol.needs import BoardKind


@dataclass(frozen=True, slots=True)
class HandOver:
    """Pass a sealed upload of an active member to the board, without its origin.

    A member says itself how many mentees wait; that counts as far as the stewards vouched for it.
    """

    work: UnitOfWork
    clock: Clock
    board: BoardKeeper
    secret: bytes

    def __call__(self, caller: Caller, kind: BoardKind, batch: str, upload: str, sealed: bytes) -> None:
        """Raises: SuspendedError, QuotaError, what the board refuses about the form of an upload.

        BoardUnreachableError: it may be sent again, under the same id, and costs nothing of the quota.
        """
        now = self.clock.now()
        member = caller.roster.active(caller.node, now)
        quarter = quarter_of(now)
        limits = DailyLimits.of(member.quotas)
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            work.counters.spend({caller.node: Spending(uploads=1)}, {caller.node: limits}, now)
            budget = min(_attested(work, caller, now), member.quotas.cards)
        content = f"{caller.node}\0{quarter}".encode()
        pseudonym = hmac.new(self.secret, content, hashlib.sha256).hexdigest()
        try:
            self.board.take(kind, Upload(batch=batch, upload=upload, sealed=sealed, pseudonym=pseudonym, budget=budget))
        except BoardUnreachableError:
            with self.work() as work:
                work.counters.spend({caller.node: Spending(uploads=-1)}, {caller.node: limits}, now)
            raise


def _attested(work: Work, caller: Caller, now: datetime) -> int:
    """The number attested this quarter, or in the one before until this quarter's arrives."""
    for quarter in (quarter_of(now), quarter_before(now)):
        found = work.attestations.get(caller.node, quarter)
        if found is not None:
            return found[0]
    return 0


@dataclass(frozen=True, slots=True)
class Attest:
    """Take a member's signed number of mentees who wait; a later one of the quarter replaces it."""

    work: UnitOfWork
    directory: Directory
    clock: Clock

    def __call__(self, caller: Caller, quarter: str, token: bytes) -> None:
        """Raises: JWS and field errors, MismatchError for another member or quarter."""
        now = self.clock.now()
        caller.roster.active(caller.node, now)
        keys = self.directory.signing_keys(caller.node, now)
        claims = verify_attestation(token, keys=keys, node=caller.node, quarter=quarter, now=now)
        if quarter != quarter_of(now):
            raise MismatchError(quarter=quarter_of(now))
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            earlier = work.attestations.get(caller.node, quarter)
            if earlier is None or earlier[1] <= claims.iat:
                work.attestations.put(caller.node, quarter, claims.waiting, claims.iat)
