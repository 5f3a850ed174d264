"""Counts between two whole nodes: drawn unattended, published, verified, and read as estimates by the other."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actor import SYSTEM
from node.domain.counts import MINOR_GROUPS
from node.domain.person import Visibility
from node.services.backup import Recovered, TakeUpRestored
from protocol.vocabulary import Publishes
from tests.support.nodes import Node, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Nodes around one exchange."""
    found = World(tmp_path)
    yield found
    found.close()


def tick(node: Node) -> None:
    """What a server does every hour."""
    node.services.summary.draw.when_due(SYSTEM)
    node.services.summary.publish.when_due(SYSTEM)
    node.sync()


def codes(node: Node) -> set[str]:
    """What the doctor finds."""
    return {finding.code for finding in node.services.care.examine(node.actor)}


def test_another_program_reads_all_89_counts_as_estimates(world: World) -> None:
    node, other = world.node("Calgary", publishes=Publishes.COUNTS), world.node("Hat")
    for _ in range(3):
        node.mentor(visibility=Visibility.ASK_FIRST)
    node.services.summary.agree(node.actor)
    world.wait(timedelta(days=1))
    tick(node)
    other.sync()

    (offer,) = other.services.summary.offers(other.actor)

    assert "publishing-agreed" in codes(node)
    assert "publishing-not-agreed" in codes(other)
    assert "publishing-alone" in codes(world.stranger("Alone"))
    assert (offer.name, offer.known, offer.listings) == ("Calgary", True, ())
    assert tuple(one.group for one in offer.counts) == MINOR_GROUPS
    assert all(0 <= one.least <= one.number <= one.most for one in offer.counts)
    assert {one.most - one.number for one in offer.counts if one.number} == {12}


def test_a_program_that_may_not_count_this_quarter_still_publishes_its_listings(world: World) -> None:
    node, other = world.node("Calgary", publishes=Publishes.COUNTS), world.node("Hat")
    node.mentor(visibility=Visibility.LISTED)
    node.services.summary.agree(node.actor)
    found = Recovered(made_at=world.clock.now() - timedelta(days=1), tombstones=(), complete_to=None, joined=False)
    TakeUpRestored(node.services.consents.add.work, world.clock)(node.actor, found)
    world.wait(timedelta(days=1))
    tick(node)
    other.sync()

    (offer,) = other.services.summary.offers(other.actor)

    assert (offer.known, len(offer.listings), offer.counts) == (True, 1, ())
