"""A coordinator's day on the command line: reading, matching, consents, erasing, backing up."""

from datetime import timedelta
from pathlib import Path

import pytest

from federation.ground.clock import SystemClock
from node.adapters.sql import schema
from node.services import checks
from tests.support.commands import Run

HEADER = "name,email,phone,community,occupation,languages,mode,seats,notes"
MENTORS = f"""{HEADER}
Zoé Brûlé,zoe@example.org,403 555 0100,Redcliff,21300,en; fr,either,2,knows irrigation
Paul Kane,paul@example.org,,Medicine Hat,21301,en,either,1,
Only French,of@example.org,,Medicine Hat,21300,fr,either,1,
Only Online,oo@example.org,,Medicine Hat,21300,en,online,1,
No Seat,ns@example.org,,Medicine Hat,21300,en,either,0,
"""
MENTEE = f"""{HEADER}
Amara Okafor,amara@example.org,+1 403 555 0199,Redcliff,21300,en:8,in_person,,met her twice
"""


@pytest.fixture
def staffed(program: Run, tmp_path: Path) -> Run:
    """A program with five mentors and one mentee."""
    for kind, text in (("mentors", MENTORS), ("mentees", MENTEE)):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, "utf-8")
        assert program("people", "import", str(file), "--kind", kind).code == 0
    return program


def person(run: Run, search: str) -> str:
    (found,) = run("people", "list", "--search", search, "--json").items
    return str(found["id"])


def test_people_are_listed_by_kind_and_found_by_name(staffed: Run) -> None:
    assert len(staffed("people", "list", "--kind", "mentors", "--json").items) == 5
    assert "Zoé Brûlé" in staffed("people", "list", "--search", "brul").out
    assert staffed("people", "list", "--search", "nobody").out == "Nobody fits.\n"
    assert staffed("people", "list", "--kind", "friends").code == 2


def test_one_person_is_shown_with_everything_that_is_held(staffed: Run) -> None:
    shown = staffed("people", "show", person(staffed, "zoe")).out

    assert "notes: knows irrigation" in shown
    assert "visibility: Ask me first" in shown


def test_mentors_are_ranked_with_reasons_and_what_would_help(staffed: Run) -> None:
    said = staffed("match", "suggest", person(staffed, "amara"))

    names = [line.split("  ")[1] for line in said.out.splitlines() if "of 900" in line]
    assert names == ["Zoé Brûlé", "Paul Kane"]
    assert "+ the same occupation" in said.out
    assert "km apart" in said.out
    assert "Online instead of in person (or the reverse) opens 1 more." in said.out


def test_no_mentor_is_said_in_words(staffed: Run) -> None:
    amara = person(staffed, "amara")
    for name in ("zoe", "paul"):
        assert staffed("match", "exclude", amara, person(staffed, name)).code == 0

    assert staffed("match", "suggest", amara).out.startswith("No mentor fits every hard rule.")
    assert staffed("match", "exclude", amara, person(staffed, "zoe"), "--undo").code == 0
    assert len(staffed("match", "suggest", amara, "--json").fields["suggestions"]) == 1  # type: ignore[arg-type]


def test_one_pair_is_explained_with_its_hard_rules(staffed: Run) -> None:
    why = staffed("match", "why", person(staffed, "amara"), person(staffed, "online"))

    assert "x one only meets in person, the other only online" in why.out
    assert staffed("match", "why", person(staffed, "zoe"), person(staffed, "amara")).code == 1


def test_a_yes_is_written_down_and_taken_back_and_both_stay(staffed: Run) -> None:
    amara = person(staffed, "amara")
    assert staffed("people", "consent", "list", amara).out == "Nothing was agreed to yet.\n"
    yes = ("people", "consent", "add", amara, "--purpose", "outside", "--given", "phone")
    added = staffed(
        *yes, "--wording", "Yes, do ask", "--granted-on", "2026-01-05", "--expires-on", "2200-01-05", "--json"
    )
    consent = str(added.fields["id"])
    assert staffed("people", "consent", "withdraw", consent, "--given", "email_reply").code == 0
    assert staffed("people", "consent", "withdraw", consent, "--given", "email_reply").code == 1
    staffed(*yes, "--granted-on", "2020-01-05")

    lapsed, withdrawn = staffed("people", "consent", "list", amara).out.splitlines()
    assert "lapsed on 2021-01-04" in lapsed
    assert "withdrawn on" in withdrawn
    kept = staffed("people", "consent", "list", amara, "--json").items
    assert [one["wording"] for one in kept] == ["wording.outside", "Yes, do ask"]


def test_a_yes_in_force_says_until_when(staffed: Run) -> None:
    amara = person(staffed, "amara")
    staffed("people", "consent", "add", amara, "--purpose", "contact", "--given", "paper")

    assert "in force until" in staffed("people", "consent", "list", amara).out


def test_an_erased_person_is_gone_after_one_question(staffed: Run) -> None:
    amara = person(staffed, "amara")

    assert staffed("people", "erase", amara, typed="n\n").code == 1
    assert staffed("people", "erase", amara, typed="y\n").code == 0
    assert staffed("people", "show", amara).code == 1


def test_occupations_are_found_without_a_data_folder(run: Run, tmp_path: Path) -> None:
    (first, *_) = run("occupations", "search", "civil eng", "--json").items
    assert first["code"] == "21300"
    assert set(first) == {"code", "title_en", "title_fr", "score"}
    assert "Ingénieurs civils" in run("occupations", "search", "civil eng", "--lang", "fr").out
    queries = tmp_path / "titles.txt"
    queries.write_text("civil eng\ntruck driver\n")
    answers = run("occupations", "search", "--file", str(queries), "--limit", "1", "--json").document
    assert isinstance(answers, list)
    assert [[hit["code"] for hit in hits] for hits in answers] == [["21300"], ["73300"]]  # type: ignore[union-attr, call-overload, index]
    assert "73300" in run("occupations", "search", "--file", str(queries)).out
    assert run("occupations", "search").code == 2


def test_the_doctor_names_what_is_wrong_and_what_to_do(staffed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sick = staffed("doctor")
    assert sick.code == 1
    assert "There is no backup.\n   Run: mentorweave backup" in sick.out
    assert "The key file is bare" in sick.out
    assert staffed("backup").code == 0
    assert staffed("doctor").code == 0
    monkeypatch.setattr(checks, "LEAST_DISK", 10**18)
    monkeypatch.setattr(checks, "BACKUP_AGE", timedelta(days=-1))
    found = {str(item["code"]) for item in staffed("doctor", "--json").items}
    assert {"disk-full", "backup-old"} <= found


def test_a_backup_is_restored_elsewhere_and_the_erased_stay_erased_without_the_list_of_them(
    run: Run, tmp_path: Path
) -> None:
    founding = run(
        "init", "--name", "Hat", "--region", "Alberta", "--community", "Redcliff", "--operator", "Pat",
        "--unattended", "--json",
    )  # fmt: skip
    words = founding.fields["recovery_words"]
    assert isinstance(words, list)
    file = tmp_path / "people.csv"
    file.write_text("name,occupation,languages\nAmara Okafor,21300,en\nLuc Roy,21300,fr\n")
    run("people", "import", str(file), "--kind", "mentees")
    made = Path(str(run("backup", "--json").fields["file"]))
    backup = str(made.rename(made.with_name("before.mwbackup")))  # two of one second would have one name
    run("people", "erase", person(run, "amara"), "--yes")
    (Path(backup).parent / "erasures.json").unlink()
    run("backup")
    (Path(backup).parent / "erasures.json").unlink()
    (Path(backup).parent / "of-others.mwbackup").write_bytes(b"MWB1 of another program")
    elsewhere = ("--data-dir", str(tmp_path / "elsewhere"))

    restored = run("restore", backup, *map(str, words), "--unattended", *elsewhere)

    assert restored.code == 0
    assert "1 people were erased again" in restored.out  # the list is lost: a newer backup knows it
    assert [one["name"] for one in run("people", "list", "--json", *elsewhere).items] == ["Luc Roy"]
    # It belongs to no federation: there is nobody to ask what it missed.
    assert "standing-restored" not in {one["code"] for one in run("doctor", "--json", *elsewhere).items}
    assert run("restore", backup, *map(str, words), "--unattended", *elsewhere).code == 1


def test_wrong_words_restore_nothing_and_leave_nothing(staffed: Run, tmp_path: Path) -> None:
    backup = str(staffed("backup", "--json").fields["file"])
    elsewhere = ("--data-dir", str(tmp_path / "elsewhere"))

    assert staffed("restore", backup, "one two three", "--unattended", *elsewhere).code == 1
    other = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    refused = staffed("restore", backup, "--unattended", *elsewhere, typed=f"{other}\n")
    assert "These are not the recovery words." in refused.err
    assert not (tmp_path / "elsewhere").exists()


def test_a_restore_never_writes_into_a_database_in_use(staffed: Run, tmp_path: Path) -> None:
    founding = ("init", "--name", "B", "--region", "A", "--community", "C", "--operator", "D", "--unattended", "--json")
    other = ("--data-dir", str(tmp_path / "other"))
    words = staffed(*founding, *other).fields["recovery_words"]
    assert isinstance(words, list)
    backup = str(staffed("backup", "--json", *other).fields["file"])
    in_use = f"sqlite:///{tmp_path / 'data' / 'mentorweave.sqlite3'}"
    elsewhere = ("--data-dir", str(tmp_path / "elsewhere"), "--database-url", in_use)

    refused = staffed("restore", backup, *map(str, words), "--unattended", *elsewhere)

    assert refused.err.startswith("The database to restore into is not empty.")
    assert len(staffed("people", "list", "--json").items) == 6


def test_an_upgrade_of_a_database_at_the_newest_revision_changes_nothing(staffed: Run) -> None:
    upgraded = staffed("db", "upgrade", "--json").fields

    assert upgraded == {"before": schema.HEAD, "after": schema.HEAD}


def test_an_older_sqlite_file_is_backed_up_and_then_migrated(
    staffed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.bootstrap.HEAD", "9999")

    assert staffed("people", "list").code == 0
    assert list((tmp_path / "data" / "backups").glob("*.mwbackup"))


def test_every_act_is_remembered_by_ids_only(staffed: Run, tmp_path: Path) -> None:
    before = SystemClock().now() - timedelta(minutes=5)
    staffed("people", "show", person(staffed, "amara"))

    from node.bootstrap import open_node  # noqa: PLC0415 - this test alone looks behind the command
    from node.settings import load_settings  # noqa: PLC0415 - as above

    node = open_node(load_settings(tmp_path / "data"), lambda: None)
    try:
        with node.program.reading() as work:
            acts = [entry.act.value for entry in work.audit.since(before)]
    finally:
        node.close()
    assert acts == ["program.founded", "people.imported", "people.imported", "person.shown", "person.shown"]
