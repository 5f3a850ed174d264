"""Members that were suspended, admitted anew, or whose keys an exchange serves wrongly."""

from datetime import timedelta

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode
from federation.membership.identity import Identity
from protocol.bodies import Kind
from protocol.keys import SigningKey
from protocol.roster import Standing
from protocol.thread.table import State
from tests.support.federation import Federation, Program, offer
from tests.support.forging import Forger

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_mail_of_a_suspended_member_is_quarantined_and_nothing_is_executed(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    federation.stewards.suspend(host.node)
    federation.wait(HOUR)

    report = home.sync()

    assert report.letters_quarantined == 1
    assert home.view(thread).state is State.ASKED
    assert home.effects.events == home.effects.shown == []
    assert home.alerts() == ["sender-quarantined"]


def test_withdrawals_of_a_suspended_member_are_shown_to_a_person_once(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    host.say(thread, Kind.CONSENT_WITHDRAW)
    host.sync()
    federation.stewards.suspend(host.node)
    federation.wait(HOUR)

    home.sync()
    home.sync()

    assert [event.kind for event in home.effects.shown] == [Kind.CONSENT_WITHDRAW]
    assert home.view(thread).state is State.ASKED
    assert home.effects.events == []


def test_quarantined_mail_takes_effect_when_the_member_is_active_again(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    federation.stewards.change(host.node, status=Standing.SUSPENDED)
    federation.wait(HOUR)
    home.sync()

    federation.stewards.change(host.node, status=Standing.ACTIVE)
    federation.wait(HOUR)
    home.sync()

    assert home.view(thread).state is State.OFFERED


def test_only_withdrawals_are_sent_to_a_suspended_member(federation: Federation, home: Program, host: Program) -> None:
    thread, other = home.open(host), home.open(host)
    federation.settle()
    federation.stewards.suspend(host.node)
    federation.wait(HOUR)
    home.sync()
    home.say(thread, Kind.CONSENT_WITHDRAW)
    host.say(other, Kind.REQUEST_OFFER, offer(federation.clock))
    federation.settle(1)
    home.say(other, Kind.REQUEST_EXPIRE)

    report = home.sync()

    assert report.letters_waiting == 1
    assert len(federation.exchange.envelopes(host.node)) == 3


def test_a_rollback_of_key_statements_is_refused_and_alerted(
    federation: Federation, forger: Forger, home: Program, host: Program
) -> None:
    forger.send()
    host.sync()
    with transaction(home.engine) as connection:
        home.member.identity.rotate(connection, federation.clock.now())
    home.sync()
    federation.wait(25 * HOUR)
    forger.send(Kind.REQUEST_WITHDRAW)
    host.sync()
    assert host.view(forger.thread).state is State.WITHDRAWN

    federation.exchange.statements.pop((home.node, 2))
    federation.wait(13 * HOUR)
    host.say(forger.thread, Kind.CONSENT_WITHDRAW)
    host.sync()

    assert "statement-refused" in host.alerts()
    with transaction(host.engine) as connection:
        evidence = host.member.alerts.evidence(connection, AlertCode.STATEMENT_REFUSED, home.node)
    assert evidence is not None
    assert b"statement-rollback" in evidence


def test_after_a_rotation_letters_under_way_still_open_and_new_keys_sign_a_day_later(
    federation: Federation, home: Program, host: Program
) -> None:
    first = home.open(host)
    home.sync()  # sealed to host's first keys
    with transaction(host.engine) as connection:
        host.member.identity.rotate(connection, federation.clock.now())
        old = host.member.identity.signing_key(connection, federation.clock.now())
    host.sync()
    assert host.view(first).state is State.ASKED
    with transaction(host.engine) as connection:
        assert host.member.identity.signing_key(connection, federation.clock.now()) == old

    federation.wait(25 * HOUR)
    host.say(first, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    home.sync()

    assert home.view(first).state is State.OFFERED
    with transaction(host.engine) as connection:
        assert host.member.identity.signing_key(connection, federation.clock.now()) != old


def test_old_sealing_keys_are_destroyed_when_no_letter_can_need_them(
    federation: Federation, home: Program, host: Program
) -> None:
    late = Forger(federation, home, host)
    old = late.sealing_key()
    with transaction(host.engine) as connection:
        host.member.identity.rotate(connection, federation.clock.now())
    host.sync()
    federation.wait(14 * DAY)
    host.sync()
    late.slip(late.envelope(late.inner(), seal_to=old))
    assert host.sync().letters_taken == 1

    federation.wait(2 * DAY)
    host.sync()
    again = Forger(federation, home, host)
    again.slip(again.envelope(again.inner(), seal_to=old))
    assert host.sync().letters_discarded == 1


def test_keys_are_renewed_by_themselves_before_they_end(federation: Federation, home: Program) -> None:
    federation.wait(61 * DAY)

    home.sync()

    assert (home.node, 2) in federation.exchange.statements


def test_a_letter_whose_keys_cannot_be_fetched_waits(federation: Federation, forger: Forger, host: Program) -> None:
    statement = federation.exchange.statements.pop((forger.sender.node, 1))
    letter = forger.send()

    assert host.sync().letters_kept == 1
    assert host.alerts() == []
    federation.exchange.statements[forger.sender.node, 1] = statement
    host.sync()

    assert forger.receipts() == {letter: "stored"}


def test_keys_by_another_identity_are_refused(federation: Federation, forger: Forger, host: Program) -> None:
    thief = SigningKey.generate()
    home = forger.sender
    false = Identity(node=home.node, identity=thief, tables=home.tables, seal=home.member.identity.seal)
    with transaction(home.engine) as connection:
        statement = false.first_statement(connection, federation.clock.now())
    federation.exchange.statements[home.node, statement.version] = statement.token
    inner = forger.inner(key=_signing_key(false, home, federation), keys=statement.ref.model_dump())
    forger.slip(forger.envelope(inner))

    report = host.sync()

    assert report.letters_kept == 1
    assert host.effects.events == []
    assert host.alerts() == ["statement-refused"]


def _signing_key(identity: Identity, program: Program, federation: Federation) -> SigningKey:
    with transaction(program.engine) as connection:
        return identity.signing_key(connection, federation.clock.now())


def test_a_member_with_a_new_identity_starts_a_new_history(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    stolen, fresh = host.member.identity, SigningKey.generate()
    federation.stewards.change(host.node, identity=fresh.public.jwk, min_key_version=2)
    federation.wait(HOUR)
    home.sync()
    renewed = Identity(node=host.node, identity=fresh, tables=host.tables, seal=stolen.seal)
    thief = Forger(federation, host, home)
    thief.thread = thread
    thief.send(Kind.REQUEST_OFFER, offer(federation.clock))
    assert home.sync().letters_kept == 1

    with transaction(host.engine) as connection:
        statement = renewed.first_statement(connection, federation.clock.now())
    federation.exchange.statements[host.node, statement.version] = statement.token
    thief.inners.clear()
    with transaction(home.engine) as connection:
        opened = home.member.post.threads.get(connection, thread).links[0].link
    inner = thief.inner(
        Kind.REQUEST_OFFER,
        offer(federation.clock),
        seen_peer={"n": 1, "hash": opened.digest},
        keys=statement.ref.model_dump(),
        key=_signing_key(renewed, host, federation),
    )
    thief.slip(thief.envelope(inner))
    home.sync()

    assert home.view(thread).state is State.OFFERED


def test_keys_the_exchange_does_not_take_are_alerted_and_letters_still_come(
    federation: Federation, home: Program
) -> None:
    federation.exchange.refuses_keys = True
    with transaction(home.engine) as connection:
        home.member.identity.rotate(connection, federation.clock.now())

    report = home.sync()

    assert report.reached
    assert home.alerts() == ["keys-not-published"]
