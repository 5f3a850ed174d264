"""Tokens of other programs, as an administrator types them."""

from tests.support.commands import Run

PAT = "pat@example.org"


def test_a_token_is_shown_once_listed_and_ended(program: Run) -> None:
    given = program("users", "token", "add", " PAT@example.org", "--name", "the newsletter", "--scope", "people:read")
    document = program(
        *("users", "token", "add", PAT, "--name", "reports", "--scope", "reports:read", "--scope", "people:read"),
        *("--until", "2099-01-01", "--json"),
    ).fields
    (first, second) = program("users", "token", "list", "--json").items

    assert (given.code, "mw_" in given.out) == (0, True)
    assert str(document["secret"]).startswith("mw_")
    assert (first["name"], second["scopes"], second["ends_on"]) == (
        "the newsletter",
        ["people:read", "reports:read"],
        "2099-01-01",
    )
    listed = program("users", "token", "list").out
    assert "mw_" not in listed
    assert "never used" in listed
    assert "until 2099-01-01" in listed

    assert "works no longer" in program("users", "token", "end", str(first["id"])).out
    assert program("users", "token", "end", str(first["id"])).code == 1
    assert len(program("users", "token", "list", "--json").items) == 1


def test_a_token_needs_a_user_a_name_and_an_end_that_is_to_come(program: Run) -> None:
    assert program("users", "token", "list").out == "There is no token.\n"

    for words, why in (
        (("nobody@example.org", "--name", "x"), "Nobody with this e-mail address uses this node."),
        ((PAT, "--name", " "), "A name or an address was left blank."),
        ((PAT, "--name", "x", "--until", "2020-01-01"), "A token cannot end on 2020-01-01: that day has passed."),
    ):
        said = program("users", "token", "add", *words, "--scope", "people:read")
        assert (said.code, said.err.splitlines()[0]) == (1, why)
