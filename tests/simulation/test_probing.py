"""A year of probing, played small: the guard over what an attacker's word about itself is worth."""

import pytest

from node.domain.scarce import MOST_UNMET
from tests.simulation.frequencies import demo
from tests.simulation.people import Federation, federation
from tests.simulation.probing import Attack, probe

SIZES = (120, 40, 30)


@pytest.fixture(scope="module")
def people() -> Federation:
    return federation(SIZES, 1, demo())


@pytest.mark.parametrize("attested", [30, 300, 3_000])
@pytest.mark.parametrize("target", [0, 2])
def test_invented_mentees_confirm_six_rare_mentors_of_a_target_at_most(
    people: Federation, attested: int, target: int
) -> None:
    gained = probe(people, demo(), Attack(target=target, attested=attested))

    assert gained.confirmed <= MOST_UNMET == 6
    assert not gained.anonymously


def test_without_the_stewards_word_as_the_limit_an_attacker_confirms_more(people: Federation) -> None:
    gained = probe(people, demo(), Attack(target=0, attested=300, vouched=300))

    assert gained.confirmed > MOST_UNMET
    assert gained.confirmed <= gained.rare
