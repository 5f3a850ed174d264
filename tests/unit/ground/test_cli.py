"""Every command takes the same two options, and its exit code says who is to blame."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import structlog
import typer

from federation.ground.cli import main, reporter, run
from federation.ground.refusal import Explained, Refusal
from protocol.errors import ProtocolError


class LateError(Refusal):
    code = "too-late"
    title = "It is too late."
    remedy = "Begin anew."


class PeerError(ProtocolError):
    code = "test-peer"
    title = "The peer is wrong."
    remedy = "Tell them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    name: str
    times: int


def people() -> typer.Typer:
    group = typer.Typer()

    @group.command("list")
    def list_people() -> None:
        reporter().answer(str(reporter().data_dir), [str(reporter().data_dir)])

    @group.callback()
    def of_people() -> None:
        """What concerns people."""

    return group


def late() -> None:
    raise LateError(id="r1")


def peer() -> None:
    raise PeerError


def crash() -> None:
    raise LookupError("canary")


def leave(code: int) -> None:
    raise typer.Exit(code)


def silent() -> None:
    reporter().answer(None)


def count() -> None:
    reporter().answer(sum(reporter().progress([1, 2, 3], "counting")), ["six"])


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer(name="mentorweave-test", no_args_is_help=True)
    made.add_typer(people(), name="people")
    for command in (late, peer, crash, leave, silent, count):
        made.command()(command)

    @made.command()
    def greet(ctx: typer.Context, name: str, times: Annotated[int, typer.Option(min=1)] = 1) -> None:
        assert ctx.info_name == "greet"
        reporter().note("preparing")
        reporter().answer(Greeting(name=name, times=times), [f"hello {name}"] * times)

    return made


Runner = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> Runner:
    def runner(*arguments: str) -> tuple[int, str, str]:
        code = main(app, arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


def test_a_person_reads_lines(call: Runner) -> None:
    assert call("greet", "Ada", "--times", "2") == (0, "hello Ada\nhello Ada\n", "preparing\n")


def test_a_program_reads_one_document_and_nothing_else(call: Runner) -> None:
    code, out, err = call("greet", "Zoë", "--json")

    assert (code, json.loads(out), err) == (0, {"name": "Zoë", "times": 1}, "")
    assert out.isascii()


def test_a_command_that_has_nothing_to_say_says_nothing(call: Runner) -> None:
    assert call("silent") == (0, "", "")
    assert call("silent", "--json") == (0, "null\n", "")


def test_the_data_folder_comes_from_the_option(call: Runner, tmp_path: Path) -> None:
    assert call("people", "list", "--data-dir", str(tmp_path))[1] == f"{tmp_path}\n"


def test_the_data_folder_comes_from_the_environment_of_this_program(
    call: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENTORWEAVE_TEST_DATA_DIR", str(tmp_path))

    assert call("people", "list")[1] == f"{tmp_path}\n"


def test_the_data_folder_has_a_place_of_its_own_for_each_program(call: Runner) -> None:
    assert call("people", "list")[1].endswith("mentorweave-test\n")


def test_the_common_options_are_shown_by_help(call: Runner) -> None:
    code, out, _ = call("people", "list", "--help")

    assert code == 0
    assert "--data-dir" in out
    assert "--json" in out


@pytest.mark.parametrize(
    ("command", "lines"), [("late", "It is too late.\nBegin anew.\n"), ("peer", "The peer is wrong.\nTell them.\n")]
)
def test_a_rule_that_refuses_says_why_and_what_next(call: Runner, command: str, lines: str) -> None:
    assert call(command) == (1, "", lines)


def test_a_refusal_is_a_problem_document_for_a_program(call: Runner) -> None:
    code, out, err = call("late", "--json")

    assert (code, err) == (1, "")
    assert json.loads(out) == {
        "type": "https://mentorweave.example/problems/too-late",
        "code": "too-late",
        "title": "It is too late.",
        "remedy": "Begin anew.",
        "params": {"id": "r1"},
    }


def test_a_program_words_its_refusals_in_its_own_language(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    def french(error: Explained) -> tuple[str, str]:
        return f"refus {error.code}", "recommencer"

    assert main(app, ["late"], words=french) == 1
    assert capsys.readouterr().err == "refus too-late\nrecommencer\n"


@pytest.mark.parametrize(
    "arguments", [("greet",), ("nowhere",), ("greet", "Ada", "--times", "x"), ("greet", "a", "--no")]
)
def test_wrong_usage_is_said_on_standard_error(call: Runner, arguments: tuple[str, ...]) -> None:
    code, out, err = call(*arguments)

    assert (code, out) == (2, "")
    assert err


def test_an_unexpected_error_shows_an_incident_and_no_value(call: Runner) -> None:
    code, out, err = call("crash")

    assert (code, out) == (3, "")
    assert "Incident " in err
    assert "LookupError" in err
    assert "canary" not in err


def test_an_unexpected_error_is_an_incident_for_a_program_too(call: Runner) -> None:
    code, out, err = call("crash", "--json")

    assert code == 3
    assert json.loads(out)["incident"] in err


def test_a_command_may_choose_its_exit_code(call: Runner) -> None:
    assert call("leave", "0")[0] == 0
    assert call("leave", "1")[0] == 1


def test_there_is_no_bar_where_nobody_watches(call: Runner) -> None:
    assert call("count") == (0, "six\n", "")


def test_a_reporter_exists_only_while_a_command_runs(call: Runner) -> None:
    call("greet", "Ada")

    with pytest.raises(RuntimeError):
        reporter()


def test_running_a_program_twice_changes_nothing(call: Runner) -> None:
    assert call("greet", "Ada") == call("greet", "Ada")


def test_a_process_leaves_with_the_exit_code(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["mentorweave-test", "late"])

    with pytest.raises(SystemExit) as caught:
        run(app)

    assert caught.value.code == 1
