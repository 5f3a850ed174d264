"""Threads at a receiver: gaps, crossings, forks, doubled places, illegal letters, and letters that come again."""

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode
from protocol import jws
from protocol.bodies import Kind
from protocol.evidence import prove_equivocation
from protocol.ids import sha256_hex
from protocol.thread.table import Side, State
from tests.support.federation import END, Federation, Program, offer
from tests.support.forging import Forger

WITHDRAW = Kind.REQUEST_WITHDRAW


def test_a_gap_is_parked_receipted_and_applied_in_order(forger: Forger, host: Program) -> None:
    forger.send()
    host.sync()
    first = forger.inner(WITHDRAW, END)
    forger.inners.append(first)
    second = forger.send(WITHDRAW)

    host.sync()
    assert forger.receipts()[second] == "stored"
    assert host.effects.kinds == [Kind.REQUEST_OPEN]

    forger.slip(forger.envelope(first))
    host.sync()
    assert host.effects.kinds == [Kind.REQUEST_OPEN, WITHDRAW, WITHDRAW]
    assert host.view(forger.thread).state is State.WITHDRAWN


def test_letters_that_arrive_in_reverse_order_take_effect_in_their_own(forger: Forger, host: Program) -> None:
    inners = [forger.inner()]
    forger.inners.append(inners[0])
    inners.append(forger.inner(WITHDRAW, END))

    for inner in reversed(inners):
        forger.slip(forger.envelope(inner))
    host.sync()

    assert host.effects.kinds == [Kind.REQUEST_OPEN, WITHDRAW]


def test_a_missing_letter_is_asked_for_and_comes_again(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    home.sync()
    federation.exchange.mailboxes[host.node].clear()  # the exchange loses the first letter
    home.say(thread, WITHDRAW)
    home.sync()

    host.sync()  # parks, and asks
    home.sync()  # answers
    host.sync()

    assert host.view(thread).state is State.WITHDRAWN
    assert host.effects.kinds == [Kind.REQUEST_OPEN, WITHDRAW]


def test_an_erasure_does_not_wait_for_what_is_missing_before_it(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    home.sync()
    host.sync()
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    federation.exchange.mailboxes[home.node].clear()
    host.say(thread, Kind.PERSON_ERASE)
    host.sync()

    home.sync()

    assert home.view(thread).state is State.ERASED
    assert home.effects.kinds == [Kind.PERSON_ERASE]
    with transaction(home.engine) as connection:
        stored = home.member.post.threads.get(connection, thread)
        assert home.member.post.threads.inner(thread, stored.links[0]) is None


def test_the_same_place_signed_twice_is_refused_and_proves_equivocation(forger: Forger, host: Program) -> None:
    forger.send()
    host.sync()
    first, second = forger.inner(WITHDRAW, END), forger.inner(Kind.REQUEST_EXPIRE, END)
    forger.slip(forger.envelope(first))
    host.sync()

    forger.slip(forger.envelope(second))
    host.sync()

    assert host.view(forger.thread).state is State.WITHDRAWN
    with transaction(host.engine) as connection:
        evidence = host.member.alerts.evidence(connection, AlertCode.EQUIVOCATION, forger.thread)
    assert evidence is not None
    one, other = evidence.split(b"\n")
    keys = jws.by_id(forger.key().public)
    proof = prove_equivocation(one, other, typ=jws.Typ.MESSAGE, keys=keys, author=forger.sender.node)
    assert proof.author == forger.sender.node


def test_an_illegal_letter_is_refused_and_holds_its_place_at_both_ends(forger: Forger, host: Program) -> None:
    forger.send()
    illegal = forger.send(Kind.MATCH_CLOSED)
    after = forger.send(WITHDRAW)

    host.sync()

    assert forger.receipts()[illegal] == "thread-illegal"
    assert forger.receipts()[after] == "stored"
    timeline = host.view(forger.thread).timeline
    assert [entry.void for entry in timeline] == [False, True, False]
    assert host.view(forger.thread).state is State.WITHDRAWN


def test_a_kind_of_a_newer_release_is_refused_and_holds_its_place(forger: Forger, host: Program) -> None:
    forger.send()
    unknown = forger.send("request.sing")
    after = forger.send(WITHDRAW)

    host.sync()

    assert forger.receipts()[unknown] == "message-type"
    assert forger.receipts()[after] == "stored"


def test_a_broken_chain_is_refused(forger: Forger, host: Program) -> None:
    forger.send()
    broken = forger.send(WITHDRAW, prev=sha256_hex(b"something else"))

    host.sync()

    assert forger.receipts()[broken] == "thread-chain"


def test_a_letter_that_saw_another_copy_of_our_letters_is_kept_as_evidence(
    federation: Federation, forger: Forger, host: Program
) -> None:
    forger.send()
    host.sync()
    host.say(forger.thread, Kind.REQUEST_OFFER, offer(federation.clock))
    forked = forger.send(WITHDRAW, seen_peer={"n": 1, "hash": sha256_hex(b"another story")})

    host.sync()

    assert forger.receipts()[forked] == "thread-fork"
    assert "forked-view" in host.alerts()


def test_a_letter_in_a_thread_of_somebody_else_is_refused(
    federation: Federation, forger: Forger, host: Program
) -> None:
    forger.send()
    third = federation.program("third")
    host.sync()
    intruder = Forger(federation, third, host)
    intruder.thread = forger.thread
    letter = intruder.send(n=2, prev=sha256_hex(forger.inners[0]), kind=WITHDRAW)

    host.sync()

    assert intruder.receipts() == {letter: "thread-invalid"}
    assert host.view(forger.thread).state is State.ASKED


def test_crossing_letters_lead_both_ends_to_the_same_state(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    home.say(thread, WITHDRAW)
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))

    federation.settle()

    assert home.view(thread).state is host.view(thread).state is State.WITHDRAWN
    late = home.effects.events[-1]
    assert (late.kind, late.overtaken, late.side) == (Kind.REQUEST_OFFER, True, Side.HOME)
    assert [entry.overtaken for entry in home.view(thread).timeline if entry.kind is Kind.REQUEST_OFFER] == [True]
