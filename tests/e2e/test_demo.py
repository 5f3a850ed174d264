"""The story that must always run, told by real processes; its claims are checked from outside."""

import csv
import email
import json
import subprocess
import sys
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

import httpx
import pytest

from tests.support.waiting import wait_until

HEADERS = ("name", "mail", "phone", "note")
SAID = "said"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("story") / "data"
    command = [str(Path(sys.executable).parent / "mentorweave"), "demo", "--once", "--json", "--data-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=540)
    (folder.parent / SAID).write_bytes(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return folder, json.loads(done.stdout)


@pytest.mark.timeout(120)
def test_a_demo_that_is_told_to_end_takes_its_servers_along(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    command = [str(Path(sys.executable).parent / "mentorweave"), "demo", "--data-dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as demo:
        wait_until(lambda: answers(folder), within=60, what="the exchange is there")
        demo.terminate()
        demo.wait(timeout=60)

    assert demo.returncode == 3, "it did not come to its end"
    assert not answers(folder)


def answers(folder: Path) -> bool:
    """Whether the exchange of a demo does."""
    try:
        url = json.loads((folder / "exchange" / "exchange.json").read_text("utf-8"))["url"]
        return httpx.get(f"{url}/readyz", trust_env=False).is_success
    except (OSError, httpx.TransportError):
        return False


def personal_values(folder: Path) -> set[str]:
    found = set[str]()
    for sheet in (folder / "people").glob("*.csv"):
        with sheet.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found |= {value for header, value in row.items() if value and any(word in header for word in HEADERS)}
    return found


def named_in(folder: Path, *places: Path) -> list[str]:
    """Which personal values stand in any file of these places, found in one pass over each."""
    values = personal_values(folder)
    assert len(values) > 3_000
    wanted = folder.parent / "values.txt"
    wanted.write_text("\n".join(sorted(values)), "utf-8")
    search = ["grep", "--fixed-strings", "--text", "--recursive", "--only-matching", "--no-filename"]
    done = subprocess.run([*search, "--file", wanted, *places], capture_output=True, check=False, env={"LC_ALL": "C"})
    assert done.stderr == b""
    return done.stdout.decode().splitlines()


def letters(folder: Path) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted((folder / "letters").iterdir())
    ]


@pytest.mark.timeout(600)
def test_every_step_of_the_story_goes_as_told(told: tuple[Path, dict[str, object]]) -> None:
    _, document = told
    assert document["ok"] is True
    steps = document["steps"]
    assert isinstance(steps, list)
    assert all(step["ok"] for step in steps)


@pytest.mark.timeout(600)
def test_two_people_of_each_introduction_get_one_letter_with_the_other_ones_address_and_a_meeting(
    told: tuple[Path, dict[str, object]],
) -> None:
    folder, _ = told
    found = letters(folder)
    assert len(found) == 4
    assert len({letter["to"] for letter in found}) == 4
    addresses = {parseaddr(str(letter["to"]))[1] for letter in found}
    for letter in found:
        body = letter.get_body(("plain",))
        assert body is not None
        others = addresses - {parseaddr(str(letter["to"]))[1]}
        assert sum(address in body.get_content() for address in others) == 1
        assert any(part.get_content_type() == "text/calendar" for part in letter.walk())


@pytest.mark.timeout(600)
def test_nothing_the_exchange_stored_or_measured_names_anybody(told: tuple[Path, dict[str, object]]) -> None:
    folder, document = told
    assert len(named_in(folder, folder / "people")) > 3_000, "the search finds what is there"
    assert named_in(folder, folder / "exchange") == []
    assert document["exchange_leaks"] == []
    assert b'mentorweave_requests_total{method="POST"' in (folder / "exchange" / "metrics.txt").read_bytes()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("holder", ["medicine-hat", "eriec", "criec", "stewards"])
def test_what_a_program_or_a_steward_stored_and_logged_names_nobody_either(
    told: tuple[Path, dict[str, object]], holder: str
) -> None:
    folder, _ = told
    assert named_in(folder, folder / holder) == []
    assert (folder / holder / "serve.log").is_file() or holder == "stewards"


@pytest.mark.timeout(600)
def test_no_log_line_address_or_word_of_the_story_names_anybody(told: tuple[Path, dict[str, object]]) -> None:
    folder, _ = told
    logs = [*folder.rglob("*.log"), folder.parent / SAID]
    assert len(logs) == 5, "three programs, the exchange, and what the story itself said"
    assert b"route=/v1/mailbox" in b"\n".join(path.read_bytes() for path in logs), "addresses are logged by their form"
    assert named_in(folder, *logs) == []


@pytest.mark.timeout(600)
def test_the_figures_are_counted_and_in_order(told: tuple[Path, dict[str, object]]) -> None:
    _, document = told
    coverage, rare = document["coverage"], document["rare"]
    assert isinstance(coverage, dict)
    assert isinstance(rare, dict)
    assert 0 < coverage["local_only"] < coverage["federated"] <= coverage["central_optimum"] <= 1
    assert rare["local_first"] < rare["federated"] <= rare["feasible_maximum"]
    assert 0.95 * rare["central_optimum"] <= rare["federated"]
    assert rare["central_optimum"] <= rare["feasible_maximum"]
