"""Whole nodes and the real exchange in one process: every verb, every signature, every seal, no socket."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from federation.exchange.app import create_app, services_of
from federation.exchange.founding import init_exchange
from federation.exchange.settings import load_settings
from federation.ground import http
from federation.ground.engine import make_engine, sqlite_url
from node.adapters.ids import SystemIds
from node.adapters.membership.restored import mark_restored
from node.adapters.membership.wiring import Place, open_membership
from node.adapters.sql.work import SqlUnitOfWork, unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.bootstrap import Services, build
from node.domain.actor import Actor, Role
from node.domain.consent import ANY_MEMBER, Given, Purpose
from node.domain.person import Kind, Person, PersonId, Visibility
from node.domain.program import Standing, Tongue
from node.services.agreeing import Yes
from node.services.backup import Recovered, TakeUpRestored
from node.services.consent import NewConsent
from node.services.federation import SyncView
from node.services.ports.federation import Admission
from node.services.ports.vault import Guard
from node.services.program import FoundProgram, NewProgram
from node.settings import make_settings
from protocol.documents import to_moment
from protocol.ids import NodeId, ThreadId, sha256_hex
from protocol.joining import JoinCode, sign_code
from protocol.roster import Member
from protocol.vocabulary import Publishes, SizeBracket
from tests.support.clock import FakeClock
from tests.support.exchange import JSON, URL, Peer, Stewards
from tests.support.migrated import bring_exchange_to_head, bring_to_head
from tests.support.node import WORDS, a_person, a_profile, new_id

_JOIN_SECRET = "s" * 43


@dataclass(slots=True, kw_only=True)
class Declared(Peer):
    """A member as the stewards enter it."""

    name: str
    publishes: Publishes = Publishes.BRACKET

    def member(self) -> Member:
        """Its entry in the roster."""
        return Peer.member(self).model_copy(update={"name": self.name, "publishes": self.publishes})


@dataclass(slots=True)
class Node:
    """One program's node."""

    name: str
    services: Services
    actor: Actor
    clock: FakeClock
    engine: Engine
    vault: FileVault
    folder: Path
    place: Place
    peer: Declared

    @property
    def id(self) -> NodeId:
        """Its id in the federation."""
        return self.peer.node

    @property
    def work(self) -> SqlUnitOfWork:
        """A unit of work without a border, to look at rows."""
        return unit_of_work(self.engine, self.vault)()

    def sync(self) -> SyncView:
        """One round, with everything that came taken in."""
        view = self.services.federation.sync(self.actor)
        assert view.round.reached
        return view

    def add(self, person: Person) -> Person:
        """Take somebody in, into the first community."""
        with self.work as work:
            place = work.communities.all()[0].id
            person = replace(person, profile=replace(person.profile, community=place))
            work.people.add([person])
        return person

    def mentee(self, *, occupation: str = "21300") -> Person:
        """A mentee who agreed to being asked for elsewhere."""
        mentee = self.add(a_person(profile=a_profile(occupation=occupation)))
        self.agrees(mentee.id, Purpose.OUTSIDE)
        return mentee

    def mentor(
        self, *, occupation: str = "21300", seats: int = 1, visibility: Visibility = Visibility.LISTED
    ) -> Person:
        """A mentor who agreed to be listed."""
        profile = replace(a_profile(occupation=occupation, seats=seats), visibility=visibility)
        mentor = self.add(a_person(Kind.MENTOR, profile=profile))
        self.agrees(mentor.id, Purpose.LISTING)
        return mentor

    def agrees(self, person: PersonId, purpose: Purpose) -> None:
        """Write down a yes."""
        new = NewConsent(person=person, purpose=purpose, given=Given.IN_PERSON, recipient=ANY_MEMBER)
        self.services.consents.add(self.actor, new)

    def says_yes(self, thread: ThreadId, mentor: PersonId | None = None) -> None:
        """Both yeses of one request."""
        self.services.requests.agree(self.actor, Yes(thread=thread, given=Given.PHONE, mentor=mentor))


def _away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away", request=request)


@dataclass(slots=True)
class World:
    """Nodes around one real exchange; `clock` is everybody's."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    url: str = URL
    away: bool = False
    nodes: list[Node] = field(default_factory=list)
    strangers: list[Node] = field(default_factory=list)
    stewards: Stewards = field(init=False)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        data_dir = self.folder / "exchange"
        public = init_exchange(data_dir, self.url)
        settings = load_settings(data_dir)
        bring_exchange_to_head(settings.url)
        self.stewards = Stewards(public=public, clock=self.clock)
        self.app = create_app(settings, self.clock)
        anyio.run(self._publish, self.stewards.founding(), {"mentorweave-founding": public.founding_token})

    def connect(self) -> httpx.AsyncClient:
        """A client that reaches the exchange without a socket."""
        if self.away:
            return http.client(transport=httpx.MockTransport(_away))
        return http.client(transport=httpx.ASGITransport(app=self.app))

    def node(
        self,
        name: str,
        *,
        language: Tongue = Tongue.ENGLISH,
        url: str | None = None,
        publishes: Publishes = Publishes.BRACKET,
    ) -> Node:
        """A program that founded itself, joined, and was admitted."""
        node = self._found(name, language, url)
        code = self.code()
        join = node.services.federation.join
        assert join(node.actor, code, publishes, SizeBracket.UNDER_25).state is Admission.WAITING
        node.peer.publishes = publishes
        self.admit(node.peer)
        assert join(node.actor, code, publishes, SizeBracket.UNDER_25).state is Admission.ADMITTED
        self.nodes.append(node)
        node.sync()
        return node

    def admit(self, peer: Declared) -> None:
        """The stewards enter a program into the roster."""
        self.stewards.members.append(peer)
        anyio.run(self._publish, self.stewards.admission(), {})

    def stranger(self, name: str, *, language: Tongue = Tongue.ENGLISH, url: str | None = None) -> Node:
        """A program that founded itself and joined nothing."""
        node = self._found(name, language, url)
        self.strangers.append(node)
        return node

    def code(self) -> str:
        """A join code by the stewards."""
        now, root = self.clock.now(), self._root()
        code = JoinCode(
            jti=new_id(),
            exchange=self.url,
            root_version=1,
            root_sha256=sha256_hex(root),
            secret=_JOIN_SECRET,
            iat=to_moment(now),
            exp=to_moment(now + timedelta(days=7)),
        )
        return sign_code(code, self.stewards.keys.admissions[0]).decode()

    def backup(self, node: Node) -> Path:
        """A copy of a node's database as it is now."""
        copied = node.folder / "copy.sqlite3"
        copied.unlink(missing_ok=True)
        with closing(sqlite3.connect(node.folder / "node.sqlite3")) as source, closing(sqlite3.connect(copied)) as into:
            source.backup(into)
        return copied

    def put_back(self, node: Node, copied: Path, made_at: datetime | None = None) -> None:
        """Put a copy in place of a node's database; with its date as `restore` does, which knows what is lost."""
        node.engine.dispose()
        for left in node.folder.glob("node.sqlite3*"):
            left.unlink()
        shutil.copy(copied, node.folder / "node.sqlite3")
        if made_at is None:
            return
        with node.work as work:
            joined = mark_restored(work.connection, made_at, self.clock.now())
        found = Recovered(made_at=made_at, tombstones=(), complete_to=None, joined=joined)
        TakeUpRestored(unit_of_work(node.engine, node.vault), self.clock)(
            Actor(node.actor.id, Role.ADMINISTRATOR), found
        )

    def restore(self, node: Node) -> None:
        """Mark a node as one that came back from a backup."""
        with node.work as work:
            mark_restored(work.connection, self.clock.now(), self.clock.now())
            program = work.programs.get()
            work.programs.replace(replace(program, standing=Standing.RESTORED, restored_to=self.clock.now()))

    def suspend(self, node: Node) -> None:
        """One steward stops a program."""
        self.stewards.suspend(node.peer)
        anyio.run(self._publish, self.stewards.denial(), {})

    def settle(self, rounds: int = 4) -> None:
        """Let every node have some rounds, until one behind the first, which may publish, brings nobody anything."""
        for number in range(rounds):
            found = [node.sync().round for node in self.nodes]
            if number and not any(each.received or each.sent or each.summaries for each in found):
                return

    def wait(self, by: timedelta) -> None:
        """Let time pass, with stewards and an exchange that did their daily work at its end."""
        self.clock.advance(by)
        anyio.run(self._publish, self.stewards.denial(), {})
        services_of(self.app).renew_roster()

    def close(self) -> None:
        """Let go of every database."""
        for node in (*self.nodes, *self.strangers):
            node.services.close()
        services_of(self.app).engine.dispose()

    def _found(self, name: str, language: Tongue, url: str | None) -> Node:
        folder = self.folder / name
        folder.mkdir()
        lock = Lock(guard=Guard.BARE, passphrase=None)
        vault = FileVault.create(self.folder / "keys" / f"{name}.key", lock, make_keys(WORDS))
        engine = make_engine(url or sqlite_url(folder / "node.sqlite3"))
        bring_to_head(engine)
        new = NewProgram(
            name=name, region="Alberta", language=language, communities=(name,), operator_name="Olga Operator"
        )
        FoundProgram(unit_of_work(engine, vault), self.clock, SystemIds(self.clock))(new)
        values: dict[str, object] = {"instance": name, "language": language.value, "keys_dir": self.folder / "keys"}
        services = build(make_settings(folder, values), engine, vault, self.clock, self.connect)
        place = Place(
            engine=engine,
            vault=vault,
            clock=self.clock,
            roster_dir=folder / "roster",
            language=language.value,
            connect=self.connect,
        )
        identity = open_membership(place).identity
        peer = Declared(clock=self.clock, node=identity.node, identity=identity.identity, name=name)
        return Node(name, services, services.operator(), self.clock, engine, vault, folder, place, peer)

    def _root(self) -> bytes:
        return bytes(anyio.run(self._get, f"{self.url}/roster/1.root.json").content)

    async def _get(self, url: str) -> httpx.Response:
        async with self.connect() as client:
            return await client.get(url)

    async def _publish(self, body: bytes, headers: dict[str, str]) -> None:
        async with self.connect() as client:
            sent = {"content-type": JSON, **headers}
            response = await client.put(f"{self.url}/v1/roster/staged", content=body, headers=sent)
            assert response.status_code == 200, response.text
