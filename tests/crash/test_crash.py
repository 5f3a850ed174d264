"""Processes die at random moments while two programs work together, and nothing is lost, doubled or promised twice.

Another number of accidents: `CRASH_KILLS=200` (`make drill`). A run that failed can be had again: `CRASH_SEED=...`, as
it was printed; where in its work a process dies is still chance.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random, SystemRandom

import pytest

from node.domain.letter import LetterState
from node.domain.mentorship import MentorshipState
from node.domain.person import Kind
from node.domain.request import Stage
from protocol.ids import ThreadId
from tests.support.crash import HARMLESS, Desk, Playground

# A recall that crosses the reveals of both ends: home had begun already what is none any more.
UNDONE = (MentorshipState.CLOSED, Stage.RECALLED)
KILLS = int(os.environ.get("CRASH_KILLS", "20")) // 2
SEED = int(os.environ.get("CRASH_SEED", "0")) or SystemRandom().randrange(1, 1_000_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def playground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Playground]:
    with ExitStack() as stack:
        urls = ("", "", "")
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            first, second, third = (stack.enter_context(server.database()) for _ in range(3))
            urls = (first, second, third)
        yield stack.enter_context(Playground(tmp_path, urls))


def check_seats(host: Desk, introduced: int) -> None:
    now = host.services.adapters.clock.now()
    with host.services.adapters.reading() as work:
        seats = [work.seats.of(mentor.id, now) for mentor in work.people.candidates(Kind.MENTOR)]
    assert all(seat.held + seat.used <= seat.total for seat in seats)
    assert sum(seat.used for seat in seats) == introduced


def check_mentorships(desk: Desk, introduced: set[ThreadId]) -> set[ThreadId]:
    """One for each introduction; returns the requests of those that a recall ended while they were on their way."""
    begun = desk.services.mentorships.list(desk.actor)
    found = {mentorship.request: mentorship for mentorship in begun if mentorship.request is not None}
    assert len(found) == len(begun)
    assert introduced <= found.keys()
    undone = found.keys() - introduced
    assert {(found[request].state, desk.stages()[request]) for request in undone} <= {UNDONE}
    return undone


def check_letters(playground: Playground, desk: Desk, introduced: set[ThreadId], undone: set[ThreadId]) -> None:
    letters = desk.services.letters.list(desk.actor)
    assert sorted(letter.about for letter in letters) == sorted(introduced | undone)
    left = [letter for letter in letters if letter.about in introduced or letter.state is not LetterState.DROPPED]
    assert {letter.state for letter in left} <= {LetterState.SENT, LetterState.UNCLEAR}
    received = playground.received()
    for letter in left:
        # Once more at most: where the server took the letter, and the process died before it could write that down.
        assert 1 <= received[letter.id] <= 1 + letter.resent


@pytest.mark.timeout(1800)
def test_killed_processes_lose_nothing_and_do_nothing_twice(
    playground: Playground, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = f"CRASH_SEED={SEED} CRASH_KILLS={2 * KILLS}"
    print(seed)  # noqa: T201 - stands below a failure
    with capsys.disabled():
        print(f" {seed}", end=" ", flush=True)  # noqa: T201 - stands beside a run that is watched
    chance = Random(SEED)
    playground.open_requests()
    for _ in range(KILLS):
        playground.work(chance.uniform(0.1, 2.5), chance)
        playground.kill_one(chance)

    playground.settle(chance)

    at_home, at_host = playground.stages()
    assert at_home == at_host
    introduced = {thread for thread, stage in at_home.items() if stage is Stage.INTRODUCED}
    assert introduced
    for desk in (playground.home, playground.host):
        check_letters(playground, desk, introduced, check_mentorships(desk, introduced))
        warned = {warned.code for warned in desk.services.adapters.federation.warnings()}
        assert warned <= HARMLESS
    check_seats(playground.host, len(introduced))
