"""The two how-tos a federation begins with, typed line by line as they stand: what they say can be done as they say it.

Whoever reads fills in the words in capitals; here they are read off what the commands before printed, as she would.
What another program does meanwhile is typed, too, and stands in no how-to.
"""

import io
import re
import shlex
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

import node.cli.init
from federation.cli.app import app as fed
from federation.cli.wording import LANGUAGE, word_refusal
from federation.exchange.app import create_app
from federation.exchange.settings import load_settings
from federation.ground.cli import main
from node.cli.session import word_refusal as word_here
from node.main import app as program
from tests.support.commands import INIT, Said
from tests.support.processes import ROOT
from tests.support.waiting import wait_until

WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MENTORS = "name,email,community,occupation,languages,seats\nMary Mentor,mary@example.org,Redcliff,21300,en,1\n"
MENTEES = (
    "name,email,community,occupation,languages\n"
    "Amara Okafor,amara@example.org,Redcliff,21300,en:8\nNadia Newcomer,nadia@example.org,Redcliff,21331,en:8\n"
)


def lines(page: str) -> list[str]:
    """What a how-to lets somebody type, in order; of a shell, only our two commands."""
    text = (ROOT / "docs/howto" / page).read_text("utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if re.match(r" {4}mentorweave(-fed)? ", line)]


class Terminal(io.StringIO):
    """Somebody at the keyboard."""

    def isatty(self) -> bool:
        return True


@dataclass
class Table:
    """Where everybody sits: one folder, one keyboard; `known` is what stands for the words in capitals."""

    folder: Path
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    known: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def type(self, line: str, *answers: str) -> str:
        """Type a line of a how-to; what it said. It has to go well."""
        self.typed.add(line)
        return self.run(self.filled(line), answers).out

    def filled(self, line: str) -> list[str]:
        """The words of a line, with what is known in place of the words in capitals."""
        for name, value in self.known.items():
            line = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", value, line)
        return shlex.split(line)

    def run(self, words: list[str], answers: tuple[str, ...] = ()) -> Said:
        self.patch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
        self.capsys.readouterr()
        app, wording = (fed, word_refusal) if words[0] == "mentorweave-fed" else (program, word_here)
        code = main(app, words[1:], words=wording)
        said = Said(code, *self.capsys.readouterr())
        assert code == 0, (words, said)
        return Said(code, said.out + said.err, said.err)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Table:
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    own = {"KEYS_DIR": tmp_path / "keys", "DATA_DIR": tmp_path / "data", "PASSPHRASE_FILE": tmp_path / "passphrase"}
    for name, value in own.items():
        monkeypatch.setenv(f"MENTORWEAVE_{name}", str(value))
    monkeypatch.setenv("MENTORWEAVE_FED_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.setenv(LANGUAGE, "en")
    monkeypatch.setattr(node.cli.init, "fresh_recovery_words", lambda _language: WORDS)
    monkeypatch.setattr("secrets.SystemRandom", _FirstWords)
    monkeypatch.setattr("getpass.getpass", lambda *_prompt, **_stream: sys.stdin.readline().rstrip("\n"))
    monkeypatch.chdir(tmp_path)
    return Table(tmp_path, monkeypatch, capsys)


class _FirstWords:
    """Asks for the first two of the words."""

    def sample(self, population: range, count: int) -> list[int]:
        return list(population[:count])


@contextmanager
def served(folder: Path, port: int) -> Iterator[None]:
    """`mentorweave-fed serve`, in a thread."""
    config = uvicorn.Config(create_app(load_settings(folder)), port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the exchange listening")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def waiting_to_join(table: Table, line: str) -> Iterator[None]:
    """`mentorweave join CODE --wait`, which goes on while a steward admits the program."""
    table.typed.add(line)
    ended: list[int] = []
    words = table.filled(line)[1:]
    thread = Thread(target=lambda: ended.append(main(program, words, words=word_here)))
    thread.start()
    yield
    thread.join(60)
    assert ended == [0]


def test_a_federation_is_founded_and_a_program_lives_in_it_as_the_howtos_say(table: Table) -> None:
    founding, living = iter(lines("found-a-federation.md")), iter(lines("run-a-program.md"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    table.known["https://exchange.example"] = f"http://127.0.0.1:{port}"
    table.type(next(founding))
    table.typed.add(next(founding))
    with served(table.folder / "exchange", port):
        shutil.copy("exchange/exchange.json", ".")
        found(table, founding)
        begin(table, living)
        invite, *admission = (next(founding) for _ in range(4))
        door = Door(table, invite, admission, next(living), next(living))
        door.let_in()
        other = Other(table, door)
        offer(table, living)
        ask(table, living, other)
        keep(table, living)
        every_day(table, founding)
    assert {*lines("found-a-federation.md"), *lines("run-a-program.md")} - table.typed == set()


def found(table: Table, founding: Iterator[str]) -> None:
    table.type(next(founding))
    table.type(next(founding))


def begin(table: Table, living: Iterator[str]) -> None:
    said = table.type(next(living), "Medicine Hat Mentors", "Alberta", "Pat Doe", "legal", "winner")
    assert "12. yellow" in said
    Path("mentors.csv").write_text(MENTORS)
    Path("mentees.csv").write_text(MENTEES)
    look = next(living)
    table.type(look)
    imported = look.replace(" --dry-run", "")
    table.type(imported)
    table.type(imported.replace("mentor", "mentee").replace("menteeweave", "mentorweave"))
    people = table.type(next(living))
    table.known["MENTEE"] = id_of(people, "Amara")
    suggested = table.type(next(living))
    table.known["MENTOR"] = id_of(suggested, "Mary")
    table.type(next(living))
    table.known["MENTEE"] = id_of(people, "Nadia")


def id_of(said: str, name: str) -> str:
    """The id that stands in the line of a person."""
    (line,) = [line for line in said.splitlines() if name in line]
    found = ID.search(line)
    assert found, said
    return found.group()


@dataclass
class Door:
    """How programs come in: a steward's lines and a coordinator's, in the order in which the two talk on the phone."""

    table: Table
    invite: str
    admission: list[str]
    ask: str
    wait: str

    def let_in(self, more: str = "") -> None:
        """Let one program in; `more` names its data folder where it is not the one of the how-to."""
        table = self.table
        said = table.type(self.invite)
        (table.known["CODE"],) = re.findall(r"^ey\S+$", said, re.MULTILINE)
        table.known["JOIN_ID"] = id_of(said, "Join id")
        (words,) = re.findall(r": ((?:[a-z]+ ?){6})$", table.type(self.ask + more), re.MULTILINE)
        with waiting_to_join(table, self.wait + more):
            said = table.type(self.admission[0], words)
            table.known["FILE"] = Path(re.findall(r"\S+\.json", said)[-1]).name
            table.type(self.admission[1], "y")
            table.type(self.admission[2])


class Other:
    """Another program, which offers what ours has not."""

    def __init__(self, table: Table, door: Door) -> None:
        self.table = table
        self("init", *INIT, "--unattended")
        about = "occupation=21331", "languages=en", "community=Redcliff", "seats=1", "visibility=3"
        said = self("people", "add", "mentor", "name=Olu Other", "email=olu@example.org", *about, "--json")
        self.mentor = ID.findall(said)[0]
        self("people", "consent", "add", self.mentor, "--purpose", "listing", "--given", "phone")
        door.let_in(" --data-dir other")
        self("summary", "agree")
        self("summary", "publish")
        self("sync")

    def __call__(self, *words: str) -> str:
        return self.table.run(["mentorweave", *words, "--data-dir", "other"]).out

    def offers(self) -> None:
        """Its mentor says yes to what came."""
        self("sync")
        request = ID.findall(self("request", "list"))[0]
        self("request", "consent", request, "--mentor", self.mentor, "--given", "phone")
        self("request", "offer", request, "--mentor", self.mentor)
        self("sync")


def offer(table: Table, living: Iterator[str]) -> None:
    table.known["PERSON"] = table.known["MENTOR"]
    for _ in range(6):  # how far she is seen, twice; her consent; what would be published, and a yes; who saw her data
        table.type(next(living))
    (table.known["HASH"],) = re.findall(r"Write this down.*: ([0-9a-f]{64})$", table.type(next(living)), re.MULTILINE)
    table.type(next(living))
    assert Path("ledger.pdf").read_bytes().startswith(b"%PDF")
    table.type(next(living))


def ask(table: Table, living: Iterator[str], other: Other) -> None:
    table.type(next(living))
    table.run(["mentorweave", "sync"])
    table.known["PROGRAM"] = re.findall(r"\b[a-z2-7]{16}\b", table.type(next(living)))[0]
    table.type(next(living))
    table.run(["mentorweave", "sync"])
    other.offers()
    table.run(["mentorweave", "sync"])
    table.known["REQUEST"] = ID.findall(table.type(next(living)))[0]
    table.type(next(living))
    table.type(next(living))


def keep(table: Table, living: Iterator[str]) -> None:
    table.type(next(living), *["plum jam on warm bread"] * 2)
    table.typed.add(next(living))  # `start` opens a browser; tests of its own start it
    table.type(next(living))
    table.type(next(living))
    (backup,) = Path("data/backups").glob("*.mwbackup")
    table.known["mentorweave-20270301T120000Z.mwbackup"] = str(backup)
    table.type(next(living), WORDS)
    table.type(next(living))
    table.type(next(living))
    assert "http" in table.type(next(living))


def every_day(table: Table, founding: Iterator[str]) -> None:
    table.known["NODE"] = table.known["PROGRAM"]
    vouch, duty, suspend, steward, federation, points = founding
    table.type(vouch)
    table.typed.add(duty)
    table.run([*table.filled(duty), "--once"])
    table.type(suspend)
    table.type(points)
    for name in ("alex", "bo", "cy", "di", "ed"):
        table.run(table.filled(steward.replace("Bo", name).replace("--data-dir steward", f"--data-dir of-{name}")))
        shutil.copy(f"of-{name}/steward.json", f"{name}.json")
    table.typed.add(steward)
    table.typed.add(federation)
    table.run(table.filled(federation.replace("--data-dir steward", "--data-dir of-bo")))


def test_what_one_person_may_ask_for_and_who_gets_in_are_typed_as_their_howtos_say(table: Table) -> None:
    table.patch.setenv("MENTORWEAVE_PUBLIC_URL", "https://mentors.example")
    table.run(["mentorweave", "init", *INIT, "--unattended"])
    about = "name=Zoe", "email=zoe@example.org", "community=Redcliff", "occupation=21300", "languages=en"
    added = table.run(["mentorweave", "people", "add", "mentee", *about, "--json"])
    (table.known["PERSON"],) = set(ID.findall(added.out))
    provider = "mentorweave users allow robin@example.org NUMBER"

    for page in ("api.md", "sign-in.md", "erase-and-access.md"):
        for line in lines(page):
            if line != provider:  # it needs an account at a provider, and a test of its own has one
                table.type(line, "y")

    assert Path("zoe.zip").exists()
    assert provider in lines("sign-in.md")
