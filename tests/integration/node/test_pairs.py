"""A pair of one program, by commands: approved, two letters, goals, meetings, an outcome, a report."""

from pathlib import Path

import pytest

from tests.support.commands import Run

COLUMNS = "name,email,community,occupation,languages,mode,seats"
PEOPLE = {
    "mentors": f"{COLUMNS}\nMary Mentor,mary@example.org,Redcliff,21300,fr,online,1\n",
    "mentees": f"{COLUMNS}\nAmara Okafor,amara@example.org,Redcliff,21300,en:8; fr:4,either,\n"
    "Nadia Haddad,nadia@example.org,Redcliff,21300,en:8,either,\n",
}


@pytest.fixture
def people(program: Run, tmp_path: Path) -> dict[str, str]:
    for kind, text in PEOPLE.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, "utf-8")
        assert program("people", "import", str(file), "--kind", kind).code == 0
    return {str(person["name"]): str(person["id"]) for person in program("people", "list", "--json").items}


def test_a_pair_begins_meets_and_ends(program: Run, people: dict[str, str], tmp_path: Path) -> None:
    approved = program("match", "approve", people["Amara Okafor"], people["Mary Mentor"], "--json")
    mentorship = str(approved.fields["id"])
    assert program("match", "approve", people["Nadia Haddad"], people["Mary Mentor"]).code == 1
    assert "waiting to be sent" in program("letters", "list").out
    assert "laid into the folder: 2" in program("letters", "send").out
    drafts = sorted((tmp_path / "data" / "letters").glob("*.eml"))
    assert "tick it off" in program("letters", "list").out
    assert "sent" in program("letters", "sent", drafts[0].stem).out
    assert program("letters", "sent", drafts[0].stem).code == 1
    assert any("Bonjour Mary Mentor" in draft.read_text("utf-8") for draft in drafts)

    wrong = program("mentorship", "agree", mentorship, "--words", "x", "--goal", "soon", "--review-on", "2027-01-01")
    assert wrong.code == 2
    agreed = program(
        *("mentorship", "agree", mentorship, "--words", "Mondays", "--review-on", "2027-01-01"),
        *("--goal", "2027-02-01=Pass the exam", "--goal", "2027-03-01=Meet two engineers"),
    )
    assert "1. Pass the exam  2027-02-01  open" in agreed.out
    assert "reached" in program("mentorship", "goal", mentorship, "1", "reached").out
    assert program("mentorship", "meet", mentorship, "--minutes", "0").code == 1
    assert "meetings: 1" in program("mentorship", "meet", mentorship, "--minutes", "45").out
    assert "met for 45 minutes" in program("mentorship", "show", mentorship).out
    assert "paused" in program("mentorship", "pause", mentorship).out
    assert "paused" not in program("mentorship", "resume", mentorship).out
    assert "completed" in program("mentorship", "close", mentorship, "--outcome", "completed").out
    assert program("mentorship", "list", "--active").out == "There is no mentorship.\n"

    said = program("report", "--from", "2020-01-01", "--to", "2120-01-01").out
    assert "People served: 1" in said
    assert "Meetings: 1; hours of our mentors: 0.8" in said
    assert "Places: 1, held: 0, taken: 0" in said


def test_a_pair_that_is_kept_apart_or_unknown_is_refused(program: Run, people: dict[str, str]) -> None:
    amara, mary = people["Amara Okafor"], people["Mary Mentor"]
    program("match", "exclude", amara, mary)

    assert "kept apart" in program("match", "approve", amara, mary).err
    assert program("match", "approve", mary, amara).code == 1
    assert program("mentorship", "show", "nothing").code == 1


def test_an_erased_mentee_ends_the_pair_and_frees_the_seat(program: Run, people: dict[str, str]) -> None:
    program("match", "approve", people["Amara Okafor"], people["Mary Mentor"])
    program("people", "erase", people["Amara Okafor"], "--yes")

    said = program("report").out
    assert "taken: 0" in said
    assert "People served: 1" in said


def test_a_pair_outlives_its_mentor(program: Run, people: dict[str, str]) -> None:
    program("match", "approve", people["Amara Okafor"], people["Mary Mentor"])
    program("people", "erase", people["Mary Mentor"], "--yes")

    (pair,) = program("mentorship", "list", "--json").items
    assert (pair["mentor"], pair["state"]) == (None, "active")


def test_empty_shelves_say_so(program: Run) -> None:
    assert program("request", "list").out == "There is no request.\n"
    assert program("letters", "list").out == "There is no letter.\n"
    assert program("outbox", "list").out == "Nothing waits to be sent.\n"
    assert "Nothing was published yet." in program("summary", "ledger").out
    for alone in (("sync",), ("summary", "preview"), ("roster", "show")):
        assert program(*alone).code == 1
    assert program("join", "not-a-code").code == 1
    assert program("roster", "--metadata-dir", "nowhere", "--metadata-url", "http://127.0.0.1:9", "refresh").code == 1
