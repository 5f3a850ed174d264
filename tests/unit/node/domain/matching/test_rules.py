"""The rules a program sets itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.matching.finding import Aspect
from node.domain.matching.rules import (
    HIGHEST,
    Drafting,
    Limits,
    NothingWeighsError,
    RuleOutOfRangeError,
    Weights,
)

AMOUNT = st.integers(min_value=0, max_value=10_000)


@given(st.lists(AMOUNT, min_size=len(Aspect), max_size=len(Aspect)).filter(any))
def test_the_parts_add_up_to_900_whatever_the_weights(amounts: list[int]) -> None:
    most = Weights(**dict(zip(Aspect, amounts, strict=True))).points()

    assert sum(most) == HIGHEST
    assert all(bool(points) <= bool(amount) for points, amount in zip(most, amounts, strict=True))


def test_the_usual_weights_are_points_as_they_are() -> None:
    assert Weights().points() == (400, 80, 120, 80, 40, 90, 60, 30, 0)


def test_values_that_make_no_sense_are_refused_by_name() -> None:
    with pytest.raises(RuleOutOfRangeError) as refused:
        Weights(topics=-1)
    assert refused.value.params["rule"] == "weights.topics"
    with pytest.raises(RuleOutOfRangeError):
        Limits(language_level=3)
    with pytest.raises(RuleOutOfRangeError):
        Drafting(local_seats_percent=91)
    with pytest.raises(NothingWeighsError):
        Weights(**dict.fromkeys(Aspect, 0))
