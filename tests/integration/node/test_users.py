"""Passwords of members of staff, as an operator types them."""

from pathlib import Path

import pytest

from tests.support.commands import Run

PAT = "pat@example.org"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("plum jam on warm bread\r\nand a second line\n", "utf-8")
    return file


def test_a_password_is_set_from_the_first_line_of_a_file(program: Run, password_file: Path) -> None:
    said = program("users", "password", PAT, "--password-file", str(password_file))

    assert (said.code, said.err) == (0, "")
    assert "The password is set" in said.out
    assert "plum" not in said.out


def test_a_password_is_asked_for_only_where_somebody_can_type_it(program: Run) -> None:
    assert program("users", "password", PAT, typed="plum jam on warm bread\n").code == 2


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_wrong_usage(program: Run, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "odd"
    if content is not None:
        file.write_bytes(content)

    assert program("users", "password", PAT, "--password-file", str(file)).code == 2


def test_a_poor_password_and_an_unknown_address_are_refused(program: Run, password_file: Path) -> None:
    password_file.write_text("short\n", "utf-8")
    poor = program("users", "password", PAT, "--password-file", str(password_file))
    unknown = program("users", "link", "nobody@example.org")

    assert (poor.code, poor.err.splitlines()[0]) == (1, "A password has 12 to 200 characters.")
    assert (unknown.code, unknown.err.splitlines()[0]) == (1, "Nobody with this e-mail address uses this node.")


def test_a_link_names_this_machine_or_the_public_address(program: Run, tmp_path: Path) -> None:
    here = program("users", "link", PAT)
    settings = tmp_path / "data" / "node.toml"
    settings.write_text(settings.read_text("utf-8") + 'public_url = "https://mentors.example.org/"\n', "utf-8")
    public = program("users", "link", PAT)
    document = program("users", "link", PAT, "--json").fields

    assert "http://127.0.0.1:8200/password/" in here.out
    assert "https://mentors.example.org/password/" in public.out
    assert set(document) == {"user", "token", "until"}


def test_today_can_be_read_without_a_browser(program: Run, tmp_path: Path) -> None:
    first = program("today")
    program("backup")
    quiet = program("today")
    ids = []
    for kind in ("mentees", "mentors"):
        file = tmp_path / f"{kind}.csv"
        person = f"{kind.title()} One,{kind}@example.org,Redcliff,31102,en:8,1\n"
        file.write_text("name,email,community,occupation,languages,seats\n" + person)
        program("people", "import", str(file), "--kind", kind)
        ids.append(str(program("people", "list", "--kind", kind, "--json").items[0]["id"]))
    program("match", "approve", *ids)
    program("letters", "send")
    busy = program("today")

    assert first.out.splitlines() == ["There is no backup.", "  Run: mentorweave backup"]
    assert quiet.out.startswith("Nothing waits for you.")
    assert busy.out.count("  mentorweave letters sent ") == 2
    assert program("today", "--json").fields["more_unanswered"] == 0


def test_a_hosted_program_asks_its_administrator_for_a_second_factor_and_resets_a_lost_one(
    program: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "data" / "node.toml"
    office = program("doctor")
    settings.write_text(settings.read_text("utf-8") + 'public_url = "https://mentors.example.org"\n', "utf-8")
    hosted = program("doctor")
    reset = program("users", "reset", PAT)

    assert "second factor" not in office.out
    assert "Administrators without a second factor or a passkey: 1." in hosted.out
    assert (reset.code, "every browser has to sign in again" in reset.out) == (0, True)
    assert program("users", "reset", "nobody@example.org").code == 1
    assert program("users", "allow", PAT, "0123456789").err.startswith("Nobody who works here has this account.")


def test_a_link_is_sent_to_a_person_of_a_hosted_program_only(program: Run, tmp_path: Path) -> None:
    person = "name=Ada One", "email=ada@example.org", "community=Redcliff", "occupation=31102", "languages=en:8"
    ada = str(program("people", "add", "mentee", *person, "--json").fields["person"])
    office = program("people", "link", ada)
    settings = tmp_path / "data" / "node.toml"
    settings.write_text(settings.read_text("utf-8") + 'public_url = "https://mentors.example.org"\n', "utf-8")
    sent = program("people", "link", ada)
    program("letters", "send")
    (letter,) = (tmp_path / "data" / "letters").glob("*.eml")

    assert office.err.startswith("Participants have no pages here")
    assert "A letter with a link is on its way" in sent.out
    assert "https://mentors.example.org/me/link/" in letter.read_text("utf-8").replace("=\n", "")


def test_nobody_is_made_the_program_itself(program: Run) -> None:
    added = program("users", "add", "--name", "Eve", "--email", "eve@example.org", "--role", "system")

    assert added.err.startswith("Only the program itself has this role.")
    assert program("users", "add", "--name", "Ari", "--email", "ari@example.org", "--role", "auditor").code == 0
