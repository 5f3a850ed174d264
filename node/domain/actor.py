"""Who acts: staff, each with what her role may do, and participants. Leaves sign-in to the edges."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from node.domain.errors import NotAllowedError
from node.domain.person import PersonId

UserId = NewType("UserId", str)


class Role(StrEnum):
    """What a member of staff is trusted with."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    SYSTEM = "system"


class Action(StrEnum):
    """What a role may be allowed to do; each verb names the one it needs."""

    READ_PEOPLE = "read_people"
    EDIT_PEOPLE = "edit_people"
    EXPORT_PEOPLE = "export_people"
    ERASE_PEOPLE = "erase_people"
    RECORD_CONSENT = "record_consent"
    MATCH = "match"
    EDIT_RULES = "edit_rules"
    READ_PROGRAM = "read_program"
    EDIT_PROGRAM = "edit_program"
    EDIT_USERS = "edit_users"
    KEEP_KEYS = "keep_keys"
    BACK_UP = "back_up"
    ASK_OUTSIDE = "ask_outside"
    KEEP_MENTORSHIPS = "keep_mentorships"
    SEND_LETTERS = "send_letters"
    PUBLISH = "publish"
    TAKE_PART = "take_part"


_READING = frozenset({Action.READ_PEOPLE, Action.READ_PROGRAM})
_COORDINATING = _READING | {
    Action.EDIT_PEOPLE,
    Action.EXPORT_PEOPLE,
    Action.ERASE_PEOPLE,
    Action.RECORD_CONSENT,
    Action.MATCH,
    Action.EDIT_RULES,
    Action.ASK_OUTSIDE,
    Action.KEEP_MENTORSHIPS,
    Action.SEND_LETTERS,
    Action.PUBLISH,
    Action.TAKE_PART,
}
_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: frozenset(Action),
    Role.COORDINATOR: _COORDINATING,
    Role.OFFICER: _READING | {Action.EXPORT_PEOPLE, Action.ERASE_PEOPLE, Action.RECORD_CONSENT},
    Role.SYSTEM: frozenset(Action),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a verb runs."""

    id: UserId
    role: Role

    def can(self, action: Action) -> bool:
        """Whether the role allows `action`."""
        return action in _ALLOWED[self.role]

    def may(self, action: Action) -> None:
        """Pass if the role allows `action`.

        Raises: NotAllowedError.
        """
        if not self.can(action):
            raise NotAllowedError(role=self.role, action=action)


@dataclass(frozen=True, slots=True)
class Participant:
    """A mentee or mentor who proved that her e-mail is hers. She has no role: she sees and changes what is her own."""

    person: PersonId

    @property
    def id(self) -> UserId:
        """Who acted, for the trail: she herself."""
        return UserId(self.person)


SYSTEM = Actor(UserId("system"), Role.SYSTEM)
