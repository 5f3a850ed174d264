"""Why a draft that was changed by hand leaves somebody without a mentor: true of the pairs as they stand."""

from pathlib import Path

import pytest

from federation.ground.writing import Json
from tests.support.commands import Run

COLUMNS = "name,community,occupation,languages,mode,seats,waiting_since"
MENTORS = "Mary Mentor,Redcliff,21300,en,online,1,\nOmar Mentor,Redcliff,22300,en,online,1,\n"
MENTEES = (
    "Amara Okafor,Redcliff,21300,en:8,either,,2001-01-01\nLinh Pham,Redcliff,22300,en:8,either,,2026-11-01\n"
    "Nadia Haddad,Redcliff,21300,en:8,either,,2026-11-01\n"
)


def people(program: Run, folder: Path, mentors: str, mentees: str) -> dict[str, str]:
    """Their ids by their first names."""
    for kind, text in (("mentors", mentors), ("mentees", mentees)):
        file = folder / f"{kind}.csv"
        file.write_text(f"{COLUMNS}\n{text}", "utf-8")
        assert program("people", "import", str(file), "--kind", kind).code == 0
    return {str(person["name"]).split()[0]: str(person["id"]) for person in program("people", "list", "--json").items}


@pytest.fixture
def ids(program: Run, tmp_path: Path) -> dict[str, str]:
    return people(program, tmp_path, MENTORS, MENTEES)


def why(program: Run, ids: dict[str, str]) -> dict[str, Json]:
    """What is said of whom the newest draft leaves out."""
    left = program("match", "show", "--json").fields["unmatched"]
    assert isinstance(left, list)
    names = {person: name for name, person in ids.items()}
    return {names[str(one["mentee"])]: one["why"] for one in left if isinstance(one, dict)}


def keep_half(program: Run, folder: Path) -> None:
    """Half of a mentor's places are for her own community from now on."""
    rules = folder / "rules.toml"
    rules.write_text("[drafts]\nlocal_seats_percent = 50\n", "utf-8")
    assert program("match", "rules", "save", str(rules), "--yes").code == 0


def test_a_place_that_is_left_by_hand_is_free_for_everybody_it_suits(program: Run, ids: dict[str, str]) -> None:
    program("match", "draft")
    assert why(program, ids) == {"Nadia": "closer_fit"}

    left = program("match", "change", ids["Amara"], "--json").fields

    assert (left["name"], left["why"]) == ("Amara Okafor", "seat_free")
    assert why(program, ids) == {"Amara": "seat_free", "Nadia": "seat_free"}


def test_a_place_given_to_another_by_hand_is_said_to_be_wanted(program: Run, ids: dict[str, str]) -> None:
    program("match", "draft")
    program("match", "change", ids["Amara"])
    program("match", "change", ids["Nadia"], ids["Mary"])

    assert why(program, ids) == {"Amara": "wanted_pair"}


def test_where_none_of_the_usual_sentences_is_true_the_change_itself_is_named(
    program: Run, ids: dict[str, str]
) -> None:
    program("match", "draft")
    program("match", "exclude", ids["Amara"], ids["Mary"])

    said = program("match", "change", ids["Amara"])

    assert "changed since it was made" in said.out
    assert why(program, ids) == {"Amara": "changed_since", "Nadia": "seat_free"}


def test_of_somebody_who_waits_no_more_nothing_else_is_said(program: Run, ids: dict[str, str]) -> None:
    program("match", "draft")
    program("people", "pause", ids["Amara"])

    program("match", "change", ids["Amara"])

    assert why(program, ids) == {"Amara": "changed_since", "Nadia": "seat_free"}


def test_places_kept_for_locals_stay_kept_when_a_draft_is_changed(program: Run, tmp_path: Path) -> None:
    keep_half(program, tmp_path)
    mentees = (
        "Amara Okafor,Medicine Hat,21300,en:8,online,,2001-01-01\nLinh Pham,Redcliff,21300,en:8,online,,2026-11-01\n"
        "Nadia Haddad,Medicine Hat,21300,en:8,online,,2026-11-01\nYonas Tesfay,Redcliff,21300,en:8,online,,2026-11-01\n"
    )
    ids = people(program, tmp_path, "Mary Mentor,Redcliff,21300,en,online,2,\n", mentees)
    program("match", "draft")
    local = next(name for name in ("Linh", "Yonas") if name not in why(program, ids))

    program("match", "change", ids[local])

    said = why(program, ids)
    assert said["Linh"] == said["Yonas"] == "seat_free"
    assert said["Nadia"] == "kept_for_locals"

    program("match", "change", ids["Amara"])
    program("match", "change", ids[local], ids["Mary"])
    assert why(program, ids)["Nadia"] == "seat_free"


def test_a_local_keeps_her_kept_place_when_another_is_moved(program: Run, tmp_path: Path) -> None:
    keep_half(program, tmp_path)
    mentees = (
        "Amara Okafor,Medicine Hat,21300,en:8,online,,2001-01-01\nLinh Pham,Redcliff,21300,en:8,online,,2026-11-01\n"
        "Nadia Haddad,Medicine Hat,21300,en:8,online,,2026-11-01\n"
    )
    ids = people(program, tmp_path, "Mary Mentor,Redcliff,21300,en,online,2,\n", mentees)
    program("match", "draft")
    assert why(program, ids) == {"Nadia": "closer_fit"}

    program("match", "change", ids["Amara"])

    assert why(program, ids) == {"Amara": "seat_free", "Nadia": "seat_free"}


def test_pairs_with_a_mentor_who_rests_meanwhile_hold_no_place(program: Run, ids: dict[str, str]) -> None:
    program("match", "draft")
    program("people", "pause", ids["Omar"])

    program("match", "change", ids["Amara"])

    assert why(program, ids) == {"Amara": "seat_free", "Nadia": "seat_free"}


def test_a_draft_tells_that_people_changed_since_and_publishes_no_pair_that_a_rule_keeps_apart(
    program: Run, ids: dict[str, str]
) -> None:
    program("match", "draft")
    assert program("match", "show", "--json").fields["outdated"] is False

    program("people", "edit", ids["Amara"], "languages=ar:8")

    assert program("match", "show", "--json").fields["outdated"] is True
    assert "People or rules changed since it was made" in program("match", "show").out
    published = program("match", "publish", "--yes", "--json").fields
    assert published["begun"] == 1
    assert isinstance(published["skipped"], list)
    assert [one["mentee"] for one in published["skipped"] if isinstance(one, dict)] == [ids["Amara"]]
    assert program("match", "show", "--json").fields["outdated"] is False, "nobody acts by it any more"


def test_a_rule_that_was_made_stricter_since_is_kept_when_a_draft_is_published(
    program: Run, ids: dict[str, str], tmp_path: Path
) -> None:
    program("match", "draft")
    rules = tmp_path / "rules.toml"
    rules.write_text("[limits]\nlanguage_level = 10\n", "utf-8")
    assert program("match", "rules", "save", str(rules), "--yes").code == 0

    assert program("match", "show", "--json").fields["outdated"] is True
    published = program("match", "publish", "--yes", "--json").fields

    assert (published["begun"], len(ids)) == (0, 5)
