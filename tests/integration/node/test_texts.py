"""The texts of letters, as somebody types them on the command line."""

from tests.support.commands import Run

CODE = "letter.link.subject"


def test_a_text_is_read_said_otherwise_refused_in_words_and_brought_back(program: Run) -> None:
    before = program("texts", "list").out
    said = program("texts", "set", CODE, "Votre porte chez {program}", "--language", "fr")
    shown = program("texts", "show", "sign_in")
    broken = program("texts", "set", CODE, "{nonsense}")
    unknown = program("texts", "set", "letter.nothing", "x")
    own = [one["own"] for one in program("texts", "list", "--json").items if one["letter"] == "sign_in"]
    reset = program("texts", "reset", "sign_in")

    assert "Link to sign in  (0)" in before
    assert said.out == "Votre porte chez {program}\n"
    assert f"{CODE} fr\n  Votre porte chez {{program}}\n  (" in shown.out
    assert (broken.code, unknown.code, own, reset.code) == (1, 1, [1], 0)
    assert "Link to sign in  (0)" in program("texts", "list").out
