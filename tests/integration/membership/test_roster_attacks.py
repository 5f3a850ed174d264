"""An exchange that lies about who belongs: rollback, freeze, mix-and-match, fast-forward, forgery, withheld files."""

from datetime import timedelta

import pytest

from federation.ground.engine import transaction
from federation.membership.roster import Tier
from protocol.bodies import Kind
from protocol.ids import NodeId
from protocol.keys import SigningKey
from protocol.roster import Cleared, NotMemberError, Standing, SuspendedError
from tests.support.federation import Federation, Program
from tests.support.forging import Forger
from tests.support.roster import Stewards

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRANGER = NodeId("stranger22222222")


def test_an_older_roster_is_refused(federation: Federation, home: Program) -> None:
    old = federation.stewards.copy_of_files()
    federation.wait(HOUR)
    home.sync()
    before = home.member.roster()

    federation.exchange.roster_files = old
    home.sync()

    assert home.member.roster() == before
    assert home.alerts() == ["roster-refused"]


def test_older_admissions_under_a_new_timestamp_are_refused(federation: Federation, home: Program) -> None:
    federation.wait(HOUR)
    home.sync()
    before = home.member.roster()

    federation.stewards.publish_online(targets=before.targets - 1)
    home.sync()

    assert home.member.roster() == before
    assert home.alerts() == ["roster-refused"]


def test_older_suspensions_under_a_new_timestamp_are_refused(federation: Federation, home: Program) -> None:
    federation.wait(HOUR)
    home.sync()
    before = home.member.roster()

    federation.stewards.publish_online(suspensions=before.suspensions - 1)
    home.sync()

    assert home.member.roster().suspensions == before.suspensions
    assert home.alerts() == ["roster-refused"]


def test_a_frozen_roster_is_noticed_when_its_timestamp_expires_and_grows_old(
    federation: Federation, home: Program
) -> None:
    federation.wait(27 * HOUR, renew=False)

    report = home.sync()

    assert home.alerts() == ["roster-refused"]
    assert report.reached
    assert home.member.roster().age(home.clock.now()) == 27 * HOUR


def test_an_exchange_that_signs_anew_over_old_steward_files_does_not_make_them_younger(
    federation: Federation, home: Program
) -> None:
    signed_at = home.member.roster().signed_at
    for _ in range(8):
        federation.clock.advance(DAY)
        federation.stewards.now = federation.clock.now()
        federation.stewards.publish_online()
        home.sync()

    roster = home.member.roster()
    assert roster.signed_at == signed_at
    assert roster.age(home.clock.now()) == 8 * DAY
    assert roster.tier(home.clock.now()) is Tier.NO_NEW
    assert "roster-refused" in home.alerts()


def test_files_of_two_rosters_do_not_mix(federation: Federation, home: Program) -> None:
    other = Stewards(federation.clock.now())
    other.publish()
    before = home.member.roster()
    federation.wait(HOUR)
    newest = federation.stewards.versions["targets"]
    federation.exchange.roster_files = federation.stewards.files | {
        f"{newest}.targets.json": other.files["1.targets.json"]
    }

    home.sync()

    assert home.member.roster() == before
    assert home.alerts() == ["roster-refused"]


def test_a_target_with_other_content_is_refused(federation: Federation, home: Program) -> None:
    federation.stewards.admit(STRANGER, SigningKey.generate().public, "Stranger")
    federation.wait(HOUR)
    files = federation.stewards.copy_of_files()
    for name in files:
        if name.endswith(".members.json"):
            files[name] += b" "
    federation.exchange.roster_files = files

    home.sync()

    assert home.alerts() == ["roster-unreachable"]
    with pytest.raises(NotMemberError):
        home.member.roster().member(STRANGER)


def test_a_fast_forwarded_timestamp_is_overcome_by_new_online_keys(federation: Federation, home: Program) -> None:
    stewards = federation.stewards
    stewards.versions["timestamp"] = stewards.versions["snapshot"] = 1_000_000
    federation.wait(HOUR)
    home.sync()
    stewards.versions["timestamp"] = stewards.versions["snapshot"] = 10
    federation.wait(HOUR)
    home.sync()
    assert home.alerts() == ["roster-refused"]
    before = home.member.roster()

    stewards.snapshot_key, stewards.timestamp_key = SigningKey.generate(), SigningKey.generate()
    stewards.publish_root()
    federation.wait(HOUR)
    home.sync()

    assert home.member.roster().targets > before.targets
    assert home.member.roster().root == 2


def test_a_program_that_slept_for_a_year_follows_every_change_of_roots(federation: Federation, home: Program) -> None:
    stewards = federation.stewards
    for _ in range(5):
        retired = stewards.root_keys.pop(0)
        stewards.root_keys.append(SigningKey.generate())
        stewards.publish_root(retired)
        federation.wait(80 * DAY)

    report = home.sync()

    assert report.tier is Tier.FRESH
    assert home.member.roster().root == 6
    assert home.alerts() == []


def test_a_root_by_strangers_is_refused(federation: Federation, home: Program) -> None:
    stewards = federation.stewards
    before = home.member.roster()
    stewards.root_keys = [SigningKey.generate() for _ in range(3)]
    stewards.publish_root()
    federation.wait(HOUR)

    home.sync()

    assert home.member.roster() == before
    assert home.alerts() == ["roster-refused"]


def test_a_member_forged_by_the_exchange_is_nobody(federation: Federation, home: Program) -> None:
    forged = federation.program("forged", admitted=False)
    other = Stewards(federation.clock.now())
    other.admit(forged.node, forged.member.identity.identity.public, "Forged")
    other.versions = dict.fromkeys(other.versions, 50)
    other.publish()
    federation.exchange.roster_files = federation.stewards.files | other.files
    home.sync()
    with transaction(forged.engine) as connection:
        forged.member.identity.first_statement(connection, federation.clock.now())

    letter = Forger(federation, forged, home).send()
    report = home.sync()

    assert report.letters_quarantined == 1
    assert "sender-unknown" in home.alerts()
    assert home.effects.events == []
    with pytest.raises(NotMemberError):
        home.open(forged)
    assert letter not in Forger(federation, forged, home).receipts()


def test_a_letter_by_a_member_admitted_after_our_last_look_waits_for_the_roster(
    federation: Federation, home: Program
) -> None:
    newcomer = federation.program("newcomer")
    newcomer.open(home)
    newcomer.sync()
    files = federation.stewards.files
    federation.exchange.roster_files = {name: raw for name, raw in files.items() if name != "timestamp.json"}
    assert home.sync().letters_quarantined == 1

    federation.exchange.roster_files = None
    report = home.sync()

    assert report.letters_taken == 1
    assert "roster-unreachable" not in home.alerts()


def test_empty_newer_suspensions_lift_nothing(federation: Federation, home: Program, host: Program) -> None:
    federation.stewards.suspend(host.node)
    federation.wait(HOUR)
    home.sync()

    federation.stewards.stopped = []
    federation.wait(HOUR)
    home.sync()

    assert home.member.roster().standing(host.node) is Standing.SUSPENDED
    with pytest.raises(SuspendedError):
        home.open(host)


def test_a_suspension_is_lifted_by_name_only(federation: Federation, home: Program, host: Program) -> None:
    entry = federation.stewards.suspend(host.node)
    federation.wait(HOUR)
    home.sync()

    federation.stewards.stopped = []
    federation.stewards.cleared = [Cleared(key=entry.key, serial=entry.serial)]
    federation.wait(HOUR)
    home.sync()

    assert home.member.roster().standing(host.node) is Standing.ACTIVE


def test_suspensions_dated_in_the_future_deny_but_do_not_make_a_roster_look_fresh(
    federation: Federation, home: Program, host: Program
) -> None:
    stewards = federation.stewards
    signed_at = home.member.roster().signed_at
    federation.clock.advance(HOUR)
    stewards.now = federation.clock.now()
    stewards.suspend(host.node)
    stewards.publish_suspensions(signed_at=stewards.now + 300 * DAY)
    stewards.publish_online()

    home.sync()

    assert home.member.roster().signed_at == signed_at
    assert home.member.roster().standing(host.node) is Standing.SUSPENDED


def test_when_suspensions_alone_are_withheld_admissions_still_arrive(federation: Federation, home: Program) -> None:
    federation.clock.advance(73 * HOUR)
    federation.stewards.now = federation.clock.now()
    federation.stewards.admit(STRANGER, SigningKey.generate().public, "Newcomer")
    federation.stewards.publish_targets()
    federation.stewards.publish_online()

    home.sync()

    roster = home.member.roster()
    assert roster.standing(STRANGER) is Standing.ACTIVE
    assert roster.age(home.clock.now()) == 73 * HOUR
    assert home.alerts() == ["roster-refused"]


def test_a_letter_that_saw_more_than_we_are_shown_reveals_the_exchange(
    federation: Federation, forger: Forger, host: Program
) -> None:
    forger.send(seen={"root": 1, "targets": 99, "suspensions": 1})

    host.sync()

    assert host.alerts() == ["withholding-or-forked"]


def test_a_letter_that_saw_what_was_published_a_moment_ago_alerts_nobody(
    federation: Federation, forger: Forger, host: Program
) -> None:
    exchange, stewards = federation.exchange, federation.stewards
    forger.send(seen={"root": 1, "targets": stewards.versions["targets"] + 1, "suspensions": 1})
    exchange.roster_files = stewards.copy_of_files()
    federation.renew()

    def publish() -> None:
        exchange.roster_files = None

    exchange.before_mailbox = publish
    host.sync()

    assert host.alerts() == []
    assert host.effects.kinds == [Kind.REQUEST_OPEN]
