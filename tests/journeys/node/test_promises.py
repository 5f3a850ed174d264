"""What the texts of visibility promise about when a change takes effect is what another program sees."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actor import SYSTEM
from node.domain.listing import Availability
from node.domain.person import Visibility
from node.words import catalogue
from protocol.vocabulary import Publishes
from tests.support.nodes import Node, World

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


def tick(*nodes: Node) -> None:
    for node in nodes:
        node.services.summary.draw.when_due(SYSTEM)
        node.services.summary.publish.when_due(SYSTEM)
        node.sync()


def test_who_wants_to_be_seen_only_here_is_unlisted_in_eight_days_and_not_counted_from_the_next_quarter_on(
    world: World,
) -> None:
    node, other = world.node("Calgary", publishes=Publishes.COUNTS), world.node("Hat")
    listed = node.mentor(visibility=Visibility.LISTED)
    others = [node.mentor(visibility=Visibility.ASK_FIRST) for _ in range(120)]  # far more than the noise can hide
    node.services.summary.agree(node.actor)
    world.wait(DAY)
    tick(node, other)
    before = seen(other)
    assert len(before.listings) == 1
    assert counted(before) > 60

    for person in (listed, *others):
        node.services.people.set_visibility(node.actor, person.id, Visibility.ONLY_HERE)
    for _ in range(8):
        world.wait(DAY)
        tick(node, other)

    assert seen(other).listings == ()
    assert seen(other).counts == before.counts
    assert "it stays until the next quarter" in catalogue()["visibility.0.text"][0]

    world.wait(40 * DAY)
    for _ in range(2):
        tick(node, other)

    assert counted(seen(other)) < 60


def seen(other: Node) -> Availability:
    """What another program reads of the only program that offers anything."""
    (offer,) = other.services.summary.offers(other.actor)
    return offer


def counted(offer: Availability) -> int:
    return max(one.number for one in offer.counts)
