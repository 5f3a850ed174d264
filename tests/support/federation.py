"""Programs with real keys and databases that take part in a federation, joined to an exchange in this process."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Connection, Engine, MetaData

from federation.ground.engine import make_engine, metadata, sqlite_url, transaction
from federation.ground.sealed import new_key, seal, unseal
from federation.membership.catching_up import mark_restored
from federation.membership.door import JoinProfile
from federation.membership.events import Erasures, Recovered
from federation.membership.http_relay import http_relays
from federation.membership.identity import Identity
from federation.membership.links import JoinState, Link, Links
from federation.membership.post import ThreadView
from federation.membership.receive import ThreadEvent
from federation.membership.roster_client import RosterClient
from federation.membership.sync import Member, SyncReport
from federation.membership.tables import MemberTables, define
from protocol.bodies import (
    Body,
    Capability,
    IntroReveal,
    Kind,
    LanguageLevel,
    OfferAccept,
    OfferConfirm,
    RequestOffer,
    RequestOpen,
    Tombstone,
)
from protocol.documents import to_moment
from protocol.ids import NODE_ENTROPY, JoinId, MessageId, NodeId, ThreadId, node_id, sha256_hex, uuid7
from protocol.joining import CODE_LIFETIME, JoinCode, sign_code
from protocol.keys import SigningKey
from protocol.vocabulary import Mode, Publishes, SizeBracket, Topic
from tests.support.clock import FakeClock
from tests.support.roster import Stewards
from tests.support.simulated_exchange import SimulatedExchange

Connect = Callable[[], httpx.AsyncClient]
PROFILE = JoinProfile(name="Medicine Hat", region="Alberta", publishes=Publishes.BRACKET, size=SizeBracket.UNDER_25)
NEED = RequestOpen(
    occupation="21331",
    topics=(Topic.LICENSING,),
    languages=(LanguageLevel(language="en", clb=6),),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)
END = Tombstone()
EPOCH = datetime.fromtimestamp(0, UTC)


class TestSeal:
    """A real seal at rest under a key of the test."""

    __test__ = False

    def __init__(self, key: bytes | None = None) -> None:
        self.key = key or new_key()

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        return seal(self.key, plaintext, context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        return unseal(self.key, sealed, context)


@dataclass
class RecordedEffects:
    """What a program was told; it may be made to fail, or to answer inside the receiving transaction."""

    events: list[ThreadEvent] = field(default_factory=list)
    shown: list[ThreadEvent] = field(default_factory=list)
    found: list[Recovered] = field(default_factory=list)
    erased: tuple[str, ...] | None = None
    reminders: list[Erasures] = field(default_factory=list)
    fails: bool = False
    answer: Callable[[Connection, ThreadEvent], None] | None = None

    def accepted(self, connection: Connection, event: ThreadEvent) -> None:
        if self.fails:
            raise RuntimeError("the program fails")
        self.events.append(event)
        if self.answer is not None:
            self.answer(connection, event)

    def recovered(self, connection: Connection, found: Recovered) -> None:
        if self.fails:
            raise RuntimeError("the program fails")
        self.found.append(found)

    def quarantined(self, connection: Connection, event: ThreadEvent) -> None:
        self.shown.append(event)

    def erasures(self, connection: Connection, most: int, now: datetime) -> Erasures | None:
        if self.erased is None:
            return None
        return Erasures(tombstones=self.erased[:most], since=EPOCH, at=now)

    def reminded(self, connection: Connection, found: Erasures, now: datetime) -> None:
        self.reminders.append(found)

    @property
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.events]


@dataclass
class Program:
    """One program: its database, its folder, its side of the federation."""

    name: str
    node: NodeId
    engine: Engine
    tables: MemberTables
    member: Member
    effects: RecordedEffects
    clock: FakeClock

    def sync(self) -> SyncReport:
        return self.member.sync()

    def open(self, to: "Program | NodeId", body: RequestOpen = NEED) -> ThreadId:
        peer = to.node if isinstance(to, Program) else to
        with transaction(self.engine) as connection:
            return self.member.post.open_thread(connection, to=peer, body=body, now=self.clock.now())

    def say(self, thread: ThreadId, kind: Kind, body: Body = END) -> MessageId:
        with transaction(self.engine) as connection:
            return self.member.post.say(connection, thread=thread, kind=kind, body=body, now=self.clock.now())

    def view(self, thread: ThreadId) -> ThreadView:
        with transaction(self.engine) as connection:
            return self.member.post.view(connection, thread)

    @property
    def file(self) -> Path:
        return Path(str(self.engine.url.database))

    def copy(self) -> Path:
        """A copy of the database as it is now, as a backup or a cloned folder holds it."""
        self.engine.dispose()
        copied = self.file.with_suffix(".copy")
        with sqlite3.connect(self.file) as source, closing(sqlite3.connect(copied)) as target:
            source.backup(target)
        source.close()
        return copied

    def put_back(self, copied: Path, made_at: datetime | None = None) -> None:
        """Put a copy in place of the database; with its date, as `restore` does, which knows that something is lost."""
        self.engine.dispose()
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()
        shutil.copy(copied, self.file)
        if made_at is not None:
            with transaction(self.engine) as connection:
                mark_restored(self.tables, connection, made_at, self.clock.now())

    def alerts(self) -> list[str]:
        with transaction(self.engine) as connection:
            return sorted(alert.code.value for alert in self.member.alerts.all(connection))

    def outbox(self) -> dict[str, str]:
        with transaction(self.engine) as connection:
            return {entry.message: entry.state.value for entry in self.member.outbox(connection)}


@dataclass
class Federation:
    """Stewards, an exchange in memory, and programs; `clock` is everybody's."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stewards = Stewards(self.clock.now())
        self.exchange = SimulatedExchange(self.clock, self.stewards)
        self.stewards.publish()

    def program(self, name: str, *, database_url: str | None = None, admitted: bool = True) -> Program:
        """A program whose keys are published and whose roster is fresh."""
        made = make_program(self.folder, name, self.clock, self.exchange.connect, database_url)
        if admitted:
            self.stewards.admit(made.node, made.member.identity.identity.public, name)
            self.renew()
            enrol(made, self.stewards, self.clock)
            made.sync()
        self.programs.append(made)
        return made

    def connect(self) -> httpx.AsyncClient:
        return self.exchange.connect()

    def renew(self) -> None:
        """The stewards sign everything at this moment."""
        self.stewards.now = self.clock.now()
        self.stewards.publish()

    def wait(self, by: timedelta, *, renew: bool = True) -> None:
        """Let time pass, with stewards who do their daily work."""
        self.clock.advance(by)
        if renew:
            self.renew()

    def settle(self, rounds: int = 3) -> None:
        """Let every program have some rounds, until one behind the first, which may publish, brings nobody anything."""
        for number in range(rounds):
            found = [program.sync() for program in self.programs]
            if number and not any(each.letters_sent or each.receipts_taken or each.letters_taken for each in found):
                return

    def code(self) -> str:
        """A join code for the newest root."""
        now = self.clock.now()
        version = self.stewards.versions["root"]
        code = JoinCode(
            jti=uuid7(now, os.urandom(10)),
            exchange=self.stewards.url,
            root_version=version,
            root_sha256=sha256_hex(self.stewards.files[f"{version}.root.json"]),
            secret=secrets.token_urlsafe(32),
            iat=to_moment(now),
            exp=to_moment(now + CODE_LIFETIME),
        )
        return sign_code(code, self.stewards.admissions[0]).decode()


def enrol(program: Program, stewards: Stewards, clock: FakeClock) -> None:
    """Skip the steps of joining: pin the root and write the link as an admitted member has it."""
    root = stewards.files["1.root.json"]
    program.member.roster_client.bootstrap(root)
    with transaction(program.engine) as connection:
        link = Link(
            exchange=stewards.url,
            join=JoinId(uuid7(clock.now(), os.urandom(10))),
            state=JoinState.ADMITTED,
            request=b"",
            root_digest=sha256_hex(root),
            paused_by=None,
            synced_at=None,
        )
        Links(program.tables).begin(connection, link)


@cache
def _schema() -> tuple[MetaData, MemberTables]:
    schema = metadata()
    return schema, define(schema)


@cache
def _empty_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "member.sqlite3"
        engine = make_engine(sqlite_url(file))
        _schema()[0].create_all(engine)
        engine.dispose()
        return file.read_bytes()


def make_program(
    folder: Path, name: str, clock: FakeClock, connect: Connect, database_url: str | None = None
) -> Program:
    """A program that has not joined anything yet."""
    place = folder / name
    place.mkdir(parents=True)
    schema, tables = _schema()
    if database_url is None:
        (place / "member.sqlite3").write_bytes(_empty_file())
    engine = make_engine(database_url or sqlite_url(place / "member.sqlite3"))
    if database_url is not None:
        schema.create_all(engine)
    node = node_id(os.urandom(NODE_ENTROPY))
    identity = Identity(node=node, identity=SigningKey.generate(), tables=tables, seal=TestSeal())
    effects = RecordedEffects()
    member = Member(
        engine=engine,
        tables=tables,
        identity=identity,
        roster_client=RosterClient(metadata_dir=place / "roster", connect=connect),
        relays=http_relays(connect, clock),
        effects=effects,
        clock=clock,
    )
    return Program(name=name, node=node, engine=engine, tables=tables, member=member, effects=effects, clock=clock)


def offer(clock: FakeClock) -> RequestOffer:
    return RequestOffer(
        capability=Capability(
            occupation="21331",
            topics=(Topic.LICENSING,),
            languages=("en",),
            mode=Mode.ONLINE,
            hours=4,
            years_of_experience=12,
            time_zone="America/Edmonton",
        ),
        hold_until=to_moment(clock.now() + timedelta(days=14)),
    )


def consent(clock: FakeClock) -> str:
    return uuid7(clock.now(), os.urandom(10))


def introduce(home: Program, host: Program) -> ThreadId:
    """The whole way from `request.open` to both reveals, two rounds for every letter."""

    def carry(sender: Program, receiver: Program) -> None:
        sender.sync()
        receiver.sync()
        sender.sync()

    home.sync()
    thread = home.open(host)
    carry(home, host)
    host.say(thread, Kind.REQUEST_OFFER, offer(home.clock))
    carry(host, home)
    home.say(thread, Kind.OFFER_ACCEPT, OfferAccept(consent=consent(home.clock)))
    carry(home, host)
    host.say(thread, Kind.OFFER_CONFIRM, OfferConfirm(consent=consent(home.clock)))
    host.say(thread, Kind.INTRO_REVEAL, IntroReveal(name="Mary Mentor", email="mary@host.example.org"))
    carry(host, home)
    home.say(thread, Kind.INTRO_REVEAL, IntroReveal(name="Nadia Newcomer", email="nadia@home.example.org"))
    carry(home, host)
    return thread
