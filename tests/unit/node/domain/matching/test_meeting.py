"""The hard rules of meeting: a way that suits both, and in person a distance that can be driven."""

import pytest

from node.domain.community import CommunityId
from node.domain.matching.finding import Obstacle
from node.domain.matching.hard.meeting import CommonMode, WithinReach
from protocol.vocabulary import Mode
from tests.support.matching import BEARINGS, CALGARY, NOWHERE, REDCLIFF, a_candidate

MODE, REACH = CommonMode(), WithinReach(BEARINGS, 60)


@pytest.mark.parametrize(
    ("ours", "theirs", "forbidden"),
    [
        (Mode.IN_PERSON, Mode.ONLINE, True),
        (Mode.IN_PERSON, Mode.IN_PERSON, False),
        (Mode.IN_PERSON, Mode.EITHER, False),
        (Mode.ONLINE, Mode.ONLINE, False),
        (Mode.ONLINE, Mode.EITHER, False),
        (Mode.EITHER, Mode.EITHER, False),
    ],
)
def test_one_in_person_and_one_online_have_no_way_to_meet(ours: Mode, theirs: Mode, *, forbidden: bool) -> None:
    mine, hers = MODE.trait(a_candidate(mode=ours)), MODE.trait(a_candidate(mode=theirs))

    assert MODE.forbids(mine, hers) is forbidden
    assert MODE.forbids(hers, mine) is forbidden


@pytest.mark.parametrize(
    ("there", "mode", "forbidden"),
    [
        (REDCLIFF, Mode.IN_PERSON, False),
        (CALGARY, Mode.IN_PERSON, True),
        (CALGARY, Mode.EITHER, False),
        (NOWHERE, Mode.IN_PERSON, False),
    ],
)
def test_meeting_in_person_needs_a_distance_that_can_be_driven(
    there: CommunityId, mode: Mode, *, forbidden: bool
) -> None:
    ours, theirs = REACH.trait(a_candidate()), REACH.trait(a_candidate(community=there, mode=mode))

    assert REACH.forbids(ours, theirs) is forbidden


def test_each_says_what_keeps_two_people_apart() -> None:
    assert (MODE.obstacle, REACH.obstacle) == (Obstacle.MODE, Obstacle.DISTANCE)
