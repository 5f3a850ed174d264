"""Exchanges that are away, nodes that sleep, copies of a node that run beside it: lived through, and shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from federation.membership.refusals import RosterTooOldError
from node.domain.letter import LetterState
from node.domain.request import Move, Stage
from node.services.checks import Severity
from tests.support.nodes import Node, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


@pytest.fixture
def home(world: World) -> Node:
    return world.node("Medicine Hat")


@pytest.fixture
def host(world: World, home: Node) -> Node:
    host = world.node("Calgary")
    home.sync()
    return host


def found(node: Node) -> dict[str, Severity]:
    """What `doctor` says."""
    return {finding.code: finding.severity for finding in node.services.care.examine(node.actor)}


@pytest.mark.parametrize("away", [HOUR, DAY])
def test_what_was_said_while_the_exchange_was_away_arrives_in_order(
    world: World, home: Node, host: Node, away: timedelta
) -> None:
    world.away = True
    threads = [home.services.requests.open(home.actor, home.mentee().id, host.id).id for _ in range(3)]
    home.services.requests.end(home.actor, threads[0], Move.WITHDRAW)
    assert not home.services.federation.sync(home.actor).round.reached
    world.clock.advance(away)
    assert not home.services.federation.sync(home.actor).round.reached

    world.away = False
    world.wait(DAY)
    world.settle(2)

    stages = {view.id: view.stage for view in host.services.requests.list(host.actor)}
    assert stages == dict(zip(threads, [Stage.WITHDRAWN, Stage.ASKED, Stage.ASKED], strict=True))
    assert found(home)["outbox-clear"] is Severity.FINE


def test_after_a_month_without_an_exchange_a_person_is_told_what_lapsed_and_whom_to_write(
    world: World, home: Node, host: Node
) -> None:
    mentee = home.mentee()
    world.away = True
    thread = home.services.requests.open(home.actor, mentee.id, host.id).id
    world.clock.advance(timedelta(days=31))
    silent = home.services.federation.sync(home.actor)
    assert silent.lapsed == ()
    assert found(home)["roster-silent"] is Severity.PROBLEM
    with pytest.raises(RosterTooOldError):
        home.services.requests.open(home.actor, home.mentee().id, host.id)

    world.away = False
    world.wait(timedelta(seconds=1))
    view = home.services.federation.sync(home.actor)

    assert view.round.reached
    assert [(lapse.request, lapse.person) for lapse in view.lapsed] == [(thread, mentee.id)]
    assert found(home)["outbox-stuck"] is Severity.WARNING


def test_a_node_that_slept_reads_first_and_lets_lapse_second(world: World, home: Node, host: Node) -> None:
    thread = home.services.requests.open(home.actor, home.mentee().id, host.id).id
    home.sync()
    world.wait(2 * DAY)
    host.sync()
    mentor = host.mentor()
    host.says_yes(thread, mentor.id)
    host.services.requests.offer(host.actor, thread, mentor.id)
    host.sync()
    world.wait(13 * DAY + 12 * HOUR)

    view = home.services.federation.sync(home.actor)

    assert view.lapsed == ()
    assert home.services.requests.show(home.actor, thread).stage is Stage.OFFERED


def test_a_node_that_slept_three_weeks_agrees_with_the_others_about_what_lapsed(
    world: World, home: Node, host: Node
) -> None:
    thread = home.services.requests.open(home.actor, home.mentee().id, host.id).id
    world.settle(2)
    mentor = host.mentor()
    host.says_yes(thread, mentor.id)
    host.services.requests.offer(host.actor, thread, mentor.id)
    for _ in range(21):
        world.wait(DAY)
        host.sync()
    with host.work as work:
        assert work.seats.of(mentor.id, world.clock.now()).held == 0

    home.sync()
    for _ in range(2):
        host.sync()
        home.sync()

    stages = [node.services.requests.show(node.actor, thread).stage for node in (home, host)]
    assert stages == [Stage.EXPIRED, Stage.EXPIRED]


def test_a_copy_that_runs_beside_the_node_is_noticed_by_what_others_heard_in_its_name(
    world: World, home: Node, host: Node
) -> None:
    thread = home.services.requests.open(home.actor, home.mentee().id, host.id).id
    world.settle(2)
    copied = world.backup(home)
    home.services.requests.end(home.actor, thread, Move.WITHDRAW)
    world.settle(2)
    assert found(home)["identity-ours"] is Severity.FINE

    world.put_back(home, copied)
    world.wait(HOUR)
    mentor = host.mentor()
    later = home.services.requests.open(home.actor, home.mentee().id, host.id).id
    home.services.requests.end(home.actor, thread, Move.WITHDRAW)
    world.settle(2)

    assert found(home)["identity-twice"] is Severity.PROBLEM
    codes = [warned.code for warned in host.services.federation.sync(host.actor).round.warnings]
    assert "equivocation" in codes
    host.says_yes(later, mentor.id)
    host.services.requests.offer(host.actor, later, mentor.id)
    world.settle(2)
    assert home.services.requests.show(home.actor, later).stage is Stage.OFFERED


def test_a_restored_node_writes_no_letter_a_second_time(world: World, home: Node, host: Node) -> None:
    home.services.mentorships.approve(home.actor, home.mentee().id, home.mentor().id)
    copied = world.backup(home)
    home.services.letters.send(home.actor)
    world.clock.advance(HOUR)

    world.put_back(home, copied, world.clock.now() - HOUR)
    home.services.letters.send(home.actor)

    assert {letter.state for letter in home.services.letters.list(home.actor)} == {LetterState.UNCLEAR}
