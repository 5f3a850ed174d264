"""Who acts: staff, each with what her role may do, and participants. Leaves sign-in to the edges."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from node.domain.errors import NotAllowedError
from node.domain.person import PersonId

UserId = NewType("UserId", str)
TokenId = NewType("TokenId", str)


class Role(StrEnum):
    """What a member of staff is trusted with.

    A reviewer is the second pair of eyes on a draft. An officer answers for people's data. An auditor reads what left
    the program and what it reports, and no person. The command line acts as the administrator.
    """

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    AUDITOR = "auditor"
    SYSTEM = "system"


class Action(StrEnum):
    """What a role may be allowed to do; each verb names the one it needs."""

    READ_PEOPLE = "read_people"
    EDIT_PEOPLE = "edit_people"
    EXPORT_PEOPLE = "export_people"
    ERASE_PEOPLE = "erase_people"
    RECORD_CONSENT = "record_consent"
    MATCH = "match"
    REVIEW = "review"
    EDIT_RULES = "edit_rules"
    EDIT_TEXTS = "edit_texts"
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
    Action.REVIEW,
    Action.EDIT_RULES,
    Action.EDIT_TEXTS,
    Action.ASK_OUTSIDE,
    Action.KEEP_MENTORSHIPS,
    Action.SEND_LETTERS,
    Action.PUBLISH,
    Action.TAKE_PART,
}
_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(Action),
    Role.COORDINATOR: _COORDINATING,
    Role.REVIEWER: _READING | {Action.REVIEW},
    Role.OFFICER: _READING | {Action.EXPORT_PEOPLE, Action.ERASE_PEOPLE, Action.RECORD_CONSENT},
    Role.AUDITOR: frozenset({Action.READ_PROGRAM}),
    Role.SYSTEM: frozenset(Action),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a verb runs; `via` is the token with which another program does it for her."""

    id: UserId
    role: Role
    via: TokenId | None = None

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

    @property
    def via(self) -> None:
        """No program acts for her."""
        return


SYSTEM = Actor(UserId("system"), Role.SYSTEM)
