"""Whoever steals the data folder finds nobody in it."""

import zipfile
from io import BytesIO
from pathlib import Path

from tests.support.commands import Run

FOLDED = ("zoe", "brule", "okafor", "amara")
SECRETS = (
    "Zoé", "Brûlé", "Okafor", "zoe@example.org", "403 555 0100", "4035550100", "irrigation", "after supper",
    "1961-05-03", "Yes, do ask them", "Pat Doe", "pat@example.org",
)  # fmt: skip
PEOPLE = """name,email,phone,birth_date,availability,notes,community,occupation,languages
Zoé Brûlé,zoe@example.org,403 555 0100,1961-05-03,after supper,knows irrigation,Redcliff,21300,en
Amara Okafor,amara@example.org,,,,,Redcliff,21301,en
"""


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def leaks(content: bytes) -> list[str]:
    lower = content.lower()
    spelled = [secret for secret in SECRETS if secret.encode() in content or secret.encode("utf-16-le") in content]
    return spelled + [word for word in FOLDED if word.encode() in lower]


def test_a_stolen_data_folder_holds_no_name_address_number_or_note(program: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    program("people", "import", str(file), "--kind", "mentors")
    (zoe,) = program("people", "list", "--search", "zoe", "--json").items
    consent = ("people", "consent", "add", str(zoe["id"]), "--purpose", "contact", "--given", "paper")
    program(*consent, "--wording", "Yes, do ask them")
    program("backup")
    program("keys", "rotate")

    found = {name: leaks(content) for name, content in everything_in(tmp_path / "data").items()}

    assert len(found) >= 3, "database, settings and backup are searched"
    assert {name: what for name, what in found.items() if what} == {}
    assert leaks(file.read_bytes()), "the search finds what is there"


def test_the_search_of_this_test_looks_into_what_an_export_holds(program: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    program("people", "import", str(file), "--kind", "mentors")
    out = tmp_path / "out.xlsx"
    program("people", "export", str(out))

    with zipfile.ZipFile(BytesIO(out.read_bytes())) as book:
        assert any(leaks(book.read(name)) for name in book.namelist())


def test_after_an_erasure_the_keys_do_not_open_her_rows_in_the_file(program: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    program("people", "import", str(file), "--kind", "mentors")
    (zoe,) = program("people", "list", "--search", "zoe", "--json").items
    program("people", "erase", str(zoe["id"]), "--yes")

    database = (tmp_path / "data" / "mentorweave.sqlite3").read_bytes()

    # Her id stays in the audit trail, once; no row and no wrapped key of hers lies in a freed page.
    assert database.count(str(zoe["id"]).encode()) == 1
