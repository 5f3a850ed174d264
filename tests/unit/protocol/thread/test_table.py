from __future__ import annotations

import pytest

from protocol.bodies import CONTROL, Kind
from protocol.thread.chains import IllegalTransitionError, Verdict
from protocol.thread.table import (
    DUTIES,
    ENDS,
    RANKS,
    TABLE,
    UNCONDITIONAL,
    Duty,
    Side,
    State,
    TableError,
    allowed,
    check,
    is_final,
)
from tests.unit.protocol.thread.ends import KINDS, PATHS, at, written

EVERYTHING = frozenset(Kind) - CONTROL
FORBIDDEN = [
    (state, side, kind) for state in State for side in Side for kind in KINDS if (state, side, kind) not in TABLE
]


def test_every_state_has_a_story_that_leads_to_it() -> None:
    assert set(PATHS) == set(State)
    for state in State:
        pair = at(state)
        assert pair.home.state is pair.host.state is state
        assert pair.home.thread.is_over is is_final(state)


@pytest.mark.parametrize(("state", "side", "kind"), FORBIDDEN)
def test_what_the_table_does_not_allow_is_refused_at_both_ends(state: State, side: Side, kind: Kind) -> None:
    pair = at(state)
    with pytest.raises(IllegalTransitionError) as refused:
        pair.end(side).thread.draft(side, kind)
    assert refused.value.params == {"state": state.value, "kind": kind.value}
    receiver = pair.end(side.other)
    with pytest.raises(IllegalTransitionError):
        receiver.thread.judge(written(receiver.thread, side, kind))


@pytest.mark.parametrize(("state", "side", "kind"), list(TABLE))
def test_what_the_table_allows_leads_where_it_says(state: State, side: Side, kind: Kind) -> None:
    pair = at(state)
    link = pair.said(side, kind)
    assert pair.end(side.other).thread.judge(link) is Verdict.ACCEPTED
    pair.end(side.other).hear(link)
    assert pair.home.state is pair.host.state is TABLE[state, side, kind]
    assert kind in allowed(state, side)


def test_the_forbidden_and_the_allowed_are_everything() -> None:
    assert len(FORBIDDEN) + len(TABLE) == len(State) * len(Side) * len(KINDS)


def test_final_states_rank_as_the_specification_says() -> None:
    assert sorted(RANKS, key=lambda state: -RANKS[state]) == [
        State.ERASED,
        State.CONSENT_WITHDRAWN,
        State.WITHDRAWN,
        State.RECALLED,
        State.EXPIRED,
        State.DECLINED,
        State.REFUSED,
        State.CLOSED,
    ]


def test_every_open_state_has_an_owner_a_nudge_and_a_later_deadline() -> None:
    for state, duty in DUTIES.items():
        assert not is_final(state)
        assert duty.nudge < duty.deadline


@pytest.mark.parametrize("side", list(Side))
def test_a_consent_is_withdrawn_and_a_person_erased_whatever_happened_before(side: Side) -> None:
    for state in State:
        assert (set(allowed(state, side)) >= UNCONDITIONAL) is (state is not State.NEW)


def broken(
    *,
    table: dict[tuple[State, Side, Kind], State] | None = None,
    duties: dict[State, Duty] | None = None,
    ranks: dict[State, int] | None = None,
    kinds: frozenset[Kind] = EVERYTHING,
) -> str:
    with pytest.raises(TableError) as found:
        check(table or TABLE, duties or DUTIES, ranks or RANKS, kinds)
    return str(found.value)


def without(**skip: object) -> dict[tuple[State, Side, Kind], State]:
    return {
        key: after
        for key, after in TABLE.items()
        if not all(
            value == {"state": key[0], "side": key[1], "kind": key[2], "after": after}[name]
            for name, value in skip.items()
        )
    }


def test_a_table_with_a_state_without_owner_or_rank_is_refused() -> None:
    no_owner, no_rank = dict(DUTIES), dict(RANKS)
    del no_owner[State.ASKED], no_rank[State.CLOSED]
    both = DUTIES | {State.CLOSED: DUTIES[State.ASKED]}
    for found in (broken(duties=no_owner), broken(duties=both), broken(ranks=no_rank)):
        assert "either open, with an owner, or final, with a rank" in found


def test_a_table_with_two_states_of_one_rank_is_refused() -> None:
    assert "share a rank" in broken(ranks=RANKS | {State.REFUSED: RANKS[State.CLOSED]})


def test_a_table_with_a_state_that_cannot_be_reached_is_refused() -> None:
    assert "cannot be reached" in broken(table=without(after=State.QUESTIONED))


def test_a_table_with_a_kind_that_is_never_allowed_is_refused() -> None:
    assert "never allowed" in broken(table=without(kind=Kind.STATUS_UPDATE))
    assert "never allowed" in broken(kinds=EVERYTHING | CONTROL)


def test_a_table_with_an_owner_who_cannot_move_is_refused() -> None:
    silent = without(kind=Kind.REQUEST_ANSWER)
    assert "owner of a state has no move" in broken(table=silent, kinds=EVERYTHING - {Kind.REQUEST_ANSWER})
    swapped = DUTIES | {State.OFFERED: Duty(Side.HOST, DUTIES[State.OFFERED].nudge, DUTIES[State.OFFERED].deadline)}
    assert "owner of a state has no move" in broken(duties=swapped)


def test_a_table_with_a_state_that_never_lapses_is_refused() -> None:
    assert "cannot lapse" in broken(table=without(state=State.ASKED, kind=Kind.REQUEST_EXPIRE))


def test_a_table_that_leaves_a_final_state_for_a_lower_one_is_refused() -> None:
    lower = TABLE | {(State.ERASED, Side.HOME, Kind.CONSENT_WITHDRAW): State.CONSENT_WITHDRAWN}
    assert "left for a lower one" in broken(table=lower)
    assert "left for a lower one" in broken(
        table=TABLE | {(State.CLOSED, Side.HOME, Kind.STATUS_UPDATE): State.INTRODUCED}
    )


def test_a_table_in_which_a_message_ends_as_another_does_is_refused() -> None:
    for row in (
        {(State.INTRODUCED, Side.HOME, Kind.STATUS_UPDATE): State.CLOSED},
        {(State.ASKED, Side.HOME, Kind.REQUEST_WITHDRAW): State.EXPIRED},
        {(State.OFFERED, Side.HOST, Kind.OFFER_RECALL): State.ASKED},
    ):
        assert "ends a request as another kind does" in broken(table=TABLE | row)


def test_a_table_in_which_a_person_cannot_be_erased_somewhere_is_refused() -> None:
    for kind in UNCONDITIONAL:
        assert "cannot be erased" in broken(table=without(state=State.CLOSED, side=Side.HOST, kind=kind))


def test_every_ending_message_has_a_rank() -> None:
    assert {RANKS[end] for end in ENDS.values()} == set(RANKS.values())
