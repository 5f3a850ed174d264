"""The hard rule of language: who cannot talk to each other is never put together."""

import pytest

from node.domain.language import parse_languages
from node.domain.matching.finding import Obstacle
from node.domain.matching.hard.language import CommonLanguage
from tests.support.matching import a_candidate


@pytest.mark.parametrize(
    ("mentee", "mentor", "least", "forbidden"),
    [
        ("en:6", "en", 6, False),
        ("en:5", "en", 6, True),
        ("en", "en:5", 6, True),
        ("fr:12", "en", 0, True),
        ("ti:9; en:3", "en; ti:8", 6, False),
        ("en:4", "en", 0, False),
    ],
)
def test_a_pair_needs_one_language_that_both_speak_from_the_level_of_the_program(
    mentee: str, mentor: str, least: int, *, forbidden: bool
) -> None:
    rule = CommonLanguage(least)
    ours, theirs = (a_candidate(languages=parse_languages(text)) for text in (mentee, mentor))

    assert rule.forbids(rule.trait(ours), rule.trait(theirs)) is forbidden
    assert rule.forbids(rule.trait(theirs), rule.trait(ours)) is forbidden


def test_who_said_no_language_cannot_be_put_with_anybody() -> None:
    rule = CommonLanguage(0)

    assert rule.forbids((), parse_languages("en"))
    assert rule.obstacle is Obstacle.LANGUAGE
