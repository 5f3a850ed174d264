"""Which role may do what: the whole table, so that a change of it is seen in one place."""

import pytest

from node.domain.actor import SYSTEM, Action, Actor, Participant, Role, UserId
from node.domain.errors import NotAllowedError
from node.domain.person import PersonId

STAFF = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.OFFICER, Role.AUDITOR)
TABLE = {
    # action                   administrator coordinator reviewer officer auditor
    Action.READ_PEOPLE:        "yes          yes         yes      yes     no",
    Action.EDIT_PEOPLE:        "yes          yes         no       no      no",
    Action.EXPORT_PEOPLE:      "yes          yes         no       yes     no",
    Action.ERASE_PEOPLE:       "yes          yes         no       yes     no",
    Action.RECORD_CONSENT:     "yes          yes         no       yes     no",
    Action.MATCH:              "yes          yes         no       no      no",
    Action.REVIEW:             "yes          yes         yes      no      no",
    Action.EDIT_RULES:         "yes          yes         no       no      no",
    Action.EDIT_TEXTS:         "yes          yes         no       no      no",
    Action.READ_PROGRAM:       "yes          yes         yes      yes     yes",
    Action.EDIT_PROGRAM:       "yes          no          no       no      no",
    Action.EDIT_USERS:         "yes          no          no       no      no",
    Action.KEEP_KEYS:          "yes          no          no       no      no",
    Action.BACK_UP:            "yes          no          no       no      no",
    Action.ASK_OUTSIDE:        "yes          yes         no       no      no",
    Action.KEEP_MENTORSHIPS:   "yes          yes         no       no      no",
    Action.SEND_LETTERS:       "yes          yes         no       no      no",
    Action.PUBLISH:            "yes          yes         no       no      no",
    Action.TAKE_PART:          "yes          yes         no       no      no",
}  # fmt: skip


@pytest.mark.parametrize("action", Action)
def test_every_role_may_do_what_the_table_says_and_nothing_else(action: Action) -> None:
    allowed = ["yes" if Actor(UserId("somebody"), role).can(action) else "no" for role in STAFF]

    assert allowed == TABLE[action].split()
    assert SYSTEM.can(action)


def test_the_table_names_every_role() -> None:
    assert {*STAFF, Role.SYSTEM} == {*Role}


def test_a_refusal_says_which_role_may_not_do_what() -> None:
    with pytest.raises(NotAllowedError) as refused:
        Actor(UserId("coordinator"), Role.COORDINATOR).may(Action.KEEP_KEYS)

    assert refused.value.params == {"role": "coordinator", "action": "keep_keys"}


def test_a_participant_is_nobody_but_herself_and_has_no_role() -> None:
    her = Participant(PersonId("amara"))

    assert (her.id, her.person) == ("amara", "amara")
    assert not hasattr(her, "may")
