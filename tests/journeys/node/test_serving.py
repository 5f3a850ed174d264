"""A served node sees to what recurs: rounds, letters, the weekly summary, the daily backup; and says that it lives."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from node.api.app import make_app
from node.domain.letter import LetterState
from node.domain.program import Standing
from node.serving import ticking
from tests.support.nodes import Node, World
from tests.support.waiting import wait_until

OFTEN = timedelta(milliseconds=200)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


def states(node: Node) -> list[LetterState]:
    return [letter.state for letter in node.services.letters.list(node.actor)]


def test_rounds_letters_and_backups_come_by_themselves(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    host.sync()
    home.sync()
    request = home.services.requests.open(home.actor, home.mentee().id, host.id)
    host.services.mentorships.approve(host.actor, host.mentee().id, host.mentor().id)

    with ticking(home.services, OFTEN), ticking(host.services, OFTEN):
        wait_until(lambda: len(host.services.requests.list(host.actor)) == 1, within=60, what="the request arriving")
        wait_until(lambda: states(host) == [LetterState.DRAFTED] * 2, within=60, what="letters in the folder")
        wait_until((host.folder / "backups").exists, within=60, what="the first backup")

    assert host.services.requests.show(host.actor, request.id).suggested == ()


def test_a_summary_follows_a_week_after_the_first(world: World) -> None:
    node = world.node("Medicine Hat")
    node.services.summary.agree(node.actor)
    node.services.summary.publish(node.actor)
    world.wait(timedelta(days=7))

    with ticking(node.services, OFTEN):
        read = node.services.summary.ledger
        wait_until(lambda: len(read(node.actor).releases) == 2, within=60, what="the second summary")


def test_a_program_of_its_own_ticks_without_rounds(world: World) -> None:
    alone = world.stranger("Alone")

    with ticking(alone.services, OFTEN) as ticker:
        wait_until(lambda: ticker.last_done("sync") is not None, within=60, what="a round that does nothing")
        wait_until(lambda: ticker.last_done("summary") is not None, within=60, what="a summary that is not due")


def test_a_restored_node_catches_up_by_itself_while_it_serves(world: World) -> None:
    node = world.node("Medicine Hat")
    world.restore(node)

    def standing() -> Standing:
        with node.work as work:
            return work.programs.get().standing

    assert standing() is Standing.RESTORED
    with ticking(node.services, OFTEN):
        wait_until(lambda: standing() is Standing.NORMAL, within=60, what="the node catching up")


@pytest.mark.anyio
async def test_a_served_node_tells_whether_it_lives_and_is_ready() -> None:
    ready, started = [False], list[bool]()
    app = make_app(lambda: ready[0], lambda: started.append(True))

    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://node") as http:
        lives, waits = await http.get("/healthz"), await http.get("/readyz")
        ready[0] = True
        is_ready = await http.get("/readyz")

    assert started == [True]
    assert (lives.status_code, waits.status_code, is_ready.status_code) == (200, 503, 200)
