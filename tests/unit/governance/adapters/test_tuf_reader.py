"""A steward's reader meets an exchange that lies, is away, or let everything lapse."""

from datetime import timedelta
from pathlib import Path

import pytest

from federation.governance.domain.deadlines import Alarm
from federation.governance.domain.errors import (
    ExchangeUnreachableError,
    FederationTakenError,
    FederationUnknownError,
    NoCopyError,
    RootDiffersError,
    RosterRefusedError,
)
from federation.governance.services.ports import PinKind
from federation.governance.services.views import RosterView
from protocol.ids import Digest
from tests.support.roster_site import URL
from tests.support.stewards import DAY, Circle


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Circle:
    found = Circle(tmp_path_factory.mktemp("founded"))
    found.found("Ada", "Ben")
    return found


@pytest.fixture
def circle(founded: Circle, tmp_path: Path) -> Circle:
    return founded.copied(tmp_path)


def roster(circle: Circle, name: str = "Ada", *, offline: bool = False) -> RosterView:
    desk = circle.desk(name)
    return desk.show(offline=offline)


def renewed(circle: Circle) -> None:
    desk = circle.desk("Ada")
    circle.pass_round(circle.proposal_of(desk.propose.renew(desk.steward)), "Ada")


def test_a_folder_without_a_federation_says_so(circle: Circle) -> None:
    circle.make("Zoe")
    with pytest.raises(FederationUnknownError):
        roster(circle, "Zoe")
    with pytest.raises(FederationUnknownError):
        roster(circle, "Zoe", offline=True)


def test_a_roster_that_was_never_read_has_no_copy(circle: Circle, tmp_path: Path) -> None:
    other = Circle(tmp_path / "other")
    other.sign("Ada", other.draft("Ada"))
    with pytest.raises(NoCopyError):
        roster(other, offline=True)


def test_the_last_copy_is_read_while_the_exchange_is_away(circle: Circle) -> None:
    live = roster(circle)
    circle.site.away = True
    with pytest.raises(ExchangeUnreachableError):
        roster(circle)
    offline = roster(circle, offline=True)
    assert (offline.targets_version, offline.live) == (live.targets_version, False)


def test_an_exchange_that_fails_is_unreachable_not_forged(circle: Circle) -> None:
    circle.site.broken = True
    with pytest.raises(ExchangeUnreachableError):
        roster(circle)


def test_a_rolled_back_roster_is_refused(circle: Circle) -> None:
    old = dict(circle.site.files)
    renewed(circle)
    roster(circle)
    circle.site.files = old
    with pytest.raises(RosterRefusedError):
        roster(circle)


def test_changed_bytes_are_refused(circle: Circle) -> None:
    name = next(name for name in circle.site.files if name.endswith(".members.json"))
    circle.clock.advance(DAY)
    renewed(circle)
    newest = next(other for other in circle.site.files if other.endswith(".members.json") and other != name)
    circle.site.files[newest] = circle.site.files[newest][:-1] + b" "
    with pytest.raises(RosterRefusedError):
        roster(circle, "Ben")


def test_another_federations_first_root_is_refused(circle: Circle, tmp_path: Path) -> None:
    other = Circle(tmp_path / "other")
    other.found("Mallory")
    circle.make("Zoe")
    zoe = circle.desk("Zoe")
    digest = roster(circle).root_sha256
    circle.site.files = other.site.files
    with pytest.raises(RootDiffersError):
        zoe.trust(zoe.steward, URL, 1, digest)


def test_a_wrong_hash_over_the_phone_is_refused(circle: Circle) -> None:
    circle.make("Zoe")
    zoe = circle.desk("Zoe")
    with pytest.raises(RootDiffersError):
        zoe.trust(zoe.steward, URL, 1, Digest("0" * 64))
    assert zoe.steward.pin() is None


def test_a_folder_that_trusts_one_federation_takes_no_other(circle: Circle) -> None:
    ada = circle.desk("Ada")
    with pytest.raises(FederationTakenError):
        ada.trust(ada.steward, URL, 1, Digest("0" * 64))


def test_a_hash_read_out_is_remembered(circle: Circle) -> None:
    circle.make("Zoe")
    zoe = circle.desk("Zoe")
    zoe.trust(zoe.steward, URL, 1, roster(circle).root_sha256)
    pin = zoe.steward.pin()
    assert pin is not None
    assert pin.of is PinKind.FILE
    assert roster(circle, "Zoe").root_version == 1


def test_a_lapsed_roster_is_shown_with_every_date_that_passed(circle: Circle) -> None:
    circle.clock.advance(400 * DAY)
    view = roster(circle)
    assert {end.alarm for end in view.deadlines} == {Alarm.PAST}


def test_a_frozen_exchange_is_seen_by_its_dates(circle: Circle) -> None:
    circle.clock.advance(timedelta(hours=24))
    alarms = {end.role.value: end.alarm for end in roster(circle).deadlines}
    assert alarms["timestamp"] is Alarm.LAST
    circle.site.renew()
    alarms = {end.role.value: end.alarm for end in roster(circle).deadlines}
    assert alarms["timestamp"] is Alarm.NONE


def test_what_changed_since_the_last_look_is_told(circle: Circle) -> None:
    roster(circle, "Ben")
    ben = circle.desk("Ben")
    assert ben.compare() == ()
    circle.clock.advance(DAY)
    renewed(circle)
    assert [change.subject for change in ben.compare()] == ["targets"]
