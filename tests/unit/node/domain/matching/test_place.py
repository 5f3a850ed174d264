"""How near two people live, and what that counts for who would meet in person."""

import pytest

from node.domain.community import CommunityId
from node.domain.matching.criteria.place import Nearby
from node.domain.matching.finding import Reason
from protocol.vocabulary import Mode
from tests.support.matching import BEARINGS, CALGARY, HAT, NOWHERE, REDCLIFF, SPOTS, a_candidate

CRITERION = Nearby(BEARINGS)


@pytest.mark.parametrize(
    ("there", "mode", "share", "reason"),
    [
        (HAT, Mode.EITHER, 100, Reason.SAME_COMMUNITY),
        (REDCLIFF, Mode.EITHER, 80, Reason.NEARBY),
        (CALGARY, Mode.EITHER, 0, Reason.FAR_APART),
        (CALGARY, Mode.ONLINE, 50, None),
        (NOWHERE, Mode.EITHER, 50, None),
    ],
)
def test_the_nearer_the_better(there: CommunityId, mode: Mode, share: int, reason: Reason | None) -> None:
    found = CRITERION.compare((HAT, Mode.EITHER), CRITERION.trait(a_candidate(community=there, mode=mode)))

    assert (found.share, found.reason) == (share, reason)


def test_two_blank_places_are_not_one_place() -> None:
    blank = CommunityId("")

    assert CRITERION.compare((blank, Mode.EITHER), (blank, Mode.EITHER)).reason is not Reason.SAME_COMMUNITY


def test_distances_are_those_of_the_map() -> None:
    assert 7 <= SPOTS[HAT].km_to(SPOTS[REDCLIFF]) <= 9
    assert 255 <= SPOTS[HAT].km_to(SPOTS[CALGARY]) <= 275
