"""`people export --person`, `erase`, `erasures` and `retention`, as a person types them."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from node.domain.retention import Kept
from node.words import Words
from tests.support.canaries import found_in
from tests.support.commands import Run

PEOPLE = """name,email,phone,birth_date,availability,notes,community,occupation,languages
Zoé Brûlé,zoe@example.org,403 555 0100,1961-05-03,after supper,knows irrigation,Redcliff,21300,fr:9; en:5
Amara Okafor,amara@example.org,,,,,Redcliff,21301,en
"""


@pytest.fixture
def zoe(program: Run, tmp_path: Path) -> str:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    program("people", "import", str(file), "--kind", "mentors")
    (found,) = program("people", "list", "--search", "zoe", "--json").items
    consent = ("people", "consent", "add", str(found["id"]), "--purpose", "contact", "--given", "paper")
    program(*consent, "--wording", "Yes, do ask them")
    return str(found["id"])


def test_one_person_gets_everything_about_herself_for_a_machine_and_in_her_own_language(
    program: Run, zoe: str, tmp_path: Path
) -> None:
    out = tmp_path / "zoe.zip"
    program("people", "consent", "add", zoe, "--purpose", "listing", "--given", "paper")

    assert program("people", "export", str(out), "--person", zoe).code == 0

    with zipfile.ZipFile(BytesIO(out.read_bytes())) as packed:
        machine = json.loads(packed.read("everything.json"))
        readable = packed.read("everything.txt").decode()
    assert machine["person"]["notes"] == "knows irrigation"
    assert {one["wording"] for one in machine["consents"]} == {"Yes, do ask them", "wording.listing"}
    assert Words("fr")("wording.listing") in readable
    assert {record["table"] for record in machine["records"]} >= {"people", "consents", "visibilities"}
    for text in ("Zoé Brûlé", "403 555 0100", "Yes, do ask them", "Qui a vu vos données", "oui noté"):
        assert text in readable
    assert "Amara" not in readable + json.dumps(machine)
    assert out.stat().st_mode & 0o077 == 0


def test_everything_about_one_person_goes_into_a_zip_only(program: Run, zoe: str, tmp_path: Path) -> None:
    assert program("people", "export", str(tmp_path / "zoe.csv"), "--person", zoe).code == 2
    assert program("people", "export", str(tmp_path / "zoe.zip"), "--person", "nobody").code == 1
    assert not list(tmp_path.glob("zoe.*"))


def test_an_erasure_says_what_is_left_where_and_leaves_nothing_in_the_files(
    program: Run, zoe: str, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").unlink()

    said = program("people", "erase", zoe, "--yes")

    assert said.code == 0
    assert "Nothing of this person is left in the files" in said.out
    assert "14 backups" in said.out
    assert found_in(tmp_path / "data", [b"Zo\xc3\xa9", b"zoe@", b"irrigation", b"do ask them"]) == {}
    assert program("people", "show", zoe).code == 1
    assert "No other program" in program("people", "erasures").out


def test_the_clocks_of_retention_are_shown_run_and_set(program: Run, zoe: str, tmp_path: Path) -> None:
    shown = program("people", "retention")
    assert "90 days  due now: 0" in shown.out
    settings = tmp_path / "data" / "node.toml"
    settings.write_text(settings.read_text() + "keep_letters_days = 30\n")

    kinds = {str(item["kind"]): item for item in program("people", "retention", "--now", "--json").items}

    assert kinds["letters"] == {"kind": "letters", "days": 30, "least": 1, "due": 0, "forgotten": False}
    assert set(kinds) == set(Kept)
    settings.write_text(settings.read_text().replace("= 30", "= 0"))
    assert "keep_letters_days" in program("people", "retention").err
    settings.write_text(settings.read_text().replace("keep_letters_days = 0", "keep_requests_days = 364"))
    assert "(requests) is kept for 365 to 3660 days" in program("people", "retention").err
    assert zoe
