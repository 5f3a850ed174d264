"""Years of experience."""

from node.domain.matching.criteria.experience import MoreExperience
from node.domain.matching.finding import SILENT, Reason
from tests.support.matching import a_candidate

CRITERION = MoreExperience()


def test_a_mentor_who_is_ahead_counts_more_up_to_five_years() -> None:
    assert [CRITERION.compare(4, years).share for years in (4, 6, 9, 40)] == [50, 70, 100, 100]


def test_a_mentor_who_is_behind_speaks_against() -> None:
    found = CRITERION.compare(12, 3)

    assert (found.share, found.reason, found.speaks_for) == (0, Reason.LESS_EXPERIENCED, False)


def test_who_does_not_say_speaks_for_nothing() -> None:
    assert CRITERION.compare(None, 3) is SILENT
    assert CRITERION.compare(CRITERION.trait(a_candidate(years_experience=3)), None) is SILENT
