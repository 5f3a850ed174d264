"""Counting mentors: 89 fixed cells, each mentor in one of them and once."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

from hypothesis import given
from hypothesis import strategies as st

from node.adapters import occupations
from node.domain.budget import Quarter
from node.domain.community import CommunityId
from node.domain.counts import MINOR_GROUPS, Cells, Estimate, blur, count, estimates, minor_group
from node.domain.person import Candidate, OccupationCode, PersonId, Profile, Visibility
from tests.support.chance import SeededRandomness

LEVELS = st.sampled_from(Visibility)
CODES = st.sampled_from([f"{group}00" for group in MINOR_GROUPS])
Q1 = Quarter(2027, 1)


def mentor(occupation: str = "21300", visibility: Visibility = Visibility.ASK_FIRST, number: int = 0) -> Candidate:
    code = OccupationCode(occupation)
    profile = Profile(community=CommunityId("c"), occupation=code, languages=(), seats=1, visibility=visibility)
    return Candidate(id=PersonId(str(number)), profile=profile)


MENTORS = st.tuples(st.builds(mentor, CODES, LEVELS, st.integers(0, 9)), st.integers(0, 3))


def test_the_cells_are_the_minor_groups_of_every_occupation() -> None:
    table = resources.files(occupations).joinpath("noc2021.tsv").read_text("utf-8").splitlines()[1:]
    codes = {minor_group(OccupationCode(line[:5])) for line in table}

    assert len(MINOR_GROUPS) == 89
    assert tuple(sorted(codes)) == MINOR_GROUPS


@given(st.lists(MENTORS, max_size=12), MENTORS)
def test_one_mentor_more_changes_one_number_by_one_and_none_otherwise(
    others: list[tuple[Candidate, int]], one: tuple[Candidate, int]
) -> None:
    """The sensitivity that the mechanism is told: the sum of absolute differences is one at most."""
    without, with_her = count(others), count([*others, one])

    candidate, free = one
    counted = free > 0 and candidate.profile.visibility is not Visibility.ONLY_HERE
    assert sum(abs(a - b) for a, b in zip(without, with_her, strict=True)) == int(counted)


def test_a_mentor_is_counted_once_however_many_seats_she_has_and_not_at_all_without_one() -> None:
    cell = MINOR_GROUPS.index("213")

    assert [count([(mentor(), free)])[cell] for free in (0, 1, 3)] == [0, 1, 1]


def test_a_mentor_of_only_here_and_one_who_takes_no_part_are_not_counted() -> None:
    away = replace(mentor(), taking_part=False)

    assert sum(count([(mentor(visibility=Visibility.ONLY_HERE), 1), (away, 1)])) == 0


@given(st.binary(min_size=4, max_size=8))
def test_every_cell_gets_noise_of_its_own_whatever_was_counted(seed: bytes) -> None:
    empty = (0,) * len(MINOR_GROUPS)
    full = tuple(range(len(MINOR_GROUPS)))

    noise = blur(empty, 250, SeededRandomness(seed))

    assert blur(full, 250, SeededRandomness(seed)) == tuple(a + b for a, b in zip(full, noise, strict=True))
    assert len(set(noise)) > 1


def test_a_count_is_shown_clipped_at_zero_with_its_interval() -> None:
    assert estimates([("213", -3), ("311", 20)], 250) == (
        Estimate(group="213", number=0, least=0, most=9),
        Estimate(group="311", number=20, least=8, most=32),
    )


def test_a_quarter_that_only_counts_as_drawn_shows_no_group() -> None:
    numbers = tuple(range(89))

    assert Cells(quarter=Q1, epsilon_milli=250, numbers=()).by_group == ()
    assert Cells(quarter=Q1, epsilon_milli=250, numbers=numbers).by_group[0] == ("000", 0)
    assert str(Quarter.of(datetime(2027, 3, 31, 23, tzinfo=UTC))) == "2027-Q1"
