"""A program's own texts: what must stay, what may not enter, and that filling reaches nothing but names."""

import pytest

from node.domain.errors import DomainError
from node.domain.program import Tongue
from node.domain.texts import (
    MOST_IN_LINE,
    MOST_SIGNS,
    LetterKind,
    LineBreakError,
    PlaceholderNeededError,
    TextsRefusedError,
    TextTooLongError,
    UnknownPlaceholderError,
    UnknownTextError,
    Wording,
    fill,
    letter_of,
    own_wordings,
    plain,
)

USUAL = "Hello {name}, until {month} {day}."


def a_wording(text: str, code: str = "letter.link.how") -> Wording:
    return Wording(code=code, language=Tongue.ENGLISH, text=text)


def usual(_code: str, _language: Tongue) -> str:
    return USUAL


@pytest.mark.parametrize(
    ("wording", "refusal"),
    [
        (a_wording("{month} {day} " + "a" * MOST_SIGNS), TextTooLongError),
        (a_wording("{month} {day} " + "a" * MOST_IN_LINE, "letter.subject"), TextTooLongError),
        (a_wording("{month} {day}\nBcc: eve@example.org", "letter.subject"), LineBreakError),
        (a_wording("{month} {day} {program}"), UnknownPlaceholderError),
        (a_wording("{month} {day} {name.__class__}"), UnknownPlaceholderError),
        (a_wording("{month} {day} {{name}}"), UnknownPlaceholderError),
        (a_wording("{month} {day} {name"), UnknownPlaceholderError),
        (a_wording("Until {month}."), PlaceholderNeededError),
    ],
)
def test_what_would_harm_a_letter_is_refused(wording: Wording, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        wording.check(USUAL)


def test_each_text_stands_in_one_letter_and_others_in_none() -> None:
    assert letter_of("letter.link.subject") is LetterKind.SIGN_IN
    with pytest.raises(UnknownTextError):
        letter_of("page.title")


def test_a_refusal_says_which_names_it_is_about() -> None:
    with pytest.raises(PlaceholderNeededError) as missing:
        a_wording("Soon.").check(USUAL)
    with pytest.raises(UnknownPlaceholderError) as unknown:
        a_wording("{name}").check("Thank you.")

    assert missing.value.params["needed"] == "{month} {day}"
    assert unknown.value.params["known"] == "—"


def test_names_of_people_may_be_left_out_and_lines_broken() -> None:
    a_wording("Until {day} {month}.\nSee you!").check(USUAL)


def test_blank_and_usual_words_are_no_words_of_ones_own() -> None:
    own = a_wording(" Until {day} {month}. \r\n")

    kept = own_wordings([a_wording("  "), a_wording(f" {USUAL}\n"), own], usual)

    assert [one.text for one in kept] == ["Until {day} {month}."]


def test_every_text_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(TextsRefusedError) as refused:
        own_wordings([a_wording("Never."), a_wording("{month} {day}"), a_wording("{who}", "letter.hello")], usual)

    assert [(fault.code, fault.refusal.code) for fault in refused.value.faults] == [
        ("letter.link.how", "placeholder-needed"),
        ("letter.hello", "unknown-placeholder"),
    ]


def test_filling_follows_names_only_and_what_is_filled_in_is_not_read_again() -> None:
    params = {"name": "{day}", "day": 3}

    assert fill("{name} {name.__class__} {day} {gone}", params) == "{day} {name.__class__} 3 {gone}"


def test_control_characters_go_and_every_kind_of_line_break_is_one() -> None:
    assert plain(" a\r\nb\u2028c\x00\x1b[1m d\u00a0e ") == "a\nb\nc[1m d\u00a0e"
