"""Mending threads: what is asked for, what is answered, and repairs that are themselves an attack."""

import os
from datetime import timedelta

from federation.ground.engine import transaction
from federation.membership.placing import MOST_PARKED
from federation.membership.post import Post
from protocol.bodies import Kind, ThreadResync, ThreadResynced
from protocol.ids import sha256_hex
from protocol.thread.table import State
from tests.support.federation import END, Federation, Program, offer
from tests.support.forging import Forger

DAY = timedelta(days=1)
WITHDRAW = Kind.REQUEST_WITHDRAW


def resynced(*inners: bytes, more: bool = False) -> ThreadResynced:
    return ThreadResynced(messages=tuple(inner.decode() for inner in inners), more=more)


def repair(forger: Forger, *inners: bytes, **changed: object) -> None:
    """A repair outside the chain, signed by the sender itself."""
    held = list(forger.inners)
    forger.send(Kind.THREAD_RESYNCED, resynced(*inners), n=0, prev=None, **changed)
    forger.inners[:] = held


def test_a_repair_brings_letters_whatever_their_age(forger: Forger, host: Program) -> None:
    old = forger.inner()
    forger.inners.append(old)
    withdrawn = forger.inner(WITHDRAW, END)
    forger.federation.wait(20 * DAY)

    repair(forger, old, withdrawn)
    host.sync()

    assert host.view(forger.thread).state is State.WITHDRAWN
    assert host.effects.kinds == [Kind.REQUEST_OPEN, WITHDRAW]


def test_a_repair_brings_nobody_elses_letters(federation: Federation, forger: Forger, host: Program) -> None:
    third = federation.program("third")
    host.sync()
    other = Forger(federation, third, host)
    elsewhere = Forger(federation, forger.sender, host)

    repair(
        forger,
        other.inner(),
        forger.inner(to=third.node),
        elsewhere.inner(),
        forger.inner(Kind.THREAD_RESYNC, ThreadResync(n=0, hash=None), n=0),
        b"rubbish",
    )
    host.sync()

    assert host.effects.events == []
    assert set(host.alerts()) == {"letter-discarded"}


def test_a_second_story_in_a_repair_is_kept_as_evidence(forger: Forger, host: Program) -> None:
    forger.send()
    host.sync()
    forger.inners.clear()

    repair(forger, forger.inner())
    host.sync()

    assert host.alerts() == ["equivocation"]
    assert host.effects.kinds == [Kind.REQUEST_OPEN]


def test_our_own_letters_in_a_repair_change_nothing(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    federation.settle()
    forger = Forger(federation, host, home)
    forger.thread = thread
    with transaction(home.engine) as connection:
        threads = home.member.post.threads
        own = threads.inner(thread, threads.get(connection, thread).links[0])
    assert own is not None

    repair(forger, own)
    home.sync()

    assert home.view(thread).state is State.ASKED
    assert home.alerts() == []


def test_a_program_that_lost_both_chains_is_sent_both(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    federation.settle()
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    federation.settle()
    with transaction(home.engine) as connection:
        stored = home.member.post.threads.get(connection, thread)
        body = ThreadResync(n=0, hash=None, own=0, own_hash=None)
        post = Post(tables=home.tables, identity=home.member.identity)
        post.control(connection, stored, kind=Kind.THREAD_RESYNC, body=body, carries_n=0, now=federation.clock.now())
    sizes = len(federation.exchange.envelopes(home.node))

    home.sync()
    host.sync()

    assert len(federation.exchange.envelopes(home.node)) == sizes + 1
    home.sync()
    assert home.view(thread).state is State.OFFERED
    assert home.effects.kinds == [Kind.REQUEST_OFFER]


def test_a_question_about_a_thread_nobody_knows_is_answered_by_nothing(forger: Forger, host: Program) -> None:
    letter = forger.send(Kind.THREAD_RESYNC, ThreadResync(n=0, hash=None), n=0, prev=None)

    host.sync()

    assert forger.receipts() == {letter: "stored"}
    assert list(host.outbox().values()) == ["accepted"]
    assert host.view(forger.thread).timeline == ()


def test_a_missing_letter_is_asked_for_once_a_day(forger: Forger, host: Program) -> None:
    forger.send()
    host.sync()
    forger.inners.append(forger.inner(WITHDRAW, END))
    forger.send(WITHDRAW)

    def asked() -> int:
        return len(forger.federation.exchange.envelopes(forger.sender.node))

    host.sync()
    host.sync()
    assert asked() == 1
    forger.federation.wait(2 * DAY)
    host.sync()
    assert asked() == 2


def test_nobody_can_fill_the_house_with_letters_from_nowhere(forger: Forger, host: Program) -> None:
    for n in range(2, MOST_PARKED + 5):
        forger.slip(forger.envelope(forger.inner(WITHDRAW, END, n=n, prev=sha256_hex(os.urandom(8)))))

    host.sync()

    outcomes = list(forger.receipts().values())
    assert outcomes.count("stored") == MOST_PARKED
    assert outcomes.count("thread-invalid") == 3


def test_two_letters_that_wait_at_one_place_prove_equivocation(forger: Forger, host: Program) -> None:
    for kind in (WITHDRAW, Kind.REQUEST_EXPIRE):
        forger.slip(forger.envelope(forger.inner(kind, END, n=5, prev=sha256_hex(b"x"))))

    host.sync()

    assert host.alerts() == ["equivocation"]


def test_what_waited_and_turns_out_illegal_holds_its_place(forger: Forger, host: Program) -> None:
    opened = forger.inner()
    forger.inners.append(opened)
    forger.send(Kind.MATCH_CLOSED)
    forger.send(WITHDRAW)
    host.sync()

    forger.slip(forger.envelope(opened))
    host.sync()

    assert [entry.void for entry in host.view(forger.thread).timeline] == [False, True, False]
    assert host.view(forger.thread).state is State.WITHDRAWN


def test_a_refused_letter_that_came_early_still_holds_its_place(forger: Forger, host: Program) -> None:
    opened = forger.inner()
    forger.inners.append(opened)
    forger.send("request.sing")
    forger.send(WITHDRAW)
    host.sync()

    forger.slip(forger.envelope(opened))
    host.sync()

    assert host.view(forger.thread).state is State.WITHDRAWN


def test_a_letter_that_saw_letters_of_ours_that_we_never_wrote_waits_and_is_alerted(
    forger: Forger, host: Program
) -> None:
    forger.send()
    host.sync()
    letter = forger.send(WITHDRAW, seen_peer={"n": 3, "hash": sha256_hex(b"never written")})

    host.sync()

    assert forger.receipts()[letter] == "stored"
    assert host.alerts() == ["second-self"]
    assert host.view(forger.thread).state is State.ASKED


def test_an_erasure_by_a_program_whose_request_never_came_is_told(forger: Forger, host: Program) -> None:
    forger.inners.append(forger.inner())
    forger.send(Kind.PERSON_ERASE, END)

    host.sync()

    assert host.view(forger.thread).state is State.ERASED
    assert host.effects.kinds == [Kind.PERSON_ERASE]
    forger.slip(forger.envelope(forger.inners[0]))
    host.sync()
    assert host.view(forger.thread).state is State.ERASED
