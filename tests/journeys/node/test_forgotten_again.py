"""An old backup, the list of erasures lost, no newer backup: the program's own notes tell whom to forget again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from node.domain.person import Person
from node.domain.program import Standing
from node.services.federation import CaughtUpView
from protocol.notes import MOST
from tests.support.nodes import Node, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


@pytest.fixture
def hat(world: World) -> Node:
    hat = world.node("Medicine Hat")
    world.wait(HOUR)
    return hat


def put_back(world: World, node: Node, copied: Path, made_at: datetime) -> CaughtUpView:
    """Nothing but the old copy is left; then the first round."""
    world.put_back(node, copied, made_at)
    view = node.sync()
    assert view.caught_up is not None
    return view.caught_up


def is_here(node: Node, person: Person) -> bool:
    with node.work as work:
        return person.id in work.people.several([person.id])


def test_who_was_erased_after_the_backup_is_erased_again_after_the_first_sync(world: World, hat: Node) -> None:
    erased, stays = hat.mentee(), hat.mentee()
    made_at, copied = world.clock.now(), world.backup(hat)
    world.wait(HOUR)
    hat.services.people.erase(hat.actor, erased.id)
    world.wait(DAY)
    hat.sync()
    noted_at = world.clock.now()
    world.wait(2 * DAY)

    back = put_back(world, hat, copied, made_at)

    assert not is_here(hat, erased)
    assert is_here(hat, stays)
    assert (back.unproven_from, back.unproven_to) == (noted_at, world.clock.now())
    (told,) = (one for one in hat.services.care.examine(hat.actor) if one.code == "standing-unproven")
    assert told.params["start"] == f"{noted_at:%Y-%m-%d %H:%M}"
    world.wait(31 * DAY)
    assert "standing-normal" in {one.code for one in hat.services.care.examine(hat.actor)}
    with hat.work as work:
        assert work.programs.get().standing is Standing.NORMAL
        assert len(work.erasures.all()) == 1


def test_the_time_since_the_last_note_is_named(world: World, hat: Node) -> None:
    erased = hat.mentee()
    made_at, copied = world.clock.now(), world.backup(hat)
    world.wait(HOUR)
    hat.services.people.erase(hat.actor, erased.id)  # and no note was written since

    back = put_back(world, hat, copied, made_at)

    assert is_here(hat, erased)
    assert (back.unproven_from, back.unproven_to) == (made_at, world.clock.now())


def test_more_than_a_note_holds_are_proven_only_as_far_as_it_reaches(world: World, hat: Node) -> None:
    made_at, copied = world.clock.now(), world.backup(hat)
    world.wait(HOUR)
    with hat.work as work:
        work.erasures.merge([f"{place:064x}" for place in range(MOST + 1)], world.clock.now())
    world.wait(DAY)
    hat.sync()

    back = put_back(world, hat, copied, made_at)

    assert back.unproven_from == made_at
    with hat.work as work:
        assert len(work.erasures.all()) == MOST


def test_a_program_that_was_not_restored_learns_nothing_from_its_notes(world: World, hat: Node) -> None:
    stays = hat.mentee()
    world.wait(DAY)
    hat.sync()
    view = hat.sync()

    assert view.round.received == 0
    assert view.round.warnings == ()
    assert is_here(hat, stays)
