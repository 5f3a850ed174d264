"""The smaller ports of a `UnitOfWork` on both databases: `Programs`, `Communities`, `Users`, `AuditTrail`, `Erasures`,
`DataKeys`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.adapters.vault.file import FileVault
from node.domain.actor import Role, UserId
from node.domain.audit import Act, AuditEntry
from node.domain.community import Community, CommunityId
from node.domain.errors import ChangedMeanwhileError, NoProgramError, ProgramExistsError, UserExistsError
from node.domain.program import Standing
from node.domain.user import User, UserState
from node.services.ports.shelves import Erasure
from tests.support.clock import NOON
from tests.support.node import HAT, PROGRAM, OpenSqlWork, a_person, new_id


def a_user(role: Role = Role.ADMINISTRATOR, email: str = "pat@example.org") -> User:
    return User(id=UserId(new_id()), name="Pat", email=email, role=role, state=UserState.ACTIVE, added_at=NOON)


def test_a_database_holds_one_program(work: OpenSqlWork) -> None:
    with work() as unit:
        assert unit.programs.get() == PROGRAM
        with pytest.raises(ProgramExistsError):
            unit.programs.add(PROGRAM)


def test_a_changed_program_is_kept_and_a_stale_one_refused(work: OpenSqlWork) -> None:
    restored = replace(PROGRAM, standing=Standing.RESTORED, restored_to=NOON)
    with work() as unit:
        unit.programs.replace(restored)
        assert unit.programs.get() == replace(restored, version=2)
        with pytest.raises(ChangedMeanwhileError):
            unit.programs.replace(restored)


def test_communities_come_in_the_order_they_were_added(work: OpenSqlWork) -> None:
    redcliff = Community(id=CommunityId(new_id()), name="Redcliff")
    with work() as unit:
        unit.communities.add(redcliff)

        assert unit.communities.all() == (HAT, redcliff)


def test_the_first_operator_is_whom_commands_act_for(work: OpenSqlWork) -> None:
    coordinator, operator = a_user(Role.COORDINATOR, "c@example.org"), a_user()
    with work() as unit:
        with pytest.raises(NoProgramError):
            unit.users.operator()
        unit.users.add(coordinator)
        unit.users.add(operator)

        assert unit.users.operator() == operator.id
        assert unit.users.all() == (coordinator, operator)


def test_an_e_mail_address_belongs_to_one_user(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.users.add(a_user())
        with pytest.raises(UserExistsError):
            unit.users.add(a_user(email="PAT@example.org"))


def test_a_changed_user_is_kept_unless_somebody_else_has_the_address_or_was_quicker(work: OpenSqlWork) -> None:
    user, other = a_user(), a_user(email="other@example.org")
    with work() as unit:
        unit.users.add(user)
        unit.users.add(other)
        unit.users.replace(replace(user, email="new@example.org", role=Role.OFFICER))

    with work() as unit:
        assert unit.users.by_email("new@example.org") == replace(
            user, email="new@example.org", role=Role.OFFICER, version=2
        )
        with pytest.raises(UserExistsError):
            unit.users.replace(replace(other, email="new@example.org"))
        with pytest.raises(ChangedMeanwhileError):
            unit.users.replace(user)


def test_acts_are_remembered_in_their_order(work: OpenSqlWork) -> None:
    first, second = (
        AuditEntry(at=NOON + timedelta(hours=hour), actor=UserId("user"), act=Act.PEOPLE_IMPORTED, subject="x")
        for hour in (0, 1)
    )
    with work() as unit:
        unit.audit.add(first)
        unit.audit.add(second)

        assert unit.audit.since(NOON) == (first, second)
        assert unit.audit.since(second.at) == (second,)


def test_a_tombstone_names_whom_to_erase_again_and_nobody_else(work: OpenSqlWork) -> None:
    erased, other = a_person(), a_person()
    with work() as unit:
        unit.people.add([erased, other])
        unit.erasures.add(erased.id, NOON)
        unit.erasures.add(erased.id, NOON)

        assert unit.erasures.condemned() == (erased.id,)
        (tombstone,) = unit.erasures.all()
        assert erased.id not in tombstone


def test_tombstones_of_another_copy_are_taken_over(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.erasures.merge(["aa", "bb"], NOON)
        unit.erasures.merge(["bb", "cc"], NOON)

        assert unit.erasures.all() == ("aa", "bb", "cc")


def test_the_newest_tombstones_come_first(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.erasures.merge(["bb", "cc"], NOON)
        unit.erasures.merge(["aa"], NOON + timedelta(days=1))

        newest = unit.erasures.newest(2)

    assert newest == (Erasure("aa", NOON + timedelta(days=1)), Erasure("bb", NOON))


def test_every_data_key_opens_after_its_master_key_was_replaced(work: OpenSqlWork, vault: FileVault) -> None:
    person = a_person()
    with work() as unit:
        unit.people.add([person])
    vault.add_master()
    with work() as unit:
        assert unit.data_keys.rewrap() == unit.data_keys.count()
    vault.forget_old_masters()

    with work() as unit:
        assert unit.people.get(person.id) == person


def test_a_unit_of_work_is_of_no_use_outside_its_block(work: OpenSqlWork) -> None:
    unit = work()

    with pytest.raises(RuntimeError):
        unit.people.count()
    with pytest.raises(RuntimeError):
        _ = unit.seals
