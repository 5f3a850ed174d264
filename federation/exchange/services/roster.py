"""The roster: take what the stewards signed, keep suspensions until they are cleared, keep the online files young."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import FoundingTokenError, NoSuchItemError
from federation.exchange.services.ports.work import Area
from protocol.ids import Digest, sha256_hex
from protocol.roster import stick

if TYPE_CHECKING:
    from datetime import datetime

    from federation.exchange.domain.publication import Bundle
    from federation.exchange.domain.roster import Versions
    from federation.exchange.services.ports.members import RosterKeeper
    from federation.exchange.services.ports.work import UnitOfWork
    from federation.ground.clock import Clock

TIMESTAMP_LEFT = timedelta(hours=13)
SNAPSHOT_LEFT = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class PublishRoster:
    """Publish staged files that hold against the trusted root; the first root needs the founding token."""

    work: UnitOfWork
    keeper: RosterKeeper
    clock: Clock
    founding: Digest | None

    def __call__(self, bundle: Bundle, token: str | None) -> Versions:
        """The versions now published. Raises: FoundingTokenError, RosterError and its kinds."""
        with self.work() as work:
            work.lock(Area.ROSTER)
            standing = work.roster.standing()
            if standing is None:
                self._check_token(token)
            publication = self.keeper.check(standing, bundle, self.clock.now())
            sticky = stick(work.roster.sticky(), publication.suspensions, publication.members.cleared)
            work.roster.publish(publication, sticky)
        return publication.online.versions

    def _check_token(self, token: str | None) -> None:
        given = sha256_hex((token or "").encode())
        if self.founding is None or not hmac.compare_digest(given, self.founding):
            raise FoundingTokenError


@dataclass(frozen=True, slots=True)
class ReadRosterFile:
    """Serve a published file to anybody."""

    reading: UnitOfWork

    def __call__(self, name: str) -> tuple[bytes, str]:
        """The file and its digest. Raises: NoSuchItemError."""
        with self.reading() as work:
            found = work.roster.file(name)
        if found is None:
            raise NoSuchItemError(kind="roster")
        return found


@dataclass(frozen=True, slots=True)
class RenewRoster:
    """Sign snapshot and timestamp anew before they expire; does nothing while both are young."""

    work: UnitOfWork
    keeper: RosterKeeper
    clock: Clock

    def __call__(self) -> bool:
        """Whether anything was signed."""
        now = self.clock.now()
        with self.work() as work:
            # Locked before looking: two processes that tick at once never sign two files under one number.
            work.lock(Area.ROSTER)
            expiries = work.roster.expiries()
            standing = work.roster.standing()
            if standing is None or expiries is None or not _is_due(*expiries, now):
                return False
            work.roster.renew(self.keeper.renew(standing, now))
        return True


def _is_due(snapshot: datetime, timestamp: datetime, now: datetime) -> bool:
    return snapshot < now + SNAPSHOT_LEFT or timestamp < now + TIMESTAMP_LEFT
