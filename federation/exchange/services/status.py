"""What anybody may know: releases, the language spoken, which roster is served, which batch is open, and readiness."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from federation.exchange.domain.errors import BoardUnreachableError, NotReadyError
from protocol.needs import BoardKind
from protocol.roster import ProtocolRange

if TYPE_CHECKING:
    from datetime import datetime

    from federation.exchange.domain.board import BoardView
    from federation.exchange.domain.roster import Versions
    from federation.exchange.services.ports.board import BoardKeeper
    from federation.exchange.services.ports.work import UnitOfWork
    from federation.ground.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """Which releases of the program are supported."""

    oldest: str
    newest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Which versions of the language are spoken here."""

    min: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardStatus:
    """The batch that collects uploads, and the one released last."""

    open: str
    closes_at: datetime
    released: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The answer of `/v1/status`; without a federation there is neither roster nor board.

    No board is shown either while it is another process that does not answer.
    """

    releases: Releases
    protocol: Spoken
    roster: Versions | None
    board: BoardStatus | None


class DatabaseCheck(Protocol):
    """Looks at the database."""

    def __call__(self) -> bool:
        """Whether it answers and has this release's schema."""
        ...


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """Tell what is served here."""

    reading: UnitOfWork
    board: BoardKeeper
    database: DatabaseCheck
    releases: Releases
    clock: Clock

    def __call__(self) -> Status:
        """The status, for anybody."""
        spoken = ProtocolRange()
        with self.reading() as work:
            standing = work.roster.standing()
        board = None
        if standing is not None:
            with suppress(BoardUnreachableError):
                board = _status(self.board.view(BoardKind.NEEDS, fresh=False))
        return Status(
            releases=self.releases,
            protocol=Spoken(min=spoken.min, max=spoken.max),
            roster=standing.versions if standing else None,
            board=board,
        )

    def now(self) -> datetime:
        """The service's own clock."""
        return self.clock.now()

    def ready(self) -> None:
        """Return if the service can do its work. Raises: NotReadyError with what it lacks."""
        if not self.database():
            raise NotReadyError(check="database")
        with self.reading() as work:
            expiries = work.roster.expiries()
        if expiries is not None and min(expiries) <= self.clock.now():
            raise NotReadyError(check="roster")


def _status(view: BoardView) -> BoardStatus:
    return BoardStatus(open=view.open, closes_at=view.closes_at, released=view.released[0] if view.released else None)
