"""Messages that cross on their way: each end wrote before it read the other's, and both end alike."""

from __future__ import annotations

import pytest

from protocol.bodies import Kind
from protocol.thread.table import ENDS, RANKS, TABLE, Side, State, allowed
from tests.unit.protocol.thread.ends import at

CROSSINGS = [
    (state, home, host) for state in State for home in allowed(state, Side.HOME) for host in allowed(state, Side.HOST)
]


def test_recall_crosses_accept() -> None:
    assert at(State.OFFERED).cross(Kind.OFFER_ACCEPT, Kind.OFFER_RECALL) is State.RECALLED


def test_recall_crosses_refuse() -> None:
    assert at(State.OFFERED).cross(Kind.OFFER_REFUSE, Kind.OFFER_RECALL) is State.RECALLED


def test_recall_crosses_the_reveal_that_would_introduce() -> None:
    assert at(State.HOST_REVEALED).cross(Kind.INTRO_REVEAL, Kind.OFFER_RECALL) is State.RECALLED


def test_withdraw_crosses_offer() -> None:
    assert at(State.ASKED).cross(Kind.REQUEST_WITHDRAW, Kind.REQUEST_OFFER) is State.WITHDRAWN


def test_withdraw_crosses_question() -> None:
    assert at(State.ASKED).cross(Kind.REQUEST_WITHDRAW, Kind.REQUEST_QUESTION) is State.WITHDRAWN


def test_withdraw_crosses_decline_and_the_higher_holds() -> None:
    assert at(State.ASKED).cross(Kind.REQUEST_WITHDRAW, Kind.REQUEST_DECLINE) is State.WITHDRAWN


def test_withdraw_crosses_confirm() -> None:
    assert at(State.ACCEPTED).cross(Kind.REQUEST_WITHDRAW, Kind.OFFER_CONFIRM) is State.WITHDRAWN


def test_withdraw_crosses_recall() -> None:
    assert at(State.OFFERED).cross(Kind.REQUEST_WITHDRAW, Kind.OFFER_RECALL) is State.WITHDRAWN


def test_expiry_crosses_recall() -> None:
    assert at(State.OFFERED).cross(Kind.REQUEST_EXPIRE, Kind.OFFER_RECALL) is State.RECALLED


def test_expiry_crosses_accept() -> None:
    assert at(State.OFFERED).cross(Kind.OFFER_ACCEPT, Kind.REQUEST_EXPIRE) is State.EXPIRED


def test_expiry_crosses_offer() -> None:
    assert at(State.ASKED).cross(Kind.REQUEST_EXPIRE, Kind.REQUEST_OFFER) is State.EXPIRED


def test_expiry_crosses_expiry() -> None:
    assert at(State.OFFERED).cross(Kind.REQUEST_EXPIRE, Kind.REQUEST_EXPIRE) is State.EXPIRED


def test_expiry_crosses_refuse() -> None:
    assert at(State.OFFERED).cross(Kind.OFFER_REFUSE, Kind.REQUEST_EXPIRE) is State.EXPIRED


def test_expiry_crosses_closed() -> None:
    assert at(State.CLOSING_BY_HOST).cross(Kind.MATCH_CLOSED, Kind.REQUEST_EXPIRE) is State.EXPIRED
    assert at(State.CLOSING_BY_HOME).cross(Kind.REQUEST_EXPIRE, Kind.MATCH_CLOSED) is State.EXPIRED


def test_close_crosses_close_and_the_host_answers() -> None:
    pair = at(State.INTRODUCED)
    assert pair.cross(Kind.MATCH_CLOSE, Kind.MATCH_CLOSE) is State.CLOSING_BY_HOME
    pair.story((Side.HOST, Kind.MATCH_CLOSED))
    assert pair.home.state is pair.host.state is State.CLOSED


def test_close_crosses_status() -> None:
    assert at(State.INTRODUCED).cross(Kind.MATCH_CLOSE, Kind.STATUS_UPDATE) is State.CLOSING_BY_HOME
    assert at(State.INTRODUCED).cross(Kind.STATUS_UPDATE, Kind.MATCH_CLOSE) is State.CLOSING_BY_HOST


@pytest.mark.parametrize("state", [state for state in State if state is not State.NEW])
def test_erasure_crosses_anything_and_holds(state: State) -> None:
    for kind in allowed(state, Side.HOST):
        assert at(state).cross(Kind.PERSON_ERASE, kind) is State.ERASED
    for kind in allowed(state, Side.HOME):
        assert at(state).cross(kind, Kind.PERSON_ERASE) is State.ERASED


@pytest.mark.parametrize("state", [state for state in State if state not in (State.NEW, State.ERASED)])
def test_a_withdrawn_consent_crosses_anything_but_an_erasure_and_holds(state: State) -> None:
    for kind in set(allowed(state, Side.HOST)) - {Kind.PERSON_ERASE}:
        assert at(state).cross(Kind.CONSENT_WITHDRAW, kind) is State.CONSENT_WITHDRAWN


def test_the_other_person_s_consent_is_withdrawn_after_an_erasure_too() -> None:
    pair = at(State.ERASED)
    pair.story((Side.HOST, Kind.CONSENT_WITHDRAW), (Side.HOME, Kind.CONSENT_WITHDRAW))
    assert pair.home.state is pair.host.state is State.ERASED
    assert (Side.HOST, 1) not in pair.home.thread.resolve().overtaken


@pytest.mark.parametrize(
    ("state", "kind"), [(State.WITHDRAWN, Kind.REQUEST_WITHDRAW), (State.ERASED, Kind.PERSON_ERASE)]
)
def test_a_withdrawal_is_sent_again_until_its_receipt_comes_home(state: State, kind: Kind) -> None:
    pair = at(state)
    pair.story((Side.HOME, kind), (Side.HOME, kind))
    assert pair.home.state is pair.host.state is state
    assert not pair.home.thread.resolve().overtaken & {(Side.HOME, len(pair.home.thread.home))}


@pytest.mark.parametrize(("state", "home", "host"), CROSSINGS)
def test_every_pair_that_can_cross_ends_alike_and_the_higher_end_holds(state: State, home: Kind, host: Kind) -> None:
    after = at(state).cross(home, host)
    ends = [RANKS[TABLE[state, side, kind]] for side, kind in ((Side.HOME, home), (Side.HOST, host)) if kind in ENDS]
    assert RANKS.get(after, 0) == max(ends, default=0)
