"""Builds the one frozen `Services` of a node from its settings and adapters. The only place that knows both."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from federation.ground.clock import Clock, SystemClock
from federation.ground.engine import make_engine
from node.adapters.backup.archive import FolderArchive
from node.adapters.ids import SystemIds
from node.adapters.mail.office import Mailing, open_post_office
from node.adapters.mail.smtp import Server
from node.adapters.membership.wiring import Place, open_membership
from node.adapters.occupations.table import OccupationTable
from node.adapters.secrets import ArgonSecrets
from node.adapters.sheets.files import SheetFiles
from node.adapters.sql.schema import HEAD, require_head, revision
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault
from node.adapters.vault.passphrase import known_lock
from node.services.assigning import PoseProblem, Solve
from node.services.backup import MakeBackup
from node.services.checks import CheckBackup, CheckDisk, CheckKeys, CheckStanding, Examine
from node.services.consent import AddConsent, ListConsents, WithdrawConsent
from node.services.crossing import (
    FederationServices,
    LetterServices,
    MentorshipServices,
    Outside,
    RequestServices,
    SummaryServices,
    assemble,
)
from node.services.entrance import Entrance
from node.services.entrance import assemble as assemble_entrance
from node.services.intake.export import ExportPeople
from node.services.intake.people import ImportPeople
from node.services.keys import RotateKeys, ShowKeys
from node.services.matching import ExplainPair, KeepApart, SuggestMentors
from node.services.occupations import SearchOccupations
from node.services.people import ErasePerson, ListPeople, ShowPerson
from node.services.program import IdentifyOperator, ShowProgram
from node.services.report import MakeReport
from node.services.request.hearing import Hear
from node.services.today import Today
from node.services.users import AddUser, ListUsers
from node.settings import Settings

if TYPE_CHECKING:
    from httpx import AsyncClient

    from federation.ground.ticks import Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleServices:
    """What can be done with people."""

    bring_in: ImportPeople
    list: ListPeople
    show: ShowPerson
    export: ExportPeople
    erase: ErasePerson


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentServices:
    """What can be done with consents."""

    add: AddConsent
    withdraw: WithdrawConsent
    list: ListConsents


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchServices:
    """What can be asked of matching."""

    suggest: SuggestMentors
    why: ExplainPair
    keep_apart: KeepApart
    pose: PoseProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class UserServices:
    """What can be done with members of staff."""

    add: AddUser
    list: ListUsers


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyServices:
    """What can be done with the node's keys."""

    show: ShowKeys
    rotate: RotateKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class CareServices:
    """What an operator does for the node itself."""

    examine: Examine
    back_up: MakeBackup


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every verb of a running node, by concept."""

    operator: IdentifyOperator
    program: ShowProgram
    people: PeopleServices
    consents: ConsentServices
    matching: MatchServices
    occupations: SearchOccupations
    users: UserServices
    keys: KeyServices
    care: CareServices
    requests: RequestServices
    mentorships: MentorshipServices
    letters: LetterServices
    summary: SummaryServices
    federation: FederationServices
    report: MakeReport
    entrance: Entrance
    today: Today
    is_ready: Callable[[], bool]
    ticker: "Callable[[], Ticker]"
    close: Callable[[], None]


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


def open_vault(settings: Settings, ask_passphrase: Callable[[], str | None]) -> FileVault:
    """The keys of an existing node. Raises: the refusals of `federation.ground.keyfile`."""
    return FileVault.open(
        settings.key_file, lambda: known_lock(settings.instance, settings.passphrase_file, ask_passphrase)
    )


def archive_of(settings: Settings, engine: Engine, vault: FileVault) -> FolderArchive:
    """Where the node's backups go."""
    return FolderArchive(settings.backups, settings.data_dir, engine, vault)


def build(
    settings: Settings,
    engine: Engine,
    vault: FileVault,
    clock: Clock,
    connect: "Callable[[], AsyncClient] | None" = None,
) -> Services:
    """The services over an engine whose schema is up to date; `connect` opens another way to the exchange."""
    place = Place(
        engine=engine,
        vault=vault,
        clock=clock,
        roster_dir=settings.data_dir / "roster",
        language=settings.language,
        connect=connect or _connect,
    )
    membership = open_membership(place)
    work = unit_of_work(engine, vault, membership.border)
    reading = unit_of_work(engine, vault, membership.border, reading_only=True)
    ids = SystemIds(clock)
    crossing = assemble(
        Outside(
            work=work,
            reading=reading,
            clock=clock,
            ids=ids,
            federation=membership.federation(Hear(ids)),
            post_office=open_post_office(_mailing(settings)),
            time_zone=settings.time_zone,
        )
    )
    occupations, sheets = OccupationTable(), SheetFiles()
    archive = archive_of(settings, engine, vault)
    backup, standing = CheckBackup(archive, clock), CheckStanding(reading)
    return Services(
        operator=IdentifyOperator(reading),
        program=ShowProgram(reading),
        people=PeopleServices(
            bring_in=ImportPeople(work, reading, clock, ids, sheets, occupations),
            list=ListPeople(reading, occupations),
            show=ShowPerson(work, clock, occupations),
            export=ExportPeople(work, clock, occupations, sheets),
            erase=ErasePerson(work, clock, archive.publish_tombstones),
        ),
        consents=ConsentServices(
            add=AddConsent(work, clock, ids),
            withdraw=WithdrawConsent(work, clock),
            list=ListConsents(reading, clock),
        ),
        matching=MatchServices(
            suggest=SuggestMentors(reading, clock, occupations),
            why=ExplainPair(reading, clock, occupations),
            keep_apart=KeepApart(work, clock),
            pose=PoseProblem(reading, clock),
        ),
        occupations=SearchOccupations(occupations),
        users=UserServices(add=AddUser(work, clock, ids), list=ListUsers(reading)),
        keys=KeyServices(show=ShowKeys(reading, vault), rotate=RotateKeys(work, vault, clock)),
        care=CareServices(
            examine=Examine(
                (
                    CheckKeys(vault),
                    backup,
                    CheckDisk(lambda: shutil.disk_usage(settings.data_dir).free),
                    standing,
                    *crossing.checks,
                )
            ),
            back_up=MakeBackup(work, clock, archive),
        ),
        requests=crossing.requests,
        mentorships=crossing.mentorships,
        letters=crossing.letters,
        summary=crossing.summary,
        federation=crossing.federation,
        report=crossing.report,
        entrance=assemble_entrance(work, reading, clock, ids, ArgonSecrets()),
        today=Today(reading, clock, occupations, (backup, standing, *crossing.daily)),
        is_ready=lambda: revision(engine) == HEAD,
        ticker=lambda: _ticker(engine, clock),
        close=engine.dispose,
    )


def _ticker(engine: Engine, clock: Clock) -> "Ticker":
    from federation.ground.ticks import Ticker  # noqa: PLC0415 - only a server ticks

    return Ticker(engine, "node", clock)


def _connect() -> "AsyncClient":
    from federation.ground.http import client  # noqa: PLC0415 - most commands never talk to the exchange

    return client()


def _mailing(settings: Settings) -> Mailing:
    server = Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password_file=settings.smtp_password_file,
    )
    folder = settings.data_dir / "letters"
    return Mailing(sender=settings.mail_sender, folder=folder, server=server if settings.smtp_host else None)


def open_occupations() -> SearchOccupations:
    """The table of occupations, for which no data folder is needed."""
    return SearchOccupations(OccupationTable())


def open_solver() -> Solve:
    """The exact solver, for which no data folder is needed."""
    from node.adapters.assignment import solve  # noqa: PLC0415 - scipy, which no other command should wait for

    return Solve(solve, SystemClock())
