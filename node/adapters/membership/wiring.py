"""Puts this program's membership together: its own keys, tables and seals, and what letters do here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from federation.ground.clock import Clock
from federation.membership.identity import Identity
from node.adapters.membership.board_effects import ProgramBoard
from node.adapters.membership.border import BorderPost
from node.adapters.membership.effects import ProgramEffects
from node.adapters.membership.on_demand import FederationOnDemand
from node.adapters.membership.seal import ProgramSeal
from node.adapters.sql.tables import MEMBER
from node.adapters.sql.work import joined_work
from node.adapters.vault.file import FileVault
from node.services.ports import UnitOfWork
from node.services.ports.border import Found, Heard, Reminded
from node.services.ports.federation import Federation
from node.services.ports.work import Listener
from protocol.ids import NodeId, node_id, sha256_hex
from protocol.keys import SigningKey, WordList

if TYPE_CHECKING:
    import httpx

_WORDS = {"en": WordList.ENGLISH, "fr": WordList.FRENCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a program's membership lives."""

    engine: Engine
    vault: FileVault
    clock: Clock
    roster_dir: Path
    language: str
    connect: "Callable[[], httpx.AsyncClient]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What the program does with what it is told: letters, what comes home after a restore, notes, the board."""

    hear: Callable[[UnitOfWork, Heard], None]
    recover: Callable[[UnitOfWork, Found], None]
    remind: Callable[[UnitOfWork, Reminded, datetime], None]
    board: Listener


@dataclass(frozen=True, slots=True)
class Membership:
    """The two faces of a membership: one inside a transaction, one outside any."""

    place: Place
    identity: Identity

    def border(self, connection: Connection) -> BorderPost:
        """The border of one transaction."""
        return BorderPost(connection=connection, tables=MEMBER, identity=self.identity)

    def federation(self, ears: Ears) -> Federation:
        """Joining and rounds; what comes is told to the program."""
        return FederationOnDemand(lambda: self._open(ears))

    def _open(self, ears: Ears) -> Federation:
        # Most commands never talk to the exchange, and need not wait for what does.
        from federation.membership.http_relay import http_relays  # noqa: PLC0415 - as above
        from federation.membership.roster_client import RosterClient  # noqa: PLC0415 - as above
        from federation.membership.sync import Member  # noqa: PLC0415 - as above
        from node.adapters.membership.federation import MembershipFederation  # noqa: PLC0415 - as above

        place = self.place

        def join(connection: Connection) -> UnitOfWork:
            return joined_work(connection, place.vault, self.border)

        member = Member(
            engine=place.engine,
            tables=MEMBER,
            identity=self.identity,
            roster_client=RosterClient(metadata_dir=place.roster_dir, connect=place.connect),
            relays=http_relays(place.connect, place.clock),
            effects=ProgramEffects(join, ears.hear, ears.recover, ears.remind),
            clock=place.clock,
            board=ProgramBoard(join, ears.board),
        )
        return MembershipFederation(member, _WORDS[place.language], place.connect)


def node_of(identity: SigningKey) -> NodeId:
    """The id of a program in a federation: it follows from its identity key and tells nothing."""
    return node_id(bytes.fromhex(sha256_hex(identity.public.raw)))


def open_membership(place: Place) -> Membership:
    """The membership of a program."""
    identity = SigningKey(place.vault.identity_seed())
    node = node_of(identity)
    seal = ProgramSeal(place.engine, place.vault)
    return Membership(place, Identity(node=node, identity=identity, tables=MEMBER, seal=seal))
