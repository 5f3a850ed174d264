"""Whoever steals the data folder finds nobody in it."""

import base64
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from federation.ground import keyfile
from node.adapters.vault.keys import load_keys
from tests.support.commands import INIT, Run

FOLDED = ("zoelie", "brule", "okafor", "amara")
SECRETS = (
    "Zoélie", "Brûlé", "Okafor", "zoe@example.org", "403 555 0100", "4035550100", "irrigation", "after supper",
    "1961-05-03", "Yes, do ask them", "Pat Doe", "pat@example.org",
)  # fmt: skip
PEOPLE = """name,email,phone,birth_date,availability,notes,community,occupation,languages
Zoélie Brûlé,zoe@example.org,403 555 0100,1961-05-03,after supper,knows irrigation,Redcliff,21300,en
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

    # Her id stays in the audit trail and its index, for she was listed and erased; no row and no key of hers lies in
    # a freed page.
    acts = 2
    assert database.count(str(zoe["id"]).encode()) == 2 * acts


def test_a_stolen_laptop_without_its_passphrase_tells_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrase = tmp_path / "elsewhere"
    passphrase.write_text("correct horse battery")
    monkeypatch.setenv("MENTORWEAVE_PASSPHRASE_FILE", str(passphrase))
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    commands = [("init", *INIT), ("people", "import", str(file), "--kind", "mentors"), ("backup",), ("keys", "show")]
    commands += [("keys", "rotate"), ("doctor",), ("sync",), ("users", "list"), ("people", "retention")]
    said = [run(*command, "--json") for command in commands]
    (key_file,) = (tmp_path / "keys").iterdir()
    secrets = key_material(keyfile.read(key_file, "correct horse battery"))
    monkeypatch.delenv("MENTORWEAVE_PASSPHRASE_FILE")

    stolen = everything_in(tmp_path / "data") | everything_in(tmp_path / "keys")

    assert {name: leaks(content) for name, content in stolen.items() if leaks(content)} == {}
    assert [name for name, content in stolen.items() if any(secret in content for secret in secrets)] == []
    printed = "\n".join(one.out + one.err for one in said).encode()
    assert not any(secret in printed for secret in (*secrets, b"correct horse"))
    assert run("people", "list", typed="").err.startswith("The key file needs a passphrase.")
    for guess in ("", "correct horse", "password"):
        passphrase.write_text(guess)
        monkeypatch.setenv("MENTORWEAVE_PASSPHRASE_FILE", str(passphrase))
        assert run("people", "list").code == 1


def key_material(text: bytes) -> list[bytes]:
    """Every key of the file, as bytes, in hexadecimal and in both kinds of base64."""
    keys = load_keys(text)
    raw = [*(key for _, key in keys.masters), keys.index, keys.identity, keys.backup]
    assert set(json.loads(text)) == {"masters", "index", "identity", "backup"}, "no key is left out of the search"
    spelled = [(key, key.hex().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)) for key in raw]
    return [one.rstrip(b"=") for spellings in spelled for one in spellings]
