"""A node that came back from last week's backup: it catches up, contradicts nothing, and writes nobody twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.letter import LetterState
from node.domain.program import Standing
from node.domain.request import Move, Stage
from node.services.federation import SyncView
from tests.support.nodes import Node, World

WEEK = timedelta(days=7)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


class Two:
    """Two programs, a mentee and a mentor, and an offer on the table."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.home, self.host = world.node("Medicine Hat"), world.node("Calgary")
        self.home.sync()
        self.mentor = self.host.mentor()
        self.thread = self.home.services.requests.open(self.home.actor, self.home.mentee().id, self.host.id).id
        world.settle(2)
        self.host.says_yes(self.thread, self.mentor.id)
        self.host.services.requests.offer(self.host.actor, self.thread, self.mentor.id)
        world.settle(2)
        self.home.says_yes(self.thread)

    def accept(self) -> None:
        self.home.services.requests.accept(self.home.actor, self.thread)
        self.world.settle(4)

    def stage(self, node: Node) -> Stage:
        return node.services.requests.show(node.actor, self.thread).stage

    def letters(self, node: Node) -> list[LetterState]:
        return [letter.state for letter in node.services.letters.list(node.actor)]

    def restored(self, node: Node, copied: Path) -> SyncView:
        """Put last week's copy back, and let everybody have rounds until it has caught up."""
        self.world.wait(WEEK)
        self.world.put_back(node, copied, self.world.clock.now() - WEEK)
        other = self.host if node is self.home else self.home
        first = node.services.federation.sync(node.actor)
        assert first.catching_up is not None
        assert first.catching_up.programs == (other.name,)
        other.sync()
        return node.sync()


@pytest.fixture
def two(world: World) -> Two:
    return Two(world)


@pytest.mark.parametrize("end", ["home", "host"])
def test_an_introduction_made_after_the_backup_stands_at_both_ends_and_nobody_is_written_to_twice(
    two: Two, end: str
) -> None:
    node: Node = getattr(two, end)
    copied = two.world.backup(node)
    two.accept()
    for each in (two.home, two.host):
        each.services.letters.send(each.actor)

    view = two.restored(node, copied)

    assert view.caught_up is not None
    assert view.caught_up.recovered == (two.thread,)
    assert two.stage(two.home) is two.stage(two.host) is Stage.INTRODUCED
    node.services.letters.send(node.actor)
    assert two.letters(node) == [LetterState.UNCLEAR]
    assert len(node.services.mentorships.list(node.actor)) == 1
    with two.host.work as work:
        assert work.seats.of(two.mentor.id, two.world.clock.now()).used == 1
    assert [finding.code for finding in node.services.care.examine(node.actor)].count("identity-ours") == 1


def test_what_nobody_answered_yet_is_answered_after_catching_up(two: Two) -> None:
    copied = two.world.backup(two.host)
    two.home.services.requests.accept(two.home.actor, two.thread)
    two.home.sync()
    two.world.wait(timedelta(hours=1))
    two.world.put_back(two.host, copied, two.world.clock.now() - timedelta(hours=1))

    for _ in range(3):
        two.host.services.federation.sync(two.host.actor)
        two.home.sync()
    two.world.settle(3)

    assert two.stage(two.home) is two.stage(two.host) is Stage.INTRODUCED
    assert two.letters(two.host) == [LetterState.QUEUED]


def test_a_request_that_the_backup_never_knew_is_shown_to_a_person(two: Two) -> None:
    copied = two.world.backup(two.home)
    two.world.wait(timedelta(seconds=1))
    later = two.home.services.requests.open(two.home.actor, two.home.mentee().id, two.host.id).id
    two.world.settle(2)
    two.host.says_yes(later, two.host.mentor().id)
    mentor = two.host.mentor()
    two.host.says_yes(later, mentor.id)
    two.host.services.requests.offer(two.host.actor, later, mentor.id)
    two.world.settle(2)

    two.world.put_back(two.home, copied, two.world.clock.now())
    for _ in range(3):
        view = two.home.services.federation.sync(two.home.actor)
        if view.caught_up is not None:
            break
        two.host.sync()

    assert view.caught_up is not None
    assert view.caught_up.unnamed == (later,)
    two.home.services.requests.end(two.home.actor, later, Move.WITHDRAW)
    two.world.settle(2)
    assert two.host.services.requests.show(two.host.actor, later).stage is Stage.WITHDRAWN


def test_a_letter_that_may_have_left_is_shown_instead_of_sent(two: Two) -> None:
    two.accept()
    copied = two.world.backup(two.home)
    assert two.letters(two.home) == [LetterState.QUEUED]

    two.restored(two.home, copied)
    two.home.services.letters.send(two.home.actor)

    assert two.letters(two.home) == [LetterState.UNCLEAR]


def test_an_operator_may_go_on_without_an_answer_and_that_is_remembered(two: Two) -> None:
    two.world.put_back(two.home, two.world.backup(two.home), two.world.clock.now())
    sync = two.home.services.federation.sync
    assert sync(two.home.actor).catching_up is not None

    view = sync(two.home.actor, go_on=True)

    assert view.caught_up is not None
    assert view.caught_up.unanswered == 1
    with two.home.work as work:
        assert work.programs.get().standing is Standing.NORMAL
        acts = [entry.act for entry in work.audit.since(two.world.clock.now())]
    assert "answers.given_up" in acts
    assert "program.caught_up" in acts
