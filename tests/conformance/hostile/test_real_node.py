"""A whole node, typed as its coordinator types it, before an exchange that lies: not a row changes, and she reads why.

The exchange is played over real HTTP. Every case is the same story: another member's letter waits there, one
`mentorweave sync` meets the lie and the next one an honest exchange; only then the request is there, once.
"""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from federation.ground import http
from federation.ground.cli import main
from federation.ground.clock import SystemClock
from node.cli.session import word_refusal
from node.main import app
from protocol.bodies import Kind
from protocol.documents import to_moment
from protocol.vocabulary import SizeBracket
from tests.conformance.hostile.conftest import LARGEST, LONGEST, Twist, honest
from tests.conformance.hostile.test_hostile_exchange import BENT, SILENT, always, body, on
from tests.conformance.kit.node import NEED, it_joins_by_a_code_and_is_admitted, its_first_keys_are_published
from tests.conformance.kit.pen import Pen
from tests.conformance.kit.stage import Stage, staged
from tests.support.commands import INIT, Said
from tests.support.processes import ROOT
from tests.support.roster import Stewards
from tests.support.site import Answer

HOURS_AHEAD = to_moment(SystemClock().now() + timedelta(hours=5))
UNREACHED, OUR_CLOCK = "could not be read to its end", "Compare this computer's clock with a phone"
NOTED = {"member_alert", "member_link", "member_roster_state"}
"""What a round writes whatever it meets: when it looked, what it was shown, what a person is to know."""


@dataclass(slots=True)
class Operated:
    """A founded node with a mentor of its own, admitted to a federation whose exchange is played."""

    stage: Stage
    folder: Path
    fields: Iterator[str]

    def type(self, *words: str) -> Said:
        """Type one command in this process, with real sockets."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(app, words, words=word_refusal)
        return Said(code, out.getvalue(), err.getvalue())

    def rows(self) -> dict[str, list[object]]:
        """Every row of the database but what each round notes."""
        with closing(sqlite3.connect(self.folder / "data" / "mentorweave.sqlite3")) as database:
            named = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
            return {name: database.execute(f'select * from "{name}"').fetchall() for name in {*named} - NOTED}  # noqa: S608 - the database's own names

    def requests(self) -> int:
        return len(self.type("request", "list", "--json").items)

    def is_asked(self, **changed: object) -> None:
        """Another member's request waits at the exchange; each of another field, of which nobody is asked too often."""
        Pen(self.stage).send(Kind.REQUEST_OPEN, NEED.model_copy(update={"occupation": next(self.fields)}), **changed)

    def calm(self) -> None:
        """An honest exchange, and nothing left to tell."""
        self.stage.twist, self.stage.exchange.roster_files = honest, None
        assert self.type("sync").code == 0
        with closing(sqlite3.connect(self.folder / "data" / "mentorweave.sqlite3")) as database, database:
            database.execute("delete from member_alert")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operated]:
    folder = tmp_path_factory.mktemp("operated")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        patch.setattr(http, "client", partial(http.client, max_response_bytes=LARGEST, max_response_seconds=LONGEST))
        with joined(folder) as node:
            yield node


def environment(folder: Path) -> dict[str, str]:
    own = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys")}
    return {f"MENTORWEAVE_{name}": value for name, value in own.items()}


@contextmanager
def joined(folder: Path) -> Iterator[Operated]:
    nodes: list[Operated] = []
    codes = [
        line.split("\t")[0] for line in (ROOT / "node/adapters/occupations/noc2021.tsv").read_text().splitlines()[1:]
    ]

    def do(asked: str) -> None:
        size = SizeBracket.UNDER_25.value
        assert nodes[0].type("join", asked.partition(": ")[2], "--size", size).code == 0

    def turn() -> None:
        assert nodes[0].type("sync").code == 0

    with staged(SystemClock(), turn, turns=5, operator=do) as stage:
        node = Operated(stage, folder, iter(codes))
        nodes.append(node)
        assert node.type("init", *INIT, "--unattended").code == 0
        about = ("name=Mary Mentor", "community=Redcliff", "occupation=21331", "languages=en", "seats=1")
        assert node.type("people", "add", "mentor", *about).code == 0
        it_joins_by_a_code_and_is_admitted(stage)
        its_first_keys_are_published(stage)
        yield node


@pytest.fixture
def node(shared: Operated) -> Operated:
    shared.calm()
    return shared


def stale(node: Operated) -> None:
    stewards = node.stage.stewards
    old = stewards.copy_of_files()
    stewards.publish()
    assert node.type("sync").code == 0
    node.stage.exchange.roster_files = old


def forged(node: Operated) -> None:
    forgers = Stewards(node.stage.clock.now(), url=node.stage.site.url)
    for _ in range(5):
        forgers.publish()
    node.stage.exchange.roster_files = forgers.files


def problem(status: int, code: str, **more: object) -> Answer:
    return Answer(status, json.dumps({"code": code, **more}).encode(), {"date": "Fri, 01 Jan 2100 00:00:00 GMT"})


LATE = problem(401, "hop-time", reason="expired", server_time="2100-01-01T00:00:00Z", difference=-(10**9))
LIES: dict[str, tuple[Twist, str]] = {
    **{name: (twist, UNREACHED) for name, twist in SILENT.items()},
    "clock": (on("/v1/mailbox", lambda *_: LATE), OUR_CLOCK),
    "denied": (on("/v1/mailbox", lambda *_: problem(403, "member-inactive")), "refuses this program"),
    "refused": (on("/v1/mailbox", lambda *_: problem(400, "<script>x</script>")), "refused what was asked"),
    "led-away": (on("/v1/mailbox", lambda *_: Answer(307, headers={"location": "/elsewhere"})), "(307)"),
}


@pytest.mark.parametrize("lie", LIES)
def test_not_a_row_changes_and_she_reads_what_is_wrong(node: Operated, lie: str) -> None:
    node.is_asked()
    before, requests = node.rows(), node.requests()
    node.stage.twist, words = LIES[lie]

    said = node.type("sync")

    assert words in said.out
    assert "script" not in said.out
    assert (said.code, said.err) == (0, "")
    assert node.rows() == before
    node.calm()
    assert node.requests() == requests + 1


@pytest.mark.parametrize("bent", BENT)
def test_a_request_is_there_once_however_it_is_handed_over(node: Operated, bent: str) -> None:
    requests = node.requests()
    for _ in range(2):
        node.is_asked()
    node.stage.twist = BENT[bent]

    for _ in range(2):
        assert node.type("sync").code == 0

    assert node.requests() == requests + 2


@pytest.mark.parametrize("lie", [stale, forged])
def test_another_list_of_members_is_not_believed(node: Operated, lie: Callable[[Operated], None]) -> None:
    lie(node)
    members = node.type("roster", "show", "--json").fields["members"]

    assert "does not verify; the last good copy is used" in node.type("sync").out

    assert node.type("roster", "show", "--json").fields["members"] == members


def test_what_another_member_was_shown_gives_a_forked_exchange_away(node: Operated) -> None:
    node.is_asked(seen={"root": 1, "targets": 99, "suspensions": 1})

    assert "withholding or forked; tell the stewards" in node.type("sync").out


def test_a_letter_it_hands_over_for_ever_has_its_effect_once(node: Operated) -> None:
    requests = node.requests()
    node.is_asked()
    assert node.type("sync").code == 0
    node.stage.exchange.mailboxes[node.stage.node][-1].acknowledged = False

    said = node.type("sync", "--json").fields["round"]

    assert isinstance(said, dict)
    assert (said["reached"], said["received"], node.requests()) == (True, 0, requests + 1)


TIMES = {
    "hours-ahead": (json.dumps({"unix": HOURS_AHEAD}), OUR_CLOCK),
    "no-number": ('{"unix": "soon"}', "does not answer"),
    "no-object": ("[1]", "does not answer"),
    "beyond-every-calendar": ('{"unix": 1e400}', "does not answer"),
}


@pytest.mark.parametrize("told", TIMES)
def test_a_false_time_moves_nothing_here_and_the_doctor_says_whom_to_ask(node: Operated, told: str) -> None:
    content, words = TIMES[told]
    node.stage.twist = on("/v1/time", body(content.encode(), date="Fri, 01 Jan 2100 00:00:00 GMT"))
    before = node.rows()

    assert words in node.type("doctor").out

    assert node.rows() == before


def test_a_process_of_its_own_says_what_is_wrong_and_goes_on(node: Operated) -> None:
    requests = node.requests()
    node.is_asked()

    node.stage.twist = always(LATE)
    command = [sys.executable, "-c", "from node.main import run; run()", "sync"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True, timeout=60)

    assert (said.returncode, said.stderr) == (0, "")
    assert OUR_CLOCK in said.stdout
    node.stage.twist = honest
    assert OUR_CLOCK not in node.type("sync").out
    assert node.requests() == requests + 1
