"""Whom the program may serve."""

from datetime import timedelta

import pytest

from node.domain.language import parse_languages
from node.domain.matching.hard.eligibility import Served
from tests.support.matching import TODAY, a_candidate


@pytest.mark.parametrize(
    ("languages", "days", "forbidden"),
    [("en:5", 100, False), ("fr:5", 100, False), ("en:4", 100, True), ("ti:12", 100, True), ("en:5", 2_000, True)],
)
def test_a_level_and_a_time_since_arrival_may_be_asked(languages: str, days: int, *, forbidden: bool) -> None:
    rule = Served(5, 5, TODAY)
    mentee = a_candidate(languages=parse_languages(languages), arrived_on=TODAY - timedelta(days=days))

    assert rule.forbids(rule.trait(mentee), rule.trait(a_candidate())) is forbidden


def test_what_is_not_known_is_not_held_against_her_and_zero_asks_nothing() -> None:
    assert Served(5, 5, TODAY).trait(a_candidate(languages=parse_languages("en:5")))
    assert Served(0, 0, TODAY).trait(a_candidate(languages=parse_languages("ti"), arrived_on=TODAY.replace(year=1990)))
