"""`mentorweave occupations` as a person types it, with a data folder and without."""

from pathlib import Path

import pytest

from tests.support.commands import Run

TITLES = "noc,lang,title\n63202,en,zorbatronic kneader\n"


def test_a_search_and_relatives_need_no_data_folder(run: Run, tmp_path: Path) -> None:
    found = run("occupations", "search", "infirmiere auxiliaire", "--limit", "2", "--json")
    alike = run("occupations", "similar", "10", "--limit", "515", "--json")

    assert [set(item) for item in found.items] == [{"code", "title_en", "title_fr", "score"}] * 2
    assert found.items[0]["code"] == "32101"
    assert [set(item) for item in alike.items] == [{"code", "similarity"}] * 515
    assert not (tmp_path / "data").exists()


def test_a_file_of_queries_is_answered_line_by_line(run: Run, tmp_path: Path) -> None:
    queries = tmp_path / "titles.txt"
    queries.write_text("civil engineer\n\nboulangère\n", "utf-8")

    said = run("occupations", "search", "--file", str(queries), "--limit", "1", "--json")
    read = run("occupations", "search", "--file", str(queries), "--limit", "1", "--lang", "fr")

    assert isinstance(said.document, list)
    first, second, third = said.document
    assert second == []
    assert [hits[0]["code"] for hits in (first, third)] == ["21300", "63202"]  # type: ignore[index, call-overload]
    assert "Boulangers" in read.out


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_whatever_program_wrote_the_queries_their_answers_stay_in_step(run: Run, tmp_path: Path, encoding: str) -> None:
    queries = tmp_path / "titles.txt"
    queries.write_bytes("boulang\N{LATIN SMALL LETTER E WITH GRAVE}re\r\ncivil\x0bengineer\r\n".encode(encoding))

    said = run("occupations", "search", "--file", str(queries), "--limit", "1", "--json").document

    assert isinstance(said, list)
    assert [hits[0]["code"] for hits in said] == ["63202", "21300"]  # type: ignore[index, call-overload]


def test_text_and_file_at_once_or_neither_are_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("occupations", "search").code == 2


def test_official_titles_loaded_into_a_folder_without_a_node_are_found_there(run: Run, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    said = run("occupations", "load", str(titles))
    found = run("occupations", "search", "zorbatronic kneader", "--json")

    assert (said.code, said.err) == (0, "")
    assert "1 English" in said.out
    assert found.items[0]["code"] == "63202"


def test_a_wrong_file_is_refused_in_words_that_say_where(run: Run, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES + "99999,en,x\n", "utf-8")

    said = run("occupations", "load", str(titles))

    assert said.code == 1
    assert said.err.splitlines()[0].startswith('titles.csv, row 3: the column "noc"')


def test_reasons_are_shown_to_a_person(program: Run) -> None:
    said = program("occupations", "similar", "21112", "--limit", "30")

    assert "same minor group" in said.out
    assert "shared work: " in said.out


def test_reasons_in_french_say_the_shared_work_in_french(program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORWEAVE_LANGUAGE", "fr")

    said = program("occupations", "similar", "21112", "--limit", "30")

    assert "même groupe intermédiaire" in said.out
    assert "échantillonnage du sol" in said.out
    assert "soil sampling" not in said.out
