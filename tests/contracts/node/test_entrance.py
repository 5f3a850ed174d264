"""The ports `Factors` and `Participants` on both databases, what sessions tell, and `Codes` by RFC 6238."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from node.adapters.codes import TimeCodes
from node.adapters.sql.tables import SIGNIN
from node.domain.factor import HalfOpen, SecondFactor
from node.domain.origin import Browser, Origin, System
from node.domain.participant import ParticipantLink, ParticipantSession
from node.domain.person import Person
from node.domain.signin import Session, Way, digest
from tests.contracts.node.test_signin import a_user
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_person

LATE = NOON + timedelta(days=2)
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_a_second_factor_lies_sealed_and_a_step_is_used_once(work: OpenSqlWork) -> None:
    robin = a_user(work)
    factor = SecondFactor(user=robin.id, secret="JBSWY3DPEHPK3PXP", begun_at=NOON)
    with work() as unit:
        assert unit.factors.of(robin.id) is None
        unit.factors.keep(factor)
        unit.factors.keep(replace(factor, confirmed_at=NOON, last_step=100))

    with work() as unit:
        assert unit.factors.of(robin.id) == replace(factor, confirmed_at=NOON, last_step=100)
        assert b"JBSW" not in unit.connection.execute(select(SIGNIN.factors.c.secret)).scalar_one()
        assert [unit.factors.use(robin.id, step) for step in (100, 101, 101, 99)] == [False, True, False, False]


def test_a_recovery_code_is_one_persons_and_works_once(work: OpenSqlWork) -> None:
    robin, other = a_user(work), a_user(work, "other@example.org")
    with work() as unit:
        unit.factors.give_codes(robin.id, ("old",))
        unit.factors.give_codes(robin.id, ("one", "two"))
        unit.factors.give_codes(other.id, ("one",))

    with work() as unit:
        assert unit.factors.codes_left(robin.id) == 2
        assert not unit.factors.spend_code(robin.id, "old")
        assert [unit.factors.spend_code(robin.id, "one") for _ in range(2)] == [True, False]
        unit.factors.remove(robin.id)
        assert (unit.factors.codes_left(robin.id), unit.factors.codes_left(other.id)) == (0, 1)


def test_a_password_waits_for_its_code_and_is_forgotten(work: OpenSqlWork) -> None:
    half = HalfOpen(digest=digest("half"), user=a_user(work).id, until=LATE, attempt="1")
    with work() as unit:
        unit.factors.wait(half)
        unit.factors.wait(replace(half, tries=1))

    with work() as unit:
        assert unit.factors.waiting(half.digest) == replace(half, tries=1)
        unit.factors.tidy(NOON)
        assert unit.factors.waiting(half.digest) is not None
        unit.factors.tidy(LATE)
        assert unit.factors.waiting(half.digest) is None
        unit.factors.wait(half)
        unit.factors.end_waiting(half.digest)
        assert unit.factors.waiting(half.digest) is None


def test_sessions_tell_how_and_where_they_began(work: OpenSqlWork) -> None:
    robin = a_user(work)
    origin = Origin(browser=Browser.FIREFOX, system=System.LINUX, network="192.0")
    first = Session(digest=digest("one"), user=robin.id, begun_at=NOON, seen_at=NOON, way=Way.CODE, origin=origin)
    second = Session(digest=digest("two"), user=robin.id, begun_at=LATE, seen_at=LATE)
    with work() as unit:
        unit.sessions.begin(first)
        unit.sessions.begin(second)

    with work() as unit:
        assert unit.sessions.of(robin.id) == (second, first)
        unit.sessions.end_all(robin.id, but=first.digest)
        assert unit.sessions.of(robin.id) == (first,)


def known(work: OpenSqlWork) -> Person:
    person = a_person()
    with work() as unit:
        unit.people.add([person])
    return person


def test_a_participants_links_lie_beside_each_other_and_are_spent_one_by_one(work: OpenSqlWork) -> None:
    person = known(work)
    first, second = (ParticipantLink(digest=digest(one), person=person.id, until=LATE) for one in ("1", "2"))
    with work() as unit:
        unit.participants.give_link(first)
        unit.participants.give_link(second)

    with work() as unit:
        assert unit.participants.link(first.digest) == first
        assert (unit.participants.unused(person.id, NOON), unit.participants.unused(person.id, LATE)) == (2, 0)
        assert [unit.participants.spend(first.digest) for _ in range(2)] == [True, False]
        assert unit.participants.link(first.digest) is None
        unit.participants.tidy(NOON, LATE)
        assert unit.participants.link(second.digest) is None


def test_a_participants_sessions_end_one_by_one_all_together_and_with_her(work: OpenSqlWork) -> None:
    person = known(work)
    sessions = [ParticipantSession(digest=digest(one), person=person.id, begun_at=NOON) for one in "abcd"]
    with work() as unit:
        for session in sessions[:2]:
            unit.participants.begin(session)
        assert unit.participants.find(sessions[0].digest) == sessions[0]
        unit.participants.end(sessions[0].digest)
        assert [unit.participants.find(one.digest) is None for one in sessions[:2]] == [True, False]
        unit.participants.end_all(person.id)
        assert unit.participants.find(sessions[1].digest) is None
        unit.participants.begin(sessions[2])
        unit.participants.tidy(LATE, NOON)
        assert unit.participants.find(sessions[2].digest) is None
        unit.participants.begin(sessions[3])

    with work() as unit:
        unit.people.erase(person.id)
        assert unit.participants.find(sessions[3].digest) is None


@pytest.mark.parametrize(("moment", "code"), [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")])
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    at = datetime.fromtimestamp(moment, UTC)
    codes = TimeCodes()

    assert codes.step(RFC_SECRET, code, at) == moment // 30
    assert codes.step(RFC_SECRET, code, at + timedelta(seconds=30)) == moment // 30
    assert codes.step(RFC_SECRET, code, at + timedelta(seconds=90)) is None
    assert codes.step(RFC_SECRET, "", at) is None


def test_an_app_reads_the_secret_from_an_address_and_a_picture() -> None:
    codes = TimeCodes()
    address = codes.address(RFC_SECRET, "robin@example.org", "Medicine Hat Mentors")
    picture = codes.picture(address)

    assert address.startswith(f"otpauth://totp/Medicine%20Hat%20Mentors:robin%40example.org?secret={RFC_SECRET}")
    assert picture.startswith("<svg ")
    assert "style" not in picture
    assert len({codes.new_secret() for _ in range(9)}) == 9


def test_recovery_codes_are_long_and_all_different() -> None:
    given = TimeCodes().recovery_codes(10)

    assert len(set(given)) == 10
    assert {len(code) for code in given} == {12}
