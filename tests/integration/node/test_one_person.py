"""One person at a time on the command line: taken in, changed, paused and back; communities and staff."""

from pathlib import Path

import pytest

from tests.support.commands import Run

ADA = ("name=Ada Obi", "email=ada@example.org", "occupation=21300", "languages=en:6; fr:4", "community=Redcliff")


@pytest.fixture
def ada(program: Run) -> str:
    """A mentee who was taken in by herself."""
    return str(program("people", "add", "mentee", *ADA, "--json").fields["person"])


def field(program: Run, person: str, name: str) -> object:
    return program("people", "show", person, "--json").fields[name]


def test_a_person_is_taken_in_with_the_words_of_a_spreadsheet(program: Run, ada: str) -> None:
    shown = program("people", "show", ada, "--json").fields

    assert (shown["name"], shown["occupation"], shown["community"]) == ("Ada Obi", "21300", "Redcliff")
    assert shown["languages"] == [{"code": "en", "level": 6}, {"code": "fr", "level": 4}]


def test_a_consent_can_come_with_her(program: Run) -> None:
    grace = program(
        "people", "add", "mentor", *ADA[:4], "community=Redcliff", "consent_listing=2026-01-05 phone", "--json"
    )

    (consent,) = program("people", "consent", "list", str(grace.fields["person"]), "--json").items
    assert consent["purpose"] == "listing"


def test_every_cell_that_cannot_be_read_is_named_and_nothing_is_kept(program: Run) -> None:
    said = program("people", "add", "mentor", "name=Ada", "email=nowhere", "occupation=99999", "seats=many")

    assert said.code == 1
    for column in ("e-mail", "occupation", "languages", "seats"):
        assert f"{column}: " in said.out
    assert program("people", "list", "--json").items == []


def test_somebody_who_is_here_already_is_not_taken_in_twice(program: Run, ada: str) -> None:
    said = program("people", "add", "mentee", *ADA)

    assert said.code == 1
    assert "e-mail: " in said.out
    assert len(program("people", "list", "--json").items) == 1


def test_changing_one_cell_leaves_the_others(program: Run, ada: str) -> None:
    before = program("people", "show", ada, "--json").fields

    changed = program("people", "edit", ada, "languages=en:8", "--json")

    after = program("people", "show", ada, "--json").fields
    assert changed.fields["version"] == after["version"] == 2
    assert after.pop("languages") == [{"code": "en", "level": 8}]
    same = {name: value for name, value in before.items() if name not in {"languages", "version"}}
    assert {name: value for name, value in after.items() if name != "version"} == same


def test_a_changed_name_is_found_and_the_old_one_is_not(program: Run, ada: str) -> None:
    assert program("people", "edit", ada, "name=Ada Nwosu").code == 0

    assert [found["id"] for found in program("people", "list", "--search", "nwosu", "--json").items] == [ada]
    assert program("people", "list", "--search", "obi", "--json").items == []


def test_a_change_made_on_an_old_reading_is_refused(program: Run, ada: str) -> None:
    assert program("people", "edit", ada, "notes=called", "--version", "1").code == 0

    late = program("people", "edit", ada, "notes=never called", "--version", "1")

    assert late.code == 1
    assert field(program, ada, "notes") == "called"


def test_a_change_to_somebody_elses_address_is_refused(program: Run, ada: str) -> None:
    other = program("people", "add", "mentee", *ADA[2:], "name=Ike Obi", "email=ike@example.org", "--json")

    refused = program("people", "edit", str(other.fields["person"]), "email=ada@example.org")

    assert refused.code == 1
    assert field(program, str(other.fields["person"]), "email") == "ike@example.org"


def test_a_change_that_cannot_be_read_is_refused_and_keeps_everything(program: Run, ada: str) -> None:
    refused = program("people", "edit", ada, "occupation=")

    assert refused.code == 1
    assert field(program, ada, "occupation") == "21300"


@pytest.mark.parametrize("typed", ["nothing", "shoe_size=44", "kind=mentor"])
def test_a_word_that_is_no_column_is_wrong_usage(program: Run, ada: str, typed: str) -> None:
    assert program("people", "edit", ada, typed).code == 2


def test_who_rests_is_suggested_to_nobody_until_she_is_back(program: Run, ada: str) -> None:
    mentor = str(program("people", "add", "mentor", *ADA[2:], "name=Zoe", "seats=1", "--json").fields["person"])
    assert len(program("match", "suggest", ada, "--json").fields["suggestions"]) == 1  # type: ignore[arg-type]

    paused = program("people", "pause", mentor, "--until", "2099-05-01")

    assert "paused  until 2099-05-01" in paused.out
    assert program("match", "suggest", ada, "--json").fields["suggestions"] == []
    assert program("people", "resume", mentor).code == 0
    assert len(program("match", "suggest", ada, "--json").fields["suggestions"]) == 1  # type: ignore[arg-type]


def test_a_pause_ends_in_the_future_and_nobody_who_left_is_paused(program: Run, ada: str) -> None:
    assert program("people", "pause", ada, "--until", "2020-01-01").code == 1
    assert program("people", "edit", ada, "state=left").code == 0

    assert program("people", "pause", ada).code == 1
    assert program("people", "resume", ada).code == 1


def test_a_pause_survives_a_spreadsheet(program: Run, ada: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    program("people", "pause", ada, "--until", "2099-05-01")

    program("people", "export", str(file))

    assert "2099-05-01" in file.read_text("utf-8-sig")


def test_a_community_is_added_once_and_people_can_live_there(program: Run) -> None:
    assert "Foremost" in program("people", "community", "add", "Foremost").out
    assert program("people", "community", "add", " foremost ").code == 1
    assert program("people", "community", "add", " ").code == 1

    assert "Foremost" in program("people", "community", "list").out
    assert program("people", "add", "mentee", *ADA[:4], "community=Foremost").code == 0


def test_an_operator_gets_an_address_and_a_colleague_another_role(program: Run) -> None:
    (operator,) = program("users", "list", "--json").items
    me = str(operator["id"])

    assert "robin@example.org" in program("users", "change", me, "--email", "robin@example.org").out
    assert program("users", "change", me, "--state", "closed").code == 1  # nobody could do everything any more
    assert program("users", "change", me, "--name", " ").code == 1
    sam = str(program("users", "add", "--name", "Sam", "--email", "sam@example.org", "--json").fields["id"])
    assert program("users", "change", sam, "--email", "robin@example.org").code == 1
    assert program("users", "change", sam, "--role", "administrator").code == 0
    assert "no longer" not in program("users", "change", me, "--state", "closed").err
