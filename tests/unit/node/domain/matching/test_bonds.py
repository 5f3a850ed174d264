"""What people decided about single pairs."""

from node.domain.matching.finding import Obstacle
from node.domain.matching.hard.bonds import Bonds
from node.domain.person import PersonId

A, M = PersonId("a"), PersonId("m")
PAIR = frozenset({(A, M)})


def test_a_pair_is_kept_apart_whatever_else_was_decided() -> None:
    assert Bonds(apart=PAIR, pinned=PAIR, before=PAIR).obstacle(A, M) is Obstacle.EXCLUDED


def test_two_who_met_before_meet_again_only_by_a_pin() -> None:
    assert Bonds(before=PAIR).obstacle(A, M) is Obstacle.BEFORE
    assert Bonds(before=PAIR, pinned=PAIR).obstacle(A, M) is None
    assert Bonds().obstacle(A, M) is None
