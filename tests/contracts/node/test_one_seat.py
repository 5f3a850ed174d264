"""One mentor, one seat, fifty coordinators at the same moment: exactly one promise, on both databases."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

from node.domain.errors import DomainError, NoFreeSeatError
from node.domain.request import Stage
from protocol.ids import ThreadId
from tests.support.crossing import CLERK, Pair, asked, offered, settle

MANY, SOME = 50, 8


def all_at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Every act in a thread of its own; what it returned, or the refusal it met."""
    barrier, ends = Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            ends.append(act())
        except DomainError as error:
            ends.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def asked_often(pair: Pair, times: int) -> list[ThreadId]:
    """Requests for as many occupations: for one occupation a program is not asked so often."""
    return [asked(pair, pair.home.mentee(occupation=f"{31000 + number}")) for number in range(times)]


def test_fifty_offers_of_one_seat_make_one_promise(pair: Pair) -> None:
    mentor, mentee_count = pair.host.mentor(seats=1), MANY
    threads = asked_often(pair, mentee_count)
    for thread in threads:
        pair.host.says_yes(thread, mentor.id)

    ends = all_at_once([partial(pair.host.offer, CLERK, thread, mentor.id) for thread in threads])

    refused = [end for end in ends if isinstance(end, NoFreeSeatError)]
    assert (len(ends), len(refused)) == (MANY, MANY - 1)
    assert [request.stage for request in pair.host.requests()].count(Stage.OFFERED) == 1
    with pair.host.work() as work:
        assert work.seats.of(mentor.id, pair.clock.now()).free == 0


def test_late_acceptances_and_new_offers_never_use_one_seat_twice(pair: Pair) -> None:
    mentor = pair.host.mentor(seats=1)
    both = asked_often(pair, 2 * SOME)
    lapsed, fresh = both[:SOME], both[SOME:]
    for thread in (*lapsed, *fresh):
        pair.host.says_yes(thread, mentor.id)
    for thread in lapsed:
        pair.host.offer(CLERK, thread, mentor.id, pair.clock.now() + timedelta(hours=1))
        pair.clock.advance(timedelta(hours=2))
    settle(pair.home, pair.host)
    for thread in lapsed:
        pair.home.says_yes(thread)
        pair.home.accept(CLERK, thread)
    letters = pair.host.carrier.take(pair.host.node)

    all_at_once(
        [
            *(partial(pair.host.take_in, letter) for letter in letters),
            *(partial(pair.host.offer, CLERK, thread, mentor.id) for thread in fresh),
        ]
    )

    with pair.host.work() as work:
        seats = work.seats.of(mentor.id, pair.clock.now())
    assert (seats.held, seats.used) == (1, 0)
    assert [pair.host.request(thread).stage for thread in lapsed] == [Stage.RECALLED] * SOME


def test_an_acceptance_in_time_keeps_the_seat_whatever_else_is_tried(pair: Pair) -> None:
    mentor = pair.host.mentor(seats=1)
    first, fresh = offered(pair, mentor), asked_often(pair, SOME)
    for thread in fresh:
        pair.host.says_yes(thread, mentor.id)
    pair.home.says_yes(first)
    pair.home.accept(CLERK, first)
    letters = pair.host.carrier.take(pair.host.node)

    all_at_once(
        [
            *(partial(pair.host.take_in, letter) for letter in letters),
            *(partial(pair.host.offer, CLERK, thread, mentor.id) for thread in fresh),
        ]
    )

    settle(pair.home, pair.host)
    with pair.host.work() as work:
        seats = work.seats.of(mentor.id, pair.clock.now())
    assert (seats.held, seats.used) == (0, 1)
    assert pair.home.request(first).stage is Stage.INTRODUCED
