"""Threads that lapse at their deadline, once the mailbox was read."""

from datetime import timedelta

from federation.ground.engine import transaction
from protocol.bodies import Kind
from protocol.thread.table import State
from tests.support.federation import Federation, Program

DAY = timedelta(days=1)


def test_threads_lapse_only_after_the_mailbox_was_read(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    federation.settle()
    federation.wait(15 * DAY)

    def due(program: Program) -> list[str]:
        with transaction(program.engine) as connection:
            return [view.thread for view in program.member.post.due(connection, program.clock.now())]

    assert due(host) == []
    host.sync()
    home.sync()
    assert due(host) == [thread]
    assert due(home) == [thread]
    host.say(thread, Kind.REQUEST_EXPIRE)
    federation.settle()
    assert home.view(thread).state is host.view(thread).state is State.EXPIRED
    assert due(home) == due(host) == []


def test_the_other_end_lapses_what_was_not_its_move_a_day_later(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    federation.settle()
    federation.wait(timedelta(days=14, minutes=1))
    home.sync()
    with transaction(home.engine) as connection:
        assert home.member.post.due(connection, home.clock.now()) == []
