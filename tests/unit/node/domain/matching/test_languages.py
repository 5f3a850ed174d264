"""How easily two people talk, and whether they can at all."""

import pytest

from node.domain.language import parse_languages
from node.domain.matching.criteria.languages import EasyTalk
from node.domain.matching.finding import Reason
from node.domain.matching.hard.language import CommonLanguage
from tests.support.matching import a_candidate

CRITERION = EasyTalk()


@pytest.mark.parametrize(
    ("mentee", "mentor", "share", "reason"),
    [
        ("en:10", "en", 100, Reason.EASY_TALK),
        ("en:7", "en", 80, Reason.EASY_TALK),
        ("en:5", "en", 50, Reason.FAIR_TALK),
        ("en:4", "en", 20, Reason.HARD_TALK),
        ("en:5; uk:12", "en; uk:11", 100, Reason.EASY_TALK),
        ("en:9", "fr", 0, Reason.HARD_TALK),
    ],
)
def test_the_best_shared_language_counts_at_the_lower_level(
    mentee: str, mentor: str, share: int, reason: Reason
) -> None:
    found = CRITERION.compare(parse_languages(mentee), parse_languages(mentor))

    assert (found.share, found.reason) == (share, reason)
    assert found.speaks_for is (reason is not Reason.HARD_TALK)


@pytest.mark.parametrize(("mentee", "forbidden"), [("en:6", False), ("en:5", True), ("fr:12", True)])
def test_a_program_may_ask_for_a_level(mentee: str, *, forbidden: bool) -> None:
    rule = CommonLanguage(6)
    ours, theirs = (a_candidate(languages=parse_languages(text)) for text in (mentee, "en"))

    assert rule.forbids(rule.trait(ours), rule.trait(theirs)) is forbidden
    assert CRITERION.trait(ours) == rule.trait(ours)
