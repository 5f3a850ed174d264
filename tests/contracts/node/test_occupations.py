"""`Occupations` and `OccupationShelf`: what people type, how alike two groups are, and official files, made by hand."""

import csv
from collections.abc import Callable
from importlib import resources
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from node.adapters.occupations.table import OccupationTable
from node.domain.errors import (
    DamagedOccupationsError,
    DomainError,
    NoOccupationFilesError,
    UnknownOccupationError,
    UnknownOccupationFileError,
    UnreadableOccupationRowError,
)
from node.domain.occupation import Nearness
from node.domain.person import OccupationCode
from node.services.ports.occupations import Occupations, OccupationShelf

CIVIL, MECHANICAL, BAKER = OccupationCode("21300"), OccupationCode("21301"), OccupationCode("63202")
TITLES = "noc,lang,title\n63202,en,zorbatronic kneader\n10,fr,Membre du zorbaconseil\n"
ELEMENTS = (
    "Level,Code - NOC 2021 V1.0,Class title,Element Type Label,Element Description\n"
    "4,6320,Cooks and bakers,Inclusion,\n"
    "5,63202,Bakers,Illustrative example(s),zorbatronic kneader\n"
    "5,63202,Bakers,Main duties,Operate the zorbatron\n"
    "5,63202,Bakers,Exclusion(s),Pastry chefs\n"
)
ELEMENTS_FR = (
    "Niveau;Code - CNP 2021 V1.0;Titres de classes;Étiquette du type d'élément;Description de l'élément\n"
    "5;63202;Boulangers;Exemples illustratifs;pétrisseuse zorbatronique\n"
    "5;63202;Boulangers;Fonctions principales;Régler le zorbatron\n"
)
STRUCTURE = (
    "Level,Hierarchical structure,Code - NOC 2021 V1.0,Class title,Class definition\n"
    "1,Broad Category,0,Legislative,All of it\n"
    "5,Unit Group,63202,Bakers,Bakers tend zorbatrons.\n"
)
DUTIES = "OaSIS profile code,Main duties\n63202.00,Feed the zorbatron\n10,Discuss zorbatrons\n"
SKILLS = (
    "OaSIS Code - Final,OaSIS Label - Final,Reading Comprehension,Writing\n63202.01,Bakers,1,2\n21300.00,Civil,5,\n"
)
KNOWLEDGE = "OaSIS Code - Final,OaSIS Label - Final,Accounting,Physics\n63202.01,Bakers,1,0\n21300,Civil,2,5\n"


@pytest.fixture(scope="module")
def table() -> Occupations:
    return OccupationTable()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        file = tmp_path / "official" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8-sig")
        return file

    return write


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("RN", "31301"),
        ("infirmière", "31301"),
        ("infirmier", "31301"),
        ("infirmiere auxiliaire", "32101"),
        ("LPN", "32101"),
        ("IT support", "22221"),
        ("eng civil", "21300"),
        ("civl engineer", "21300"),
        ("driver truck", "73300"),
        ("truck drivers", "73300"),
        ("camionneuse", "73300"),
        ("Mail-man", "74101"),
        ("attorney", "41101"),
        ("ware house worker", "75101"),
        ("fire fighter", "42101"),
        ("house keeper", "65310"),
        ("coiffeuse", "63210"),
        ("Cadres supérieurs/cadres supérieures - administration publique", "00011"),
    ],
)
def test_what_people_type_finds_its_group_first(table: Occupations, typed: str, code: str) -> None:
    assert table.search(typed, 1)[0][0].code == code


def test_an_engineer_with_a_licence_is_offered_kinds_of_engineers(table: Occupations) -> None:
    assert all(group.code.startswith("21") for group, _ in table.search("PEng", 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [("infirmier", "Infirmière"), ("electricien", "Électricien"), ("salesman", "saleswoman"), ("nurse", "Nurses")],
)
def test_accents_capitals_number_and_gender_change_nothing(table: Occupations, one: str, other: str) -> None:
    assert table.search(one, 5) == table.search(other, 5)


@pytest.mark.parametrize("typed", ["", " - ", "()", "\N{HIRAGANA LETTER A}", "1 2"])
def test_what_holds_no_known_piece_finds_nothing(table: Occupations, typed: str) -> None:
    assert table.search(typed, 5) == ()


def test_scores_are_chances_and_fall(table: Occupations) -> None:
    scores = [score for _, score in table.search("technician", 516)]

    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1.001


def test_a_group_is_wholly_like_itself_and_alike_both_ways(table: Occupations) -> None:
    assert table.similarity(CIVIL, CIVIL)[0] == 1.0
    assert table.similarity(CIVIL, BAKER)[0] == table.similarity(BAKER, CIVIL)[0]
    assert table.similarity(CIVIL, MECHANICAL)[0] > table.similarity(CIVIL, BAKER)[0]


def test_the_reason_names_the_group_in_common_and_the_shared_work(table: Occupations) -> None:
    _, kinship = table.similarity(OccupationCode("21112"), OccupationCode("80020"))

    assert kinship.nearness is Nearness.APART
    assert {"irrigation", "soil"} <= set(kinship.shared)
    assert table.similarity(CIVIL, MECHANICAL)[1].nearness is Nearness.MINOR


def test_the_most_alike_come_first_with_the_values_of_similarity(table: Occupations) -> None:
    found = table.similar(CIVIL, 515)

    assert len({group.code for group, _ in found} - {CIVIL}) == 515
    assert [value for _, value in found] == sorted((value for _, value in found), reverse=True)
    assert all(0 <= value <= 1 for _, value in found)
    assert found[0][1] == table.similarity(CIVIL, found[0][0].code)[0]


def test_unknown_codes_are_like_nothing(table: Occupations) -> None:
    with pytest.raises(UnknownOccupationError):
        table.similarity(CIVIL, OccupationCode("99999"))
    with pytest.raises(UnknownOccupationError):
        table.similar(OccupationCode("99999"), 5)


@pytest.mark.parametrize(
    ("name", "text", "typed"),
    [
        ("titles.csv", TITLES, "zorbatronic kneader"),
        ("elements.csv", ELEMENTS, "zorbatronic kneader"),
        ("elements_fr.csv", ELEMENTS_FR, "pétrisseuse zorbatronique"),
    ],
)
def test_titles_of_either_shape_are_found_once_loaded(
    write: Callable[[str, str], Path], tmp_path: Path, name: str, text: str, typed: str
) -> None:
    shelf: OccupationShelf = OccupationTable()

    shelf.load(tmp_path / "node", [write(name, text)])

    assert OccupationTable(tmp_path / "node").search(typed, 1)[0][0].code == BAKER
    assert OccupationTable().search("zorbatronic kneader", 1)[0][0].code != BAKER


def test_a_folder_is_read_whole_and_counted_and_a_second_load_replaces_the_first(
    write: Callable[[str, str], Path], tmp_path: Path
) -> None:
    folder = write("titles.csv", TITLES).parent
    for name, text in {
        "s.csv": STRUCTURE,
        "d.csv": DUTIES,
        "k.csv": SKILLS,
        "w.csv": KNOWLEDGE,
        "x.csv": "a,b\n",
    }.items():
        write(name, text)
    shelf, node = OccupationTable(), tmp_path / "node"

    first = shelf.load(node, [folder])
    second = shelf.load(node, [write("d.csv", DUTIES)])

    assert first.files == ("d.csv", "k.csv", "s.csv", "titles.csv", "w.csv")
    assert (first.titles_en, first.titles_fr, first.work, first.ratings) == (1, 1, 3, 2)
    assert (second.titles_en, second.work) == (0, 2)
    assert [file.name for file in node.iterdir()] == ["occupations.npz"]
    assert OccupationTable(node).similarity(CIVIL, MECHANICAL)[0] > 0


@pytest.mark.parametrize(
    ("name", "text", "error", "where"),
    [
        ("people.csv", "name,email\n", UnknownOccupationFileError, {"file": "people.csv"}),
        ("empty.csv", "", UnknownOccupationFileError, {"file": "empty.csv"}),
        ("none.csv", "noc,lang,title\n", NoOccupationFilesError, {}),
        ("t.csv", TITLES + "99999,en,x\n", UnreadableOccupationRowError, {"file": "t.csv", "row": 4, "column": "noc"}),
        ("t.csv", TITLES + "63202,de,x\n", UnreadableOccupationRowError, {"file": "t.csv", "row": 4, "column": "lang"}),
        (
            "t.csv",
            TITLES + "63202,en, \n",
            UnreadableOccupationRowError,
            {"file": "t.csv", "row": 4, "column": "title"},
        ),
        ("t.csv", TITLES + "63202\n", UnreadableOccupationRowError, {"file": "t.csv", "row": 4, "column": "lang"}),
        (
            "k.csv",
            SKILLS + "63202.00,Bakers,high,1\n",
            UnreadableOccupationRowError,
            {"file": "k.csv", "row": 4, "column": "reading comprehension"},
        ),
    ],
)
def test_a_wrong_file_says_where_and_leaves_what_was_loaded(  # noqa: PLR0917 - one case a row
    write: Callable[[str, str], Path],
    tmp_path: Path,
    name: str,
    text: str,
    error: type[DomainError],
    where: dict[str, object],
) -> None:
    shelf, node = OccupationTable(), tmp_path / "node"
    node.mkdir()
    (node / "occupations.npz").write_bytes(b"loaded before")

    with pytest.raises(error) as refusal:
        shelf.load(node, [write(name, text)])

    assert dict(refusal.value.params) == where
    assert (node / "occupations.npz").read_bytes() == b"loaded before"


@pytest.mark.parametrize("spoil", [lambda data: data[:300], lambda _: b"", lambda _: b"no archive", lambda data: data])
def test_a_spoilt_index_is_named_with_the_way_out(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    written = BytesIO()
    np.savez(written, form=np.array(0), likeness=np.zeros(9))
    (tmp_path / "occupations.npz").write_bytes(spoil(written.getvalue()))

    with pytest.raises(DamagedOccupationsError):
        OccupationTable(tmp_path).search("baker", 1)


def test_every_group_has_its_own_words_in_both_languages() -> None:
    tables = resources.files("node.adapters.occupations")
    chosen, further = dict[str, tuple[int, int]](), dict[str, int]()
    for broad in range(10):
        for name in ("words", "titles"):
            text = tables.joinpath(f"{name}/{name}{broad}.tsv").read_text("utf-8")
            for row in csv.DictReader(text.splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE):
                counts = len(row["en"].split(";")), len(row["fr"].split(";"))
                if name == "words":
                    chosen[row["code"]] = counts
                else:
                    further[row["code"]] = sum(counts)

    assert len(chosen) == len(further) == 516
    assert all(8 <= english + french <= 20 and french >= 5 for english, french in chosen.values())
    assert min(further.values()) >= 2
