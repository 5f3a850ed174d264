"""The same occupation, a similar one, another one."""

import pytest

from node.domain.matching.criteria.occupation import SameWork
from node.domain.matching.finding import Reason
from node.domain.person import OccupationCode
from tests.support.matching import a_candidate, likeness

CRITERION = SameWork(likeness)


@pytest.mark.parametrize(
    ("one", "other", "share", "reason", "speaks_for"),
    [
        ("21300", "21300", 100, Reason.SAME_UNIT_GROUP, True),
        ("21300", "21301", 56, Reason.SAME_MINOR_GROUP, True),
        ("21300", "21320", 40, Reason.SAME_SUB_MAJOR_GROUP, True),
        ("80020", "21112", 48, Reason.ALIKE_WORK, True),
        ("21300", "31102", 0, Reason.OTHER_OCCUPATION, False),
    ],
)
def test_the_more_alike_the_work_the_more_it_counts(
    one: str, other: str, share: int, reason: Reason, *, speaks_for: bool
) -> None:
    found = CRITERION.compare(OccupationCode(one), OccupationCode(other))

    assert (found.share, found.reason, found.speaks_for) == (share, reason, speaks_for)


def test_similar_work_says_what_it_shares() -> None:
    found = CRITERION.compare(OccupationCode("80020"), OccupationCode("21112"))

    assert found.details == (("terms", "soil sampling, irrigation"),)
    assert CRITERION.trait(a_candidate(occupation=OccupationCode("80020"))) == "80020"
