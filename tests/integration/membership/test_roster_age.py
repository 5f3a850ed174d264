"""What may still be written and sent while the roster grows old."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from federation.membership.refusals import RosterTooOldError
from protocol.bodies import Kind
from protocol.thread.table import State
from tests.support.federation import Federation, Program

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "may_open", "may_say"),
    [(2 * DAY, True, True), (6 * DAY, True, True), (8 * DAY, False, True), (31 * DAY, False, False)],
)
def test_what_the_age_of_the_roster_still_allows(
    federation: Federation, home: Program, host: Program, age: timedelta, *, may_open: bool, may_say: bool
) -> None:
    thread = home.open(host)
    federation.settle()
    federation.wait(age, renew=False)

    def works(act: Callable[[], object]) -> bool:
        try:
            act()
        except RosterTooOldError:
            return False
        return True

    assert works(lambda: home.open(host)) is may_open
    assert works(lambda: host.say(thread, Kind.REQUEST_DECLINE)) is may_say
    assert works(lambda: home.say(thread, Kind.CONSENT_WITHDRAW))
    home.sync()
    assert home.view(thread).state in {State.CONSENT_WITHDRAWN, State.DECLINED}


def test_letters_written_before_the_roster_grew_too_old_wait_and_withdrawals_leave(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    federation.exchange.away = True
    federation.wait(29 * DAY, renew=False)
    home.say(thread, Kind.REQUEST_WITHDRAW)
    host.say(thread, Kind.REQUEST_DECLINE)
    federation.wait(2 * DAY, renew=False)
    federation.exchange.away = False

    assert home.sync().letters_sent == 1
    assert host.sync().letters_sent == 0
