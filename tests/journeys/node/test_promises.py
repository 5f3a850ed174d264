"""What the texts of visibility promise about when a change takes effect is what another program sees."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actor import SYSTEM
from node.domain.listing import Availability
from node.domain.person import Visibility
from node.words import catalogue
from protocol.vocabulary import Publishes
from tests.support.chance import SeededRandomness
from tests.support.nodes import Node, World

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


def tick(*nodes: Node) -> None:
    """What a server does every hour; every quarter's noise is the same here, so that only people make a difference."""
    for node in nodes:
        replace(node.services.summary.draw, randomness=SeededRandomness(b"one")).when_due(SYSTEM)
        node.services.summary.publish.when_due(SYSTEM)
        node.sync()


def seen(other: Node) -> Availability:
    """What another program reads of the only program that offers anything."""
    (offer,) = other.services.summary.offers(other.actor)
    return offer


def draws(node: Node) -> list[tuple[int, ...]]:
    with node.work as work:
        return [draw.numbers for draw in work.draws.all()]


def test_who_wants_to_be_seen_only_here_is_unlisted_in_eight_days_and_not_counted_from_the_next_quarter_on(
    world: World,
) -> None:
    node, other = world.node("Calgary", publishes=Publishes.COUNTS), world.node("Hat")
    mentor = node.mentor(visibility=Visibility.LISTED)
    node.services.summary.agree(node.actor)
    world.wait(DAY)
    tick(node, other)
    before = seen(other)
    assert len(before.listings) == 1

    node.services.people.set_visibility(node.actor, mentor.id, Visibility.ONLY_HERE)
    for _ in range(2):
        world.wait(4 * DAY)
        tick(node, other)

    assert seen(other).listings == ()
    assert seen(other).counts == before.counts
    assert "it stays until the next quarter" in catalogue()["visibility.0.text"][0]

    world.wait(40 * DAY)
    tick(node)
    after, counted = draws(node)
    assert sum(counted) - sum(after) == 1
