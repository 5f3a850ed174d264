"""Puts one steward's verbs together from her folder; the command line uses nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx

from federation.governance.adapters.exchange import HttpExchange
from federation.governance.adapters.folder import Folder, Passphrase
from federation.governance.adapters.rehearsal import RehearsalExchange, RehearsalFolder
from federation.governance.adapters.tuf_engine import TufEngine
from federation.governance.adapters.tuf_reader import TufReader
from federation.governance.domain.errors import FederationUnknownError
from federation.governance.services.duty import TakeDuty
from federation.governance.services.examine import Examine
from federation.governance.services.founding import FoundFederation, MakeSteward
from federation.governance.services.joining import Admit, IssueJoinCode, RefuseJoin
from federation.governance.services.look import CompareRoster, ShowHistory, ShowRoster, ShowStatus, TrustRoot
from federation.governance.services.ports import Exchange, StewardFolder
from federation.governance.services.propose import Propose
from federation.governance.services.publish import Publish
from federation.governance.services.sign import Sign
from federation.ground.clock import Clock, SystemClock
from federation.ground.http import client

Connect = Callable[[str], httpx.AsyncClient]


def connect(_url: str) -> httpx.AsyncClient:
    """A client for one request to the exchange."""
    return client(timeout=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a test may replace: the wire, the clock, and waiting."""

    connect: Connect = connect
    clock: Clock = field(default_factory=SystemClock)
    pause: Callable[[float], object] = field(default_factory=lambda: Event().wait)


class Desk:
    """A steward at her desk: the folder, and every verb she has. `rehearse` keeps and sends nothing."""

    def __init__(
        self, path: Path, passphrase: Passphrase, world: World, *, bare: bool = False, rehearse: bool = False
    ) -> None:
        kind = RehearsalFolder if rehearse else Folder
        folder = kind(path, world.clock, passphrase, bare=bare)
        self._world, self._folder = world, folder
        self._engine = TufEngine()
        self._reader = TufReader(folder, self._engine, world.clock, world.connect)
        self.rehearses = rehearse
        self.show = ShowRoster(self._reader, world.clock)
        self.compare = CompareRoster(self._reader)
        self.trust = TrustRoot(self._reader)
        self.status = ShowStatus(self.show)
        self.history = ShowHistory()
        self.make_steward = MakeSteward()
        self.found = FoundFederation(self._engine, world.clock)
        self.issue = IssueJoinCode(self._reader, world.clock)
        self.propose = Propose(self._reader, self._engine, world.clock)
        self.examine = Examine(self._engine, self._reader)
        self.sign = Sign(self._engine, world.clock, self.examine)

    @property
    def steward(self) -> StewardFolder:
        """Who acts."""
        return self._folder

    def admit(self) -> Admit:
        """Admission and rekeying. Raises: FederationUnknownError."""
        return Admit(self._exchange(), self.propose, self._world.clock, self._pause)

    def refuse(self) -> RefuseJoin:
        """The no to a join request. Raises: FederationUnknownError."""
        return RefuseJoin(self._exchange(), self._world.clock)

    def publish(self) -> Publish:
        """Publication, at the exchange this folder trusts, whatever a proposal says. Raises: FederationUnknownError."""
        return Publish(self._engine, self._world.clock, self.examine, self._exchange(), self._reader, self.rehearses)

    def duty(self) -> TakeDuty:
        """A turn of duty. Raises: FederationUnknownError."""
        return TakeDuty(self._reader, self._engine, self._exchange(), self._world.clock)

    def _exchange(self) -> Exchange:
        pin = self._folder.pin()
        if pin is None:
            raise FederationUnknownError
        real = HttpExchange(pin.exchange, self._world.connect)
        return RehearsalExchange(real) if self.rehearses else real

    def _pause(self, seconds: float) -> None:
        self._world.pause(seconds)
