"""Verbs of the program itself, over the real `UnitOfWork` on both databases."""

from datetime import timedelta

import pytest

from node.domain.actor import Actor, Role, UserId
from node.domain.errors import NotAllowedError
from node.domain.program import Standing
from node.services.backup import Recovered, TakeUpRestored
from node.services.checks import CheckStanding, Severity
from node.services.program import ShowProgram
from tests.support.clock import NOON, FakeClock
from tests.support.node import OpenSqlWork, a_person

OPERATOR = Actor(UserId("operator"), Role.ADMINISTRATOR)


def test_a_program_tells_its_name_and_communities(work: OpenSqlWork) -> None:
    view = ShowProgram(work)(OPERATOR)

    assert (view.name, view.communities, view.standing) == ("Medicine Hat Mentors", ("Medicine Hat",), Standing.NORMAL)


def test_a_restored_program_forgets_again_and_says_what_cannot_be_proven(work: OpenSqlWork) -> None:
    erased, other = a_person(), a_person()
    with work() as unit:
        unit.people.add([erased, other])
        unit.erasures.add(erased.id, NOON)
        tombstones = unit.erasures.all()
    now = NOON + timedelta(days=3)
    found = Recovered(made_at=NOON, tombstones=tombstones, complete_to=NOON + timedelta(days=1), joined=True)

    view = TakeUpRestored(work, FakeClock(now))(OPERATOR, found)

    assert (view.people, view.erased_again) == (1, 1)
    assert (view.unproven_from, view.unproven_to) == (NOON + timedelta(days=1), now)
    assert ShowProgram(work)(OPERATOR).standing is Standing.RESTORED
    assert CheckStanding(work, FakeClock(NOON))().severity is Severity.WARNING


def test_a_coordinator_may_not_take_up_a_restored_program(work: OpenSqlWork) -> None:
    found = Recovered(made_at=NOON, tombstones=(), complete_to=None, joined=True)

    with pytest.raises(NotAllowedError):
        TakeUpRestored(work, FakeClock())(Actor(UserId("c"), Role.COORDINATOR), found)
