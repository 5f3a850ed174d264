"""Two programs, an exchange on a socket, and nothing but commands typed: from joining to a closed mentorship."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from federation.ground.clock import SystemClock
from node.adapters.membership.wiring import node_of
from node.adapters.vault.file import FileVault, Lock
from node.services.ports.vault import Guard
from protocol.keys import SigningKey
from protocol.vocabulary import Publishes
from tests.support.clock import FakeClock
from tests.support.commands import INIT, Run, Said
from tests.support.nodes import Declared, World
from tests.support.waiting import wait_until

COLUMNS = "name,email,community,occupation,languages,mode,seats,visibility"
MENTOR = f"{COLUMNS}\nMary Mentor,mary@example.org,Redcliff,21300,en; fr,online,1,3\n"
MENTEE = f"{COLUMNS}\nAmara Okafor,amara@example.org,Redcliff,21300,en:8,either,,\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A real exchange that listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    world = World(tmp_path, clock=FakeClock(SystemClock().now()), url=f"http://127.0.0.1:{port}")
    config = uvicorn.Config(world.app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the exchange listening")
    yield world
    server.should_exit = True
    thread.join()
    world.close()


class Program:
    """One program as its coordinator types."""

    def __init__(self, run: Run, folder: Path, name: str) -> None:
        self.run, self.folder = run, folder / name
        assert self("init", *INIT, "--unattended").code == 0

    def __call__(self, *words: str) -> Said:
        return self.run(*words, "--data-dir", str(self.folder))

    def fields(self, *words: str) -> dict[str, object]:
        said = self(*words, "--json")
        assert said.code == 0, said.out
        return dict(said.fields)

    def join(self, world: World, keys: Path, publishes: Publishes = Publishes.BRACKET) -> None:
        code = world.code()
        waiting = self.fields("join", code)
        assert waiting["state"] == "waiting"
        names = {entry.member().name for entry in world.stewards.members}
        (file,) = [path for path in keys.iterdir() if path.name not in names]
        vault = FileVault.open(file, lambda: Lock(guard=Guard.BARE, passphrase=None))
        identity = SigningKey(vault.identity_seed())
        assert waiting["node"] == node_of(identity)
        peer = Declared(clock=world.clock, node=node_of(identity), identity=identity, name=file.name)
        peer.publishes = publishes
        world.admit(peer)
        assert self.fields("join", code, "--wait", "5")["state"] == "admitted"
        assert self("sync").code == 0

    def bring_in(self, kind: str, text: str, folder: Path) -> str:
        file = folder / f"{kind}.csv"
        file.write_text(text, "utf-8")
        assert self("people", "import", str(file), "--kind", kind).code == 0
        (person,) = self("people", "list", "--json").items
        return str(person["id"])


def carry(*programs: Program) -> None:
    for _ in range(2):
        for program in programs:
            assert program("sync").code == 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that arrived at the host, and the two people it is about."""

    home: Program
    host: Program
    request: str
    mentor: str


@pytest.fixture
def asked(world: World, run: Run, tmp_path: Path) -> Asked:
    """A mentee for whom the program of a listed mentor was asked."""
    home = Program(run, tmp_path, "hat")
    home.join(world, tmp_path / "keys")
    host = Program(run, tmp_path, "calgary")
    host.join(world, tmp_path / "keys")
    mentee, mentor = home.bring_in("mentees", MENTEE, tmp_path), host.bring_in("mentors", MENTOR, tmp_path)
    home("people", "consent", "add", mentee, "--purpose", "outside", "--given", "phone")
    host("people", "consent", "add", mentor, "--purpose", "listing", "--given", "in_person")
    assert "21300" in host("summary", "preview").out
    assert "summary agree" in host("summary", "publish").err
    assert host("summary", "agree").code == 0
    assert "listed mentors: 1" in host("summary", "publish").out
    carry(host, home)
    assert "the same occupation" in home("request", "search", mentee).out
    request = str(home.fields("request", "open", mentee, "--to", world.stewards.members[1].node)["id"])
    assert "waiting to be sent" in home("outbox", "list").out
    carry(home, host)
    return Asked(home, host, request, mentor)


def test_a_question_needs_her_first_yes_and_an_offer_both(asked: Asked) -> None:
    home, host, request, mentor = asked.home, asked.host, asked.request, asked.mentor
    assert f"could be offered: {mentor}" in host("request", "show", request).out
    assert "public points, 900 at most, all for fit" in host("match", "why", request, mentor).out
    why = host.fields("match", "why", request, mentor)
    assert (why["request"], why["points"], why["for_waiting"], why["for_no_exact_mentor"]) == (
        request,
        why["fit"],
        0,
        0,
    )
    host("request", "consent", request, "--mentor", mentor, "--given", "phone", "--in-principle")
    assert host("request", "question", request, "start", "--mentor", mentor).code == 0
    carry(host, home)
    assert home("request", "answer", request, "start", "now").code == 0
    carry(home, host)

    refused = host("request", "offer", request, "--mentor", mentor)

    assert (refused.code, "yes is missing" in refused.err) == (1, True)


def test_two_coordinators_introduce_two_people_by_typing(asked: Asked) -> None:
    home, host, request = asked.home, asked.host, asked.request
    host("request", "consent", request, "--mentor", asked.mentor, "--given", "phone")
    assert "their move until" in host("request", "offer", request, "--mentor", asked.mentor).out
    carry(host, home)
    assert "our move until" in home("request", "show", request).out
    assert len(home("request", "consent", request, "--given", "in_person").out.splitlines()) == 2
    assert home("request", "accept", request).code == 0
    carry(home, host, home)
    for program in (home, host):
        assert "introduced" in program("request", "show", request).out
        assert len(list((program.folder / "letters").glob("*.eml"))) == 1
    assert "listed mentors: 1" in host("summary", "ledger").out
    assert "member" in home("roster", "show").out

    (ours,) = home("mentorship", "list", "--json").items
    assert "found work" in home("mentorship", "close", str(ours["id"]), "--outcome", "found_work").out
    carry(home, host)

    assert "Ended, found work: 1" in host("report").out
    assert "Introductions: 1 of our mentees" in home("report").out


def test_a_request_may_be_withdrawn_refused_recalled_and_paused(world: World, run: Run, tmp_path: Path) -> None:
    home = Program(run, tmp_path, "hat")
    home.join(world, tmp_path / "keys")
    mentee = home.bring_in("mentees", MENTEE, tmp_path)
    home("people", "consent", "add", mentee, "--purpose", "outside", "--given", "phone")
    host = Program(run, tmp_path, "calgary")
    host.join(world, tmp_path / "keys")
    carry(home)
    to = world.stewards.members[1].node
    first, second = (str(home.fields("request", "open", mentee, "--to", to)["id"]) for _ in range(2))

    assert "taken back" in home("request", "withdraw", first).out
    for wrong in ("refuse", "recall", "decline"):
        assert home("request", wrong, second).code == 1
    assert home("outbox", "pause").code == 0
    (_, _, waiting) = home("outbox", "list", "--json").items
    assert home("outbox", "retry", str(waiting["id"])).code == 0
    assert home("outbox", "resume").code == 0
    assert home("request", "search", mentee).out.count("not known") == 1
