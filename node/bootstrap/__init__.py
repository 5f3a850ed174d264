"""Builds the `Services` of a node from its settings and adapters. The only place that knows both.

One module a group of verbs, loaded when a command first asks for the group: most commands need one of them.
A new verb is a line in its group's module; a new group is a module, and a property here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from federation.ground.clock import Clock, SystemClock
from federation.ground.engine import make_engine
from node.adapters.sql.schema import HEAD, require_head, revision
from node.bootstrap.adapters import Adapters, archive_of, open_vault
from node.settings import Settings

if TYPE_CHECKING:
    from httpx import AsyncClient
    from sqlalchemy import Engine

    from federation.ground.ticks import Ticker
    from node.adapters.vault.file import FileVault
    from node.bootstrap.board import BoardServices
    from node.bootstrap.care import CareServices
    from node.bootstrap.consents import ConsentServices
    from node.bootstrap.entrance import AccountServices, EntranceServices, ParticipantServices
    from node.bootstrap.federation import FederationServices
    from node.bootstrap.intake import IntakeServices
    from node.bootstrap.keys import KeyServices
    from node.bootstrap.letters import LetterServices
    from node.bootstrap.matching import DraftServices, MatchServices
    from node.bootstrap.mentorships import MentorshipServices
    from node.bootstrap.occupations import OccupationServices
    from node.bootstrap.people import PeopleServices
    from node.bootstrap.requests import RequestServices
    from node.bootstrap.summary import SummaryServices
    from node.bootstrap.users import UserServices
    from node.services.assigning import Solve
    from node.services.occupations import SearchOccupations
    from node.services.once import Once
    from node.services.program import IdentifyOperator, ShowProgram
    from node.services.report import MakeReport
    from node.services.today import Today

__all__ = ["Services", "archive_of", "build", "open_node", "open_occupations", "open_solver", "open_vault"]


@dataclass(frozen=True)
class Services:
    """Every verb of a running node, by concept."""

    adapters: Adapters

    @cached_property
    def operator(self) -> "IdentifyOperator":
        """Who operates the data folder."""
        from node.services.program import IdentifyOperator

        return IdentifyOperator(self.adapters.reading)

    @cached_property
    def program(self) -> "ShowProgram":
        """What the program is called, and where it works."""
        from node.services.program import ShowProgram

        return ShowProgram(self.adapters.reading)

    @cached_property
    def people(self) -> "PeopleServices":
        """What can be done with people."""
        from node.bootstrap.people import PeopleServices

        return PeopleServices(self.adapters)

    @cached_property
    def intake(self) -> "IntakeServices":
        """What can be done with people who come by themselves."""
        from node.bootstrap.intake import IntakeServices

        return IntakeServices(self.adapters)

    @cached_property
    def consents(self) -> "ConsentServices":
        """What can be done with consents."""
        from node.bootstrap.consents import ConsentServices

        return ConsentServices(self.adapters)

    @cached_property
    def matching(self) -> "MatchServices":
        """What can be asked of matching."""
        from node.bootstrap.matching import MatchServices

        return MatchServices(self.adapters)

    @cached_property
    def drafts(self) -> "DraftServices":
        """What can be done with drafts of who meets whom."""
        from node.bootstrap.matching import DraftServices

        return DraftServices(self.adapters)

    @cached_property
    def occupations(self) -> "SearchOccupations":
        """From what people type to a code."""
        from node.services.occupations import SearchOccupations

        return SearchOccupations(self.adapters.occupations)

    @cached_property
    def users(self) -> "UserServices":
        """What can be done with members of staff."""
        from node.bootstrap.users import UserServices

        return UserServices(self.adapters)

    @cached_property
    def once(self) -> "Once":
        """What must be done once, however often it is asked for."""
        from node.services.once import Once

        return Once(self.adapters.work, self.adapters.clock)

    @cached_property
    def entrance(self) -> "EntranceServices":
        """Everything about getting in and out."""
        from node.bootstrap.entrance import EntranceServices

        return EntranceServices(self.adapters)

    @cached_property
    def account(self) -> "AccountServices":
        """What somebody does with her own account."""
        from node.bootstrap.entrance import AccountServices

        return AccountServices(self.adapters)

    @cached_property
    def participants(self) -> "ParticipantServices":
        """How participants get in and out."""
        from node.bootstrap.entrance import ParticipantServices

        return ParticipantServices(self.adapters)

    @cached_property
    def keys(self) -> "KeyServices":
        """What can be done with the node's keys."""
        from node.bootstrap.keys import KeyServices

        return KeyServices(self.adapters)

    @cached_property
    def care(self) -> "CareServices":
        """What an operator does for the node itself."""
        from node.bootstrap.care import CareServices

        return CareServices(self.adapters)

    @cached_property
    def requests(self) -> "RequestServices":
        """What can be done with requests to and from other programs."""
        from node.bootstrap.requests import RequestServices

        return RequestServices(self.adapters)

    @cached_property
    def board(self) -> "BoardServices":
        """What can be done with anonymous requests."""
        from node.bootstrap.board import BoardServices

        return BoardServices(self.adapters)

    @cached_property
    def mentorships(self) -> "MentorshipServices":
        """What can be done with mentorships."""
        from node.bootstrap.mentorships import MentorshipServices

        return MentorshipServices(self.adapters)

    @cached_property
    def letters(self) -> "LetterServices":
        """What can be done with letters to our own people."""
        from node.bootstrap.letters import LetterServices

        return LetterServices(self.adapters)

    @cached_property
    def summary(self) -> "SummaryServices":
        """What can be done with what this program publishes."""
        from node.bootstrap.summary import SummaryServices

        return SummaryServices(self.adapters)

    @cached_property
    def federation(self) -> "FederationServices":
        """What taking part in a federation asks for."""
        from node.bootstrap.federation import FederationServices

        return FederationServices(self.adapters)

    @cached_property
    def report(self) -> "MakeReport":
        """Counts for funders."""
        from node.services.report import MakeReport

        return MakeReport(self.adapters.reading, self.adapters.clock)

    @cached_property
    def today(self) -> "Today":
        """What needs a person now."""
        from node.bootstrap.checks import daily_checks
        from node.services.today import Today

        on = self.adapters
        return Today(on.reading, on.work, on.clock, on.occupations, daily_checks(on))

    def is_ready(self) -> bool:
        """Whether the database has the schema of this release."""
        return revision(self.adapters.engine) == HEAD

    def ticker(self) -> "Ticker":
        """What recurs in a server."""
        from federation.ground.ticks import Ticker

        return Ticker(self.adapters.engine, "node", self.adapters.clock)

    def close(self) -> None:
        """Let go of the database."""
        self.adapters.engine.dispose()


def open_node(settings: Settings, ask_passphrase: Callable[[], str | None]) -> Services:
    """The services of an existing node; a SQLite file of an older release is backed up, then migrated.

    Raises: DatabaseBehindError, and the refusals of `federation.ground.keyfile`.
    """
    vault = open_vault(settings, ask_passphrase)
    engine = make_engine(settings.url)
    clock = SystemClock()
    if engine.dialect.name == "sqlite" and revision(engine) != HEAD:
        archive_of(settings, engine, vault).write(clock.now())
    require_head(engine)
    return build(settings, engine, vault, clock)


def build(
    settings: Settings,
    engine: "Engine",
    vault: "FileVault",
    clock: Clock,
    connect: "Callable[[], AsyncClient] | None" = None,
) -> Services:
    """The services over an engine whose schema is up to date; `connect` opens another way to the exchange."""
    return Services(Adapters(settings=settings, engine=engine, vault=vault, clock=clock, connect=connect))


def open_occupations(folder: Path) -> "OccupationServices":
    """The table of occupations, deepened by what was loaded into a folder; no node need be there."""
    from node.adapters.occupations.table import OccupationTable
    from node.bootstrap.occupations import OccupationServices

    return OccupationServices(OccupationTable(folder), folder)


def open_solver() -> "Solve":
    """The exact solver, for which no data folder is needed."""
    from node.adapters.assignment import solve
    from node.services.assigning import Solve

    return Solve(solve, SystemClock())
