"""The port `Reader`: the roster of the exchange in memory and of the real one is read alike, and lies are refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from federation.governance.adapters.folder import Folder
from federation.governance.adapters.tuf_engine import TufEngine
from federation.governance.adapters.tuf_reader import TufReader
from federation.governance.domain.deadlines import Alarm
from federation.governance.domain.errors import (
    ExchangeUnreachableError,
    FederationTakenError,
    FederationUnknownError,
    NoCopyError,
    RootDiffersError,
    RosterRefusedError,
)
from federation.governance.services.ports import Pin, PinKind, Reader
from federation.governance.services.views import RosterView
from protocol.ids import Digest, sha256_hex
from tests.support.roster_site import URL
from tests.support.steward_sites import Founder
from tests.support.stewards import DAY, Circle, no_passphrase


def folder_of(founder: Founder, name: str) -> Folder:
    return Folder(founder.folder.with_name(name), founder.clock, no_passphrase, bare=True)


def reader_in(folder: Folder, founder: Founder) -> Reader:
    return TufReader(folder, TufEngine(), founder.clock, founder.site.connect)


def reader_of(founder: Founder, name: str = "Ada") -> Reader:
    return reader_in(folder_of(founder, name), founder)


def pin_of(root: bytes) -> Pin:
    return Pin(exchange=URL, root_version=1, sha256=sha256_hex(root), of=PinKind.FILE)


def first_root(founder: Founder) -> bytes:
    root = founder.found().root
    assert root is not None
    return root


def test_what_was_published_is_read_and_kept_as_the_last_copy(founder: Founder) -> None:
    root = first_root(founder)
    reader = reader_of(founder)

    read = reader.read()

    assert (read.exchange, read.bundle.root, read.root_digest) == (URL, root, sha256_hex(root))
    assert (read.read_at, read.content.versions.targets) == (founder.clock.now(), 1)
    assert reader.last() == reader_of(founder).last() == read
    assert (reader.root_file(1), reader.root_file(2)) == (root, None)


def test_a_folder_that_trusts_nobody_reads_by_the_pin_it_is_given(founder: Founder) -> None:
    root = first_root(founder)
    reader = reader_of(founder, "Zoe")
    with pytest.raises(FederationUnknownError):
        reader.read()
    with pytest.raises(FederationUnknownError):
        reader.last()
    assert reader.root_file(1) is None

    assert reader.read(pin_of(root)).bundle.root == root


def test_a_root_of_another_hash_is_refused_and_nothing_is_kept(founder: Founder) -> None:
    root = first_root(founder)
    reader = reader_of(founder, "Zoe")

    with pytest.raises(RootDiffersError):
        reader.read(pin_of(b"another root"))

    assert reader.root_file(1) is None
    assert reader.read(pin_of(root)).content.versions.root == 1


def test_the_last_copy_stays_until_the_next_look(founder: Founder) -> None:
    pin = pin_of(first_root(founder))
    folder = folder_of(founder, "Zoe")
    folder.keep_pin(pin)
    reader = reader_in(folder, founder)
    with pytest.raises(NoCopyError):
        reader.last()
    before = reader.read()
    founder.clock.advance(DAY)
    founder.renew()

    assert reader.last() == before
    after = reader.read()
    assert (before.content.versions.targets, after.content.versions.targets) == (1, 2)
    assert after.read_at - before.read_at == DAY


def test_before_the_founding_there_is_nothing_to_read(founder: Founder) -> None:
    founder.bundle()
    with pytest.raises(ExchangeUnreachableError):
        reader_of(founder).read()


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
