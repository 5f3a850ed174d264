"""An exchange and two nodes as processes that are killed while two coordinators work, and what must hold afterwards."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from pathlib import Path
from random import Random
from threading import Event
from typing import Self

import httpx
from sqlalchemy import text

from federation.exchange.founding import init_exchange
from federation.exchange.serving import upgrade_database
from federation.exchange.settings import load_settings as exchange_settings
from federation.ground.clock import SystemClock
from federation.ground.engine import transaction
from federation.ground.refusal import Refusal
from node.adapters.membership.wiring import node_of
from node.bootstrap import Services, open_node
from node.demo.letterbox import LetterBox
from node.demo.processes import free_port
from node.domain.actor import Actor
from node.domain.consent import ANY_MEMBER, Given, Purpose
from node.domain.letter import LetterState
from node.domain.person import Kind, PersonId, Visibility
from node.domain.program import Tongue
from node.domain.request import End, Move, Stage
from node.founding import NewNode, found_node
from node.services.agreeing import Yes
from node.services.consent import NewConsent
from node.services.ports.federation import Admission
from node.services.program import NewProgram
from node.services.request.views import RequestView
from node.settings import load_settings
from protocol.documents import to_moment
from protocol.ids import NodeId, ThreadId, sha256_hex
from protocol.joining import JoinCode, sign_code
from protocol.keys import SigningKey
from protocol.vocabulary import Publishes, SizeBracket
from tests.support.clock import FakeClock
from tests.support.exchange import JSON, Stewards
from tests.support.node import WORDS, a_person, a_profile, new_id
from tests.support.nodes import Declared
from tests.support.processes import ROOT
from tests.support.waiting import NeverHappenedError, wait_until

MENTEES, MENTORS, SEATS = 10, 4, 2
WORK = ("21300", "21301", "21310", "21311")
_MODULES = {"mentorweave": "node.main", "mentorweave-fed": "federation.main"}
_SPEED = 0.03
_LEASES = (
    "update member_outbox set claimed_until = null, due_at = :now where state = 'waiting'",
    "update letters set due_at = :now where state in ('sending', 'queued')",
)
# What a killed exchange may cause, and nothing else.
HARMLESS = frozenset({"roster-unreachable"})


@dataclass(slots=True, kw_only=True)
class Server:
    """One process that is killed and begun again."""

    command: tuple[str, ...]
    url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program, *arguments = self.command
        code = f"from {_MODULES[program]} import run; run()"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=30)

    @property
    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@dataclass(slots=True, kw_only=True)
class Desk:
    """One program, its process, and the coordinator who works beside it."""

    server: Server
    services: Services
    actor: Actor
    node: NodeId

    def requests(self) -> tuple[RequestView, ...]:
        return self.services.requests.list(self.actor)

    def stages(self) -> dict[ThreadId, Stage]:
        return {view.id: view.stage for view in self.requests()}

    def add(self, count: int, kind: Kind, seats: int = 0) -> list[PersonId]:
        with self.services.adapters.work() as work:
            place = work.communities.all()[0].id
            # Of one occupation a program is asked three times a quarter at most.
            profiles = [a_profile(seats=seats, occupation=WORK[number % len(WORK)]) for number in range(count)]
            people = [a_person(kind, profile=replace(profile, community=place)) for profile in profiles]
            if kind is Kind.MENTOR:
                listed = Visibility.LISTED
                people = [replace(p, profile=replace(p.profile, visibility=listed)) for p in people]
            work.people.add(people)
        for person in people:
            if kind is Kind.MENTEE:
                new = NewConsent(person=person.id, purpose=Purpose.OUTSIDE, given=Given.IN_PERSON, recipient=ANY_MEMBER)
                self.services.consents.add(self.actor, new)
        return [person.id for person in people]

    def act(self, chance: Random) -> None:
        """Make one move that a coordinator could make now; what the rules refuse meanwhile is refused."""
        found = self.services.requests.list(self.actor, open_only=True)
        waiting = [view for view in found if view.our_move or chance.random() < 0.01]
        if not waiting:
            return
        try:
            self._answer(chance.choice(waiting), chance)
        except Refusal:
            return

    def _answer(self, view: RequestView, chance: Random) -> None:
        requests = self.services.requests
        if view.end is End.HOME and view.stage is Stage.OFFERED:
            if chance.random() < 0.15:
                requests.end(self.actor, view.id, chance.choice([Move.REFUSE, Move.WITHDRAW]))
                return
            requests.agree(self.actor, Yes(thread=view.id, given=Given.PHONE))
            requests.accept(self.actor, view.id)
        elif view.end is End.HOST and view.stage is Stage.ASKED and view.suggested:
            mentor = chance.choice(view.suggested)
            requests.agree(self.actor, Yes(thread=view.id, given=Given.PHONE, mentor=mentor))
            requests.offer(self.actor, view.id, mentor)
        elif view.end is End.HOST and view.stage is Stage.OFFERED and chance.random() < 0.1:
            requests.end(self.actor, view.id, Move.RECALL)

    def leases_run_out(self) -> None:
        """Let the minutes pass after which what a killed process had claimed is free again."""
        now = SystemClock().now().replace(tzinfo=None).isoformat(" ")
        with transaction(self.services.adapters.engine) as connection:
            for change in _LEASES:
                connection.execute(text(change), {"now": now})


@dataclass(slots=True)
class Playground:
    """Everything below one folder; `urls` are databases of the exchange, home and host, blank for SQLite."""

    folder: Path
    urls: tuple[str, str, str]
    home: Desk = field(init=False)
    host: Desk = field(init=False)
    exchange: Server = field(init=False)
    letters: LetterBox = field(init=False)
    smtp: int = field(default_factory=free_port)
    clock: FakeClock = field(default_factory=lambda: FakeClock(SystemClock().now()))
    stewards: Stewards = field(init=False)
    mentees: list[PersonId] = field(default_factory=list)
    begun: list[Server] = field(default_factory=list)
    opened: list[Services] = field(default_factory=list)

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _begin(self) -> None:
        self.letters = LetterBox(self.folder / "letters", self.smtp)
        self.letters.open()
        port, data_dir = free_port(), self.folder / "exchange"
        url = f"http://127.0.0.1:{port}"
        public = init_exchange(data_dir, url, self.urls[0] or None)
        upgrade_database(exchange_settings(data_dir))
        command = ("mentorweave-fed", "serve", "--data-dir", str(data_dir), "--port", str(port))
        self.exchange = Server(command=command, url=url, log=self.folder / "exchange.log")
        self.begun.append(self.exchange)
        self.exchange.start()
        wait_until(lambda: self.exchange.answers, within=60, what="the exchange answering")
        self.stewards = Stewards(public=public, clock=self.clock)
        self._publish(self.stewards.founding(), {"mentorweave-founding": public.founding_token})
        self.home, self.host = self._desk("home", self.urls[1]), self._desk("host", self.urls[2])
        self.mentees = self.home.add(MENTEES, Kind.MENTEE)
        self.host.add(MENTORS, Kind.MENTOR, seats=SEATS)
        self.home.services.federation.sync(self.home.actor)
        for desk in (self.home, self.host):
            desk.server.start()

    @property
    def servers(self) -> tuple[Server, ...]:
        return (self.exchange, self.home.server, self.host.server)

    def open_requests(self) -> None:
        for person in self.mentees:
            self.home.services.requests.open(self.home.actor, person, self.host.node)

    def work(self, seconds: float, chance: Random) -> None:
        """Let both coordinators work for a while."""
        pause = Event()
        for _ in range(max(1, int(seconds / _SPEED))):
            chance.choice([self.home, self.host]).act(chance)
            pause.wait(_SPEED)

    def kill_one(self, chance: Random) -> None:
        victim = chance.choice(self.servers)
        victim.kill()
        victim.start()

    def settle(self, chance: Random) -> None:
        """Let everything that was begun come to its end, without a further accident."""
        for server in self.servers:
            wait_until(lambda server=server: server.answers, within=60, what=f"{server.url} answering")  # type: ignore[misc]

        def is_still() -> bool:
            for desk in (self.home, self.host):
                desk.leases_run_out()
            # Nothing moved on: neither did anybody find work, nor did a letter cross while one end was looked at
            # after the other.
            before = self.stages()
            self.work(0.6, chance)
            return self._is_still() and self.stages() == before

        try:
            wait_until(is_still, within=90, what="the last letter arriving")
        except NeverHappenedError as error:
            raise NeverHappenedError(self._described()) from error

    def stages(self) -> tuple[dict[ThreadId, Stage], dict[ThreadId, Stage]]:
        """Where every request stands, as home says and as host says."""
        return self.home.stages(), self.host.stages()

    def _described(self) -> str:
        desks = (self.home, self.host)
        waiting = [item for desk in desks for item in desk.services.federation.waiting(desk.actor)]
        warned = [item for desk in desks for item in desk.services.adapters.federation.warnings()]
        return f"still waiting: {waiting}; warnings: {warned}"

    def _is_still(self) -> bool:
        desks = (self.home, self.host)
        waiting = any(desk.services.federation.waiting(desk.actor) for desk in desks)
        open_letters = any(
            letter.state in {LetterState.QUEUED, LetterState.SENDING}
            for desk in desks
            for letter in desk.services.letters.list(desk.actor)
        )
        ours = any(
            view.our_move and (view.end, view.stage) != (End.HOST, Stage.ASKED) and view.stage is not Stage.INTRODUCED
            for desk in desks
            for view in desk.requests()
            if view.stage.is_open
        )
        return not waiting and not open_letters and not ours

    def received(self) -> Counter[str]:
        """How often each letter arrived, by the letter's id."""
        names = (str(message_from_bytes(raw)["message-id"]) for raw in self.letters.letters())
        return Counter(name.strip("<>").partition("@")[0] for name in names)

    def close(self) -> None:
        for server in self.begun:
            if server.process is not None:
                server.kill()
        for services in self.opened:
            services.close()
        self.letters.close()

    def _desk(self, name: str, database_url: str) -> Desk:
        folder, port = self.folder / name, free_port()
        program = NewProgram(
            name=name, region="Alberta", language=Tongue.ENGLISH, communities=(name,), operator_name="Olga Operator"
        )
        settings: dict[str, str | int | bool] = {
            "keys_dir": str(self.folder / "keys"),
            "database_url": database_url,
            "sync_seconds": 1,
            "port": port,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp,
            "smtp_starttls": False,
            "mail_sender": f"{name}@example.org",
        }
        new = NewNode(data_dir=folder, program=program, recovery_words=WORDS, unattended=True, settings=settings)
        found_node(new, lambda: None)
        services = open_node(load_settings(folder), lambda: None)
        self.opened.append(services)
        identity = SigningKey(services.adapters.vault.identity_seed())
        actor, node = services.operator(), node_of(identity)
        code = self._code()
        services.federation.join(actor, code, Publishes.BRACKET, SizeBracket.UNDER_25)
        self.stewards.members.append(Declared(clock=self.clock, node=node, identity=identity, name=name))
        self._publish(self.stewards.admission(), {})
        joined = services.federation.join(actor, code, Publishes.BRACKET, SizeBracket.UNDER_25)
        assert joined.state is Admission.ADMITTED
        services.federation.sync(actor)
        command = ("mentorweave", "serve", "--data-dir", str(folder))
        server = Server(command=command, url=f"http://127.0.0.1:{port}", log=self.folder / f"{name}.log")
        self.begun.append(server)
        return Desk(server=server, services=services, actor=actor, node=node)

    def _code(self) -> str:
        now = SystemClock().now()
        root = httpx.get(f"{self.exchange.url}/roster/1.root.json", trust_env=False).content
        code = JoinCode(
            jti=new_id(),
            exchange=self.exchange.url,
            root_version=1,
            root_sha256=sha256_hex(root),
            secret="s" * 43,
            iat=to_moment(now) - 1,
            exp=to_moment(now) + 3600,
        )
        return sign_code(code, self.stewards.keys.admissions[0]).decode()

    def _publish(self, body: bytes, headers: dict[str, str]) -> None:
        sent = {"content-type": JSON, **headers}
        response = httpx.put(
            f"{self.exchange.url}/v1/roster/staged", content=body, headers=sent, trust_env=False, timeout=30
        )
        assert response.is_success, response.text
