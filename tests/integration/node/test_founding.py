"""`init`, settings, and the keys outside the data folder."""

import sys
import tomllib
from pathlib import Path

import pytest

import node.cli.init
from tests.support.commands import INIT, Run


def test_a_program_is_founded_and_can_be_used_at_once(run: Run, tmp_path: Path) -> None:
    founded = run("init", *INIT, "--unattended", "--json")

    assert founded.code == 0
    words = founded.fields["recovery_words"]
    assert isinstance(words, list)
    assert len(words) == 12
    assert not list((tmp_path / "data").rglob("*.key"))
    (operator,) = run("users", "list", "--json").items
    assert (operator["name"], operator["role"]) == ("Pat Doe", "administrator")


def test_a_second_program_in_the_same_folder_is_refused(program: Run) -> None:
    again = program("init", *INIT, "--unattended")

    assert again.code == 1
    assert again.err.splitlines() == [
        "There is a program in this data folder already.",
        "Choose another folder with --data-dir.",
    ]


@pytest.mark.parametrize("blank", ["--name", "--operator", "--community"])
def test_blank_answers_are_refused_and_leave_nothing_behind(run: Run, tmp_path: Path, blank: str) -> None:
    arguments = [" " if INIT[position - 1] == blank else text for position, text in enumerate(INIT)]

    assert run("init", *arguments, "--unattended").code == 1
    assert not list((tmp_path / "keys").glob("*"))
    assert not list((tmp_path / "data").glob("*"))
    assert run("init", *INIT, "--unattended").code == 0


def test_mail_settings_are_kept_in_the_file_and_blank_ones_left_out(run: Run, tmp_path: Path) -> None:
    run("init", *INIT, "--unattended", "--smtp-host", "mail.example.org", "--mail-sender", 'Pat "P" <pat@example.org>')

    settings = tomllib.loads((tmp_path / "data" / "node.toml").read_text())
    assert settings["smtp_host"] == "mail.example.org"
    assert settings["mail_sender"] == 'Pat "P" <pat@example.org>'
    assert "smtp_user" not in settings


def test_a_person_is_shown_the_recovery_sheet_and_asked_for_two_words(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    monkeypatch.setattr(node.cli.init, "fresh_recovery_words", lambda _language: words)
    monkeypatch.setattr("secrets.SystemRandom", _FirstWords)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")
    monkeypatch.setenv("MENTORWEAVE_PASSPHRASE_FILE", str(passphrase))

    founded = run("init", *INIT, typed="legal\nlooser\nwinner\n")

    assert founded.code == 0
    assert "12. yellow" in founded.err
    assert run("keys", "show", "--json").fields["guard"] == "passphrase_file"


@pytest.mark.parametrize(("language", "first"), [("en", "Name of your program"), ("fr", "Nom de votre programme")])
def test_whatever_was_not_said_is_asked_for(run: Run, language: str, first: str) -> None:
    founded = run(
        "init", "--language", language, "--unattended", typed="Hat\nAlberta\nMedicine Hat\nPat Doe\npat@example.org\n"
    )

    assert (founded.code, first in founded.err) == (0, True)
    assert "mentorweave users password pat@example.org" in founded.out
    assert run("people", "community", "list", "--json").fields["communities"] == ["Medicine Hat"]


def test_words_that_were_not_written_down_found_nothing(run: Run, tmp_path: Path) -> None:
    refused = run("init", *INIT, typed="no\nno\nno\n")

    assert refused.code == 1
    assert not (tmp_path / "data").exists()


def test_without_a_passphrase_and_a_person_nothing_is_founded(run: Run, tmp_path: Path) -> None:
    refused = run("init", *INIT, "--json", typed="")

    assert refused.code == 1
    assert refused.fields["code"] == "passphrase-needed"
    assert not list((tmp_path / "keys").glob("*"))


def test_a_wrong_passphrase_opens_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse")
    monkeypatch.setenv("MENTORWEAVE_PASSPHRASE_FILE", str(passphrase))
    run("init", *INIT, "--json")
    passphrase.write_text("battery staple")

    assert run("users", "list").err.startswith("The passphrase does not open the key file.")
    monkeypatch.delenv("MENTORWEAVE_PASSPHRASE_FILE")
    assert run("users", "list", typed="").err.startswith("The key file needs a passphrase.")


def test_a_misspelt_variable_is_refused_by_its_name(program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORWEAVE_SMPT_HOST", "mail.example.org")

    refused = program("users", "list", "--json")

    assert refused.code == 1
    assert refused.fields["params"] == {"setting": "MENTORWEAVE_SMPT_HOST"}


def test_variables_of_the_federations_own_program_are_left_alone(program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORWEAVE_FED_DATA_DIR", "somewhere")

    assert program("users", "list").code == 0


@pytest.mark.parametrize("line", ["smpt_host = 'x'", "smtp_port = 'x'", "nonsense"])
def test_a_file_with_an_unknown_setting_is_refused(program: Run, tmp_path: Path, line: str) -> None:
    with (tmp_path / "data" / "node.toml").open("a") as file:
        file.write(line)

    assert program("users", "list").code == 1


def test_an_empty_folder_is_no_program(run: Run) -> None:
    assert run("people", "list").err.startswith("There is no program in this data folder.")


def test_a_program_speaks_the_language_it_was_founded_in(run: Run) -> None:
    run("init", *INIT, "--language", "fr", "--unattended")

    assert run("people", "show", "personne").err.splitlines()[0] == "Personne ici n'a l'identifiant personne."


def test_rotating_the_master_key_keeps_everybody_readable(program: Run) -> None:
    assert program("keys", "rotate", "--json").fields["master_version"] == 2
    assert program("users", "list", "--json").items[0]["name"] == "Pat Doe"
    assert "version 2" in program("keys", "show").out


class _FirstWords:
    def sample(self, _population: range, _count: int) -> list[int]:
        return [1, 0]


def test_users_are_added_once(program: Run) -> None:
    added = program("users", "add", "--name", "Sam Roe", "--email", "sam@example.org", "--role", "officer")

    assert "privacy officer" in added.out
    assert program("users", "add", "--name", "Sam", "--email", "SAM@example.org").code == 1
    assert program("users", "add", "--name", " ", "--email", "x@example.org").code == 1
    assert "sam@example.org" in program("users", "list").out


def test_standard_input_is_left_as_it_was(program: Run) -> None:
    before = sys.stdin
    program("users", "list", typed="")

    assert sys.stdin is before
