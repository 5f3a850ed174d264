"""Languages as coordinators type them, and what two people can talk in."""

import pytest

from node.domain.errors import UnreadableLanguageError
from node.domain.language import Spoken, in_common, parse_languages, write_languages


def test_languages_are_read_with_their_levels() -> None:
    assert parse_languages("en:8; fr:4;") == (Spoken("en", 8), Spoken("fr", 4))


def test_a_language_without_a_level_is_spoken_fluently() -> None:
    assert parse_languages(" EN, uk : 5 ") == (Spoken("en", 12), Spoken("uk", 5))


@pytest.mark.parametrize("text", ["english", "en:13", "en:0", "en:5; en:6", "5"])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(UnreadableLanguageError):
        parse_languages(text)


def test_written_languages_are_read_back() -> None:
    languages = parse_languages("en:8; fr:4; ti:12")

    assert parse_languages(write_languages(languages)) == languages


def test_two_people_talk_at_the_lower_of_their_levels_best_language_first() -> None:
    shared = in_common(parse_languages("en:5; fr:9; uk:12"), parse_languages("en:12; fr:12"))

    assert shared == (Spoken("fr", 9), Spoken("en", 5))


def test_a_language_below_talking_level_is_not_in_common() -> None:
    assert in_common(parse_languages("en:3"), parse_languages("en:12")) == ()
