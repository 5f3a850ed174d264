"""The noise over counts: whole numbers only, the right distribution, one mentor hidden as well as promised."""

import ast
import math
from collections import Counter
from itertools import islice, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opendp.measurements import make_geometric
from opendp.measures import max_divergence
from opendp.mod import enable_features
from opendp.prelude import absolute_distance, atom_domain
from scipy.stats import chi2

import node.domain.noise
from node.domain.counts import margin
from node.domain.noise import TwoSidedGeometric, below
from tests.support.chance import SeededRandomness

FALSE_ALARM = 1e-6
DRAWS = 30_000


def probability(value: int, epsilon_milli: int) -> float:
    alpha = math.exp(-epsilon_milli / 1_000)
    return (1 - alpha) / (1 + alpha) * alpha ** abs(value)


def draws(epsilon_milli: int, seed: bytes, number: int = DRAWS) -> Counter[int]:
    chance, noise = SeededRandomness(seed), TwoSidedGeometric(epsilon_milli)
    return Counter(noise.draw(chance) for _ in range(number))


def distance(found: Counter[int], epsilon_milli: int, most: int) -> tuple[float, int]:
    """Pearson's statistic over the values up to `most` on either side and one bin for the rest, and its freedom."""
    number = found.total()
    cells = [(found[value], number * probability(value, epsilon_milli)) for value in range(-most, most + 1)]
    rest = number - sum(seen for seen, _ in cells), number - sum(expected for _, expected in cells)
    return sum((seen - expected) ** 2 / expected for seen, expected in [*cells, rest]), len(cells)


@pytest.mark.parametrize(("epsilon_milli", "most"), [(250, 20), (1_000, 7), (125, 30), (700, 9)])
def test_what_is_drawn_follows_the_two_sided_geometric_distribution(epsilon_milli: int, most: int) -> None:
    statistic, freedom = distance(draws(epsilon_milli, b"chi squared"), epsilon_milli, most)

    assert statistic < chi2.isf(FALSE_ALARM, freedom)


def test_the_test_itself_notices_a_draw_that_is_a_little_wrong() -> None:
    """The sampler without the rule that zero has no sign, and one whose loss is a tenth off."""
    honest = draws(250, b"chi squared")
    too_many_zeros = honest + Counter({0: honest[0] // 4})

    for wrong in (too_many_zeros, draws(275, b"chi squared")):
        statistic, freedom = distance(wrong, 250, 20)
        assert statistic > chi2.isf(FALSE_ALARM, freedom)


@pytest.mark.parametrize("epsilon_milli", [250, 1_000])
def test_an_independent_implementation_draws_the_same_distribution(epsilon_milli: int) -> None:
    """OpenDP's geometric mechanism as oracle: both samples are compared with one another, and its loss with ours."""
    enable_features("contrib")
    oracle = make_geometric(atom_domain(T=int), absolute_distance(T=int), scale=1_000 / epsilon_milli)
    theirs = Counter(oracle(0) for _ in range(6_000))
    ours = draws(epsilon_milli, b"oracle", 6_000)
    values = [value for value in range(-30, 31) if theirs[value] + ours[value] >= 10]

    statistic = sum((theirs[value] - ours[value]) ** 2 / (theirs[value] + ours[value]) for value in values)

    loss = oracle.map(1)  # type: ignore[no-untyped-call]
    assert loss == pytest.approx(epsilon_milli / 1_000)
    assert oracle.output_measure == max_divergence()
    assert statistic < chi2.isf(FALSE_ALARM, len(values))


@given(st.integers(1, 1_000), st.binary(min_size=8, max_size=8))
def test_the_same_chance_draws_the_same_number_for_every_loss(epsilon_milli: int, seed: bytes) -> None:
    noise = TwoSidedGeometric(epsilon_milli)

    first, second = (noise.draw(SeededRandomness(seed)) for _ in range(2))

    assert isinstance(first, int)
    assert first == second


@given(st.integers(1, 5_000), st.binary(min_size=8, max_size=8))
def test_a_number_below_a_bound_is_below_it(bound: int, seed: bytes) -> None:
    assert 0 <= below(bound, SeededRandomness(seed)) < bound


def test_every_number_below_a_bound_is_as_likely_as_any_other() -> None:
    chance = SeededRandomness(b"uniform")
    found = Counter(below(12, chance) for _ in range(24_000))

    assert sum((found[value] - 2_000) ** 2 / 2_000 for value in range(12)) < chi2.isf(FALSE_ALARM, 11)


def test_no_floating_point_number_is_anywhere_in_the_mechanism() -> None:
    tree = ast.parse(Path(str(node.domain.noise.__file__)).read_text("utf-8"))

    for part in ast.walk(tree):
        assert not isinstance(part, ast.Div)
        assert not (isinstance(part, ast.Constant) and isinstance(part.value, float))
    called = {part.func.id for part in ast.walk(tree) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}
    assert not called & {"float", "round", "exp", "log"}


@pytest.mark.parametrize("epsilon_milli", [125, 250, 500, 1_000])
def test_the_margin_holds_95_times_in_100_and_is_no_wider_than_it_must_be(epsilon_milli: int) -> None:
    def outside(width: int) -> float:
        return 1 - sum(probability(value, epsilon_milli) for value in range(-width, width + 1))

    width = margin(epsilon_milli)

    assert outside(width) <= 0.05 < outside(width - 1)
    assert margin(250) == 12


def test_chance_that_comes_again_goes_on_where_it_stopped() -> None:
    chance = SeededRandomness(b"x")

    whole = b"".join(islice((chance(size) for size in repeat(5)), 20))

    assert whole == SeededRandomness(b"x")(100)
