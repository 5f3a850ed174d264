"""How easily two people talk."""

import pytest

from node.domain.language import parse_languages
from node.domain.matching.criteria.languages import EasyTalk
from node.domain.matching.finding import Reason
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
    ],
)
def test_the_best_shared_language_counts_at_the_lower_level(
    mentee: str, mentor: str, share: int, reason: Reason
) -> None:
    found = CRITERION.compare(parse_languages(mentee), parse_languages(mentor))

    assert (found.share, found.reason) == (share, reason)
    assert found.speaks_for is (reason is not Reason.HARD_TALK)


def test_no_language_in_common_gives_nothing_and_leaves_the_reason_to_the_hard_rule() -> None:
    found = CRITERION.compare(parse_languages("en:9"), parse_languages("fr"))

    assert (found.share, found.reason) == (0, None)


def test_it_looks_at_the_languages_somebody_speaks() -> None:
    assert CRITERION.trait(a_candidate(languages=parse_languages("fr:7"))) == parse_languages("fr:7")
