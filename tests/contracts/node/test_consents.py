"""The port `Consents` on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from node.adapters.sql.tables import consents
from node.domain.actor import UserId
from node.domain.consent import ANY_MEMBER, Given, Grant, GrantId, Purpose, Withdrawal
from node.domain.errors import ChangedMeanwhileError, UnknownConsentError
from node.domain.person import Person
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_person, new_id


def a_grant(person: Person) -> Grant:
    return Grant(
        id=GrantId(new_id()),
        person=person.id,
        purpose=Purpose.OUTSIDE,
        recipient=ANY_MEMBER,
        wording="I agree that you ask elsewhere",
        given=Given.PHONE,
        granted_at=NOON,
        expires_at=NOON + timedelta(days=365),
        recorded_by=UserId("somebody"),
    )


WITHDRAWAL = Withdrawal(at=NOON + timedelta(days=1), given=Given.PAPER, recorded_by=UserId("somebody"))


def test_a_grant_comes_back_as_it_was_kept(work: OpenSqlWork) -> None:
    person = a_person()
    grant = a_grant(person)
    with work() as unit:
        unit.people.add([person])
        unit.consents.add(grant)

    with work() as unit:
        assert unit.consents.of(person.id) == (grant,)
        assert unit.consents.get(grant.id) == grant


def test_the_wording_is_sealed(work: OpenSqlWork) -> None:
    person = a_person()
    with work() as unit:
        unit.people.add([person])
        unit.consents.add(a_grant(person))
        stored = unit.connection.execute(select(consents.c.wording)).scalar_one()

    assert b"elsewhere" not in bytes(stored)


def test_a_withdrawal_is_kept_beside_the_grant(work: OpenSqlWork) -> None:
    person = a_person()
    grant = a_grant(person)
    with work() as unit:
        unit.people.add([person])
        unit.consents.add(grant)
        unit.consents.replace(grant.withdraw(WITHDRAWAL))

    with work() as unit:
        (kept,) = unit.consents.of(person.id)
    assert kept == replace(grant, withdrawal=WITHDRAWAL, version=2)


def test_a_stale_grant_is_refused(work: OpenSqlWork) -> None:
    person = a_person()
    grant = a_grant(person)
    with work() as unit:
        unit.people.add([person])
        unit.consents.add(grant)
        unit.consents.replace(grant.withdraw(WITHDRAWAL))

    with work() as unit, pytest.raises(ChangedMeanwhileError):
        unit.consents.replace(grant.withdraw(WITHDRAWAL))


def test_an_unknown_grant_is_refused(work: OpenSqlWork) -> None:
    with work() as unit, pytest.raises(UnknownConsentError):
        unit.consents.get(GrantId("nothing"))
