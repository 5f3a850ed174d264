from __future__ import annotations

from dataclasses import replace

import pytest

from protocol.bodies import Kind, ThreadResync
from protocol.messages import sign_message, verify_message
from protocol.thread.chains import (
    BrokenChainError,
    EquivocationError,
    ForkedViewError,
    IllegalTransitionError,
    Thread,
    ThreadError,
    Verdict,
    ViewRegressError,
    link_of,
)
from protocol.thread.table import Side, State
from tests.unit.protocol.builders import HOME, KEYS, SIGN, claims, seen_peer, tombstone
from tests.unit.protocol.thread.ends import End, Pair, at, digest, written

OTHER = digest(Side.HOST, 99, Kind.STATUS_UPDATE)


def test_a_message_says_its_place_and_what_its_author_had_seen() -> None:
    token = tombstone(Kind.REQUEST_WITHDRAW, 2, "0" * 64, seen_peer=seen_peer(3, "1" * 64))
    message = verify_message(token, keys=KEYS, sender=HOME)
    link = link_of(message, Side.HOME)
    assert (link.side, link.n, link.kind, link.digest) == (Side.HOME, 2, Kind.REQUEST_WITHDRAW, message.digest)
    assert (link.prev, link.seen_n, link.seen_hash, link.void) == ("0" * 64, 3, "1" * 64, False)


def test_the_first_message_has_seen_nothing() -> None:
    link = link_of(verify_message(tombstone(Kind.PERSON_ERASE, 1, None), keys=KEYS, sender=HOME), Side.HOST)
    assert (link.side, link.prev, link.seen_n, link.seen_hash) == (Side.HOST, None, 0, None)


def test_a_repair_has_no_place_in_a_chain() -> None:
    token = sign_message(claims(n=0, type="thread.resync"), ThreadResync(n=0, hash=None), SIGN)
    with pytest.raises(ThreadError):
        link_of(verify_message(token, keys=KEYS, sender=HOME), Side.HOME)


def test_a_gap_is_parked_and_closed_by_what_was_missing() -> None:
    pair = at(State.ASKED)
    first, second = pair.said(Side.HOST, Kind.REQUEST_OFFER), pair.said(Side.HOST, Kind.OFFER_RECALL)
    assert pair.home.thread.judge(second) is Verdict.PARKED
    pair.home.hear(second)
    assert (pair.home.state, pair.home.parked) == (State.ASKED, [second])
    pair.home.hear(first)
    assert (pair.home.state, pair.home.parked) == (State.RECALLED, [])


def test_the_same_message_twice_does_nothing_twice() -> None:
    pair = at(State.OFFERED)
    link = pair.home.thread.host[0]
    assert pair.home.thread.judge(link) is Verdict.DUPLICATE
    pair.home.hear(link)
    assert len(pair.home.thread.host) == 1


def test_another_message_at_the_same_place_is_evidence() -> None:
    pair = at(State.OFFERED)
    with pytest.raises(EquivocationError) as refused:
        pair.home.thread.judge(replace(pair.home.thread.host[0], digest=OTHER))
    assert refused.value.params == {"n": 1}


def test_a_message_that_does_not_follow_the_one_before_is_refused() -> None:
    pair = at(State.INTRODUCED)
    link = pair.said(Side.HOST, Kind.STATUS_UPDATE)
    for prev in (OTHER, None):
        with pytest.raises(BrokenChainError):
            pair.home.thread.judge(replace(link, prev=prev))
    with pytest.raises(BrokenChainError):
        Thread().judge(replace(written(Thread(), Side.HOME, Kind.REQUEST_OPEN), prev=OTHER))


def test_an_author_that_saw_another_message_of_ours_holds_a_forked_copy() -> None:
    pair = at(State.ASKED)
    link = pair.said(Side.HOST, Kind.REQUEST_OFFER)
    for seen in (OTHER, None):
        with pytest.raises(ForkedViewError):
            pair.home.thread.judge(replace(link, seen_hash=seen))


def test_an_author_that_saw_more_of_ours_than_we_hold_makes_us_ask() -> None:
    # This end was restored from a backup: the other one knows a message that it has forgotten.
    pair = at(State.OFFERED)
    forgotten = pair.home.thread
    accept = pair.said(Side.HOME, Kind.OFFER_ACCEPT)
    pair.host.hear(accept)
    confirm = pair.said(Side.HOST, Kind.OFFER_CONFIRM)
    restored = End(Side.HOME, forgotten)
    assert restored.thread.judge(confirm) is Verdict.AHEAD
    restored.hear(confirm)
    assert restored.parked == [confirm]
    restored.hear(accept)  # from the answer to thread.resync
    assert restored.thread == pair.host.thread
    assert restored.state is State.CONFIRMED


def test_an_author_that_forgets_what_it_saw_is_refused() -> None:
    pair = at(State.INTRODUCED)
    link = pair.said(Side.HOST, Kind.STATUS_UPDATE)
    earlier = pair.host.thread.home[0]
    with pytest.raises(ViewRegressError):
        pair.home.thread.judge(replace(link, seen_n=1, seen_hash=earlier.digest))


def test_what_was_illegal_for_its_author_is_refused_and_keeps_its_place() -> None:
    pair = at(State.ASKED)
    bad = pair.host.blurt(Kind.OFFER_CONFIRM)
    with pytest.raises(IllegalTransitionError):
        pair.home.thread.judge(bad)
    pair.home.hear(bad)
    pair.host.thread = pair.host.thread.void(Side.HOST, bad.n)  # the refusal came home
    assert pair.home.thread == pair.host.thread
    pair.story((Side.HOST, Kind.REQUEST_OFFER))
    assert pair.home.state is pair.host.state is State.OFFERED
    assert (Side.HOST, bad.n) in pair.home.thread.resolve().overtaken


def test_a_refused_tombstone_ends_nothing() -> None:
    pair = at(State.INTRODUCED)
    bad = pair.home.blurt(Kind.REQUEST_WITHDRAW)
    pair.host.hear(bad)
    assert pair.host.state is State.INTRODUCED
    pair.home.thread = pair.home.thread.void(Side.HOME, bad.n)
    assert pair.home.thread == pair.host.thread
    assert pair.home.state is State.INTRODUCED


def test_voids_at_either_end_leave_the_other_chain_alone() -> None:
    thread = at(State.INTRODUCED).home.thread
    assert thread.void(Side.HOME, 1).host == thread.host
    assert thread.void(Side.HOST, 1).home == thread.home
    assert thread.void(Side.HOST, 1).host[0].void


@pytest.mark.parametrize("kind", [Kind.PERSON_ERASE, Kind.CONSENT_WITHDRAW])
def test_an_erasure_counts_before_the_letters_it_overtook(kind: Kind) -> None:
    pair = at(State.ASKED)
    pair.said(Side.HOST, Kind.REQUEST_OFFER)  # lost, and its body erased at the host
    erase = pair.said(Side.HOST, kind)
    pair.home.hear(erase)
    assert pair.home.state is State.ASKED
    assert pair.home.thread.state_with(pair.home.parked) is pair.host.state


def test_another_parked_letter_waits_its_turn() -> None:
    pair = at(State.ASKED)
    pair.said(Side.HOST, Kind.REQUEST_OFFER)
    pair.home.hear(pair.said(Side.HOST, Kind.OFFER_RECALL))
    assert pair.home.thread.state_with(pair.home.parked) is State.ASKED


def test_a_higher_end_is_not_lowered_by_a_parked_one() -> None:
    pair = at(State.ERASED)
    late = written(pair.home.thread, Side.HOST, Kind.CONSENT_WITHDRAW)
    assert pair.home.thread.state_with([late]) is State.ERASED


def test_what_an_author_had_seen_is_told_of_an_old_message_too() -> None:
    thread = at(State.CONFIRMED).home.thread
    accept = thread.home[1]
    assert thread.seen_by(accept).state is State.OFFERED
    assert thread.seen_by(thread.host[0]).state is State.ASKED


def test_a_draft_is_refused_where_the_table_says_so() -> None:
    with pytest.raises(IllegalTransitionError):
        Pair().home.thread.draft(Side.HOST, Kind.REQUEST_OPEN)
