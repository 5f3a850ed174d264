"""What a request's moves mean for people, seats and consents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actor import UserId
from node.domain.consent import ANY_MEMBER, Given, Grant, GrantId, Purpose
from node.domain.person import OccupationCode, PersonId
from node.domain.request import (
    HOLD,
    ConsentMissingError,
    End,
    HoldPeriodError,
    Need,
    Request,
    Stage,
    WrongEndError,
    hold_until,
    proving,
    require,
)
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Mode
from tests.support.clock import NOON

PEER, THREAD = NodeId("a" * 16), ThreadId("01a00000-0000-7000-8000-000000000009")
NEED = Need(
    occupation=OccupationCode("21300"), languages=(), topics=(), mode=Mode.ONLINE, hours=4, time_zone="America/Edmonton"
)
REQUEST = Request(id=THREAD, peer=PEER, end=End.HOST, stage=Stage.ASKED, need=NEED, opened_at=NOON)


def a_grant(*, recipient: str = ANY_MEMBER, concerns: str = THREAD, name: str = "first") -> Grant:
    return Grant(
        id=GrantId(name),
        person=PersonId("somebody"),
        purpose=Purpose.CONTACT,
        recipient=recipient,
        concerns=concerns,
        wording="",
        given=Given.PHONE,
        granted_at=NOON,
        expires_at=NOON + timedelta(days=30),
        recorded_by=UserId("clerk"),
    )


def test_the_other_end_is_across_the_border() -> None:
    assert (End.HOME.other, End.HOST.other) == (End.HOST, End.HOME)


def test_every_stage_is_before_an_introduction_after_it_or_at_an_end() -> None:
    before = {stage for stage in Stage if stage.is_before_introduction}
    together = {stage for stage in Stage if stage.is_open} - before

    assert together == {Stage.INTRODUCED, Stage.CLOSING_BY_HOME, Stage.CLOSING_BY_HOST}
    assert len([stage for stage in Stage if not stage.is_open]) == 8


def test_each_end_has_its_own_moves() -> None:
    assert REQUEST.at(End.HOST) is REQUEST
    with pytest.raises(WrongEndError):
        REQUEST.at(End.HOME)


def test_a_request_moves_on_and_knows_whom_it_asks_for() -> None:
    assert REQUEST.moved(Stage.OFFERED) == replace(REQUEST, stage=Stage.OFFERED)
    assert REQUEST.serves(OccupationCode("21300"))
    assert not REQUEST.serves(OccupationCode("21301"))


def test_a_yes_counts_only_for_the_request_it_names() -> None:
    grants = (a_grant(), a_grant(name="newer"), a_grant(concerns="another"), a_grant(recipient="b" * 16))

    found = proving(grants, Purpose.CONTACT, PEER, THREAD, NOON)

    assert found is not None
    assert found.id == "newer"
    assert proving(grants, Purpose.OFFER, PEER, THREAD, NOON) is None


def test_a_missing_yes_is_named() -> None:
    assert require((a_grant(),), Purpose.CONTACT, PEER, THREAD, NOON).id == "first"
    with pytest.raises(ConsentMissingError) as caught:
        require((), Purpose.CONTACT, PEER, THREAD, NOON)

    assert caught.value.params == {"purpose": "contact", "program": PEER, "request": THREAD}


def test_a_seat_is_held_for_fourteen_days_unless_less_is_wanted() -> None:
    assert hold_until(NOON, None) == NOON + HOLD
    assert hold_until(NOON, NOON + timedelta(days=2)) == NOON + timedelta(days=2)
    for wrong in (NOON, NOON + HOLD + timedelta(seconds=1)):
        with pytest.raises(HoldPeriodError):
            hold_until(NOON, wrong)
