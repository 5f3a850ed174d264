"""What a call may hold: ids, pages, versions, bodies. Said once, and read in the OpenAPI document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Path, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, JsonValue, StringConstraints

from node.domain.drafts import DraftId
from node.domain.mentorship import MentorshipId
from node.domain.person import PersonId
from protocol.ids import NodeId, ThreadId

ID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
LINE = "^[^\\x00-\\x1f]*$"
"""No NUL, which PostgreSQL takes in no text, and no other control character."""
USUAL, MOST = 50, 200
PERSON, PROGRAM = "01a20642-4927-701a-bb03-5e9ca9d794d4", "a6ea3b4b18e239b6"

_Item = TypeVar("_Item", bound="HasId")


def _written(value: object) -> object:
    """Only days and moments written as ISO 8601 says: a bare number would be read as seconds of 1970."""
    if not isinstance(value, str) or not _ISO.match(value):
        raise ValueError
    return value


def _number(value: object) -> object:
    """Only numbers written as numbers, 4.0 among the whole ones, as JSON Schema has it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError  # noqa: TRY004 - pydantic turns only this one into a refusal
    return value


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|T)")
Day = Annotated[date, BeforeValidator(_written)]
AS_NUMBER = BeforeValidator(_number)
"""Written last, behind the bounds: what stands behind a validator is left out of the document."""
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]

PersonPath = Annotated[PersonId, Path(alias="person", pattern=ID, description="The id of a person.")]
MentorPath = Annotated[PersonId, Path(alias="mentor", pattern=ID, description="The id of a mentor.")]
RequestPath = Annotated[ThreadId, Path(alias="request", pattern=ID, description="The id of a request.")]
MentorshipPath = Annotated[MentorshipId, Path(alias="mentorship", pattern=ID, description="The id of a mentorship.")]
DraftPath = Annotated[DraftId, Path(alias="draft", pattern=ID, description="The id of a draft.")]
PersonRef = Annotated[PersonId, StringConstraints(pattern=ID)]
ProgramRef = Annotated[NodeId, StringConstraints(pattern="^[0-9a-f]{16}$")]
Text = Annotated[str, StringConstraints(max_length=4_000)]
Line = Annotated[str, Query(pattern=LINE, max_length=200)]
Version = Annotated[
    str, Header(alias="If-Match", pattern='^"[1-9][0-9]{0,8}"$', description="The `ETag` of what you read.")
]


class HasId(Protocol):
    """Something that is listed."""

    @property
    def id(self) -> str:
        """What the next page begins behind."""
        ...


class Body(BaseModel):
    """A body of a call: what it does not name is refused, so that a misspelt field is not lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(**fields: JsonValue) -> ConfigDict:
    """The settings of a body that show it filled in; `PERSON` and `PROGRAM` stand for ids."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which page of a list is asked for."""

    limit: int
    after: str | None

    @property
    def one_more(self) -> int:
        """How many to ask for: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def cut(self, views: Sequence[_Item]) -> tuple[Sequence[_Item], str | None]:
        """What is shown, and what the next page begins behind."""
        shown = views[: self.limit]
        return shown, shown[-1].id if len(views) > len(shown) else None


def turn(
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = USUAL,
    after: Annotated[
        str | None, Query(pattern=ID, description="Begin behind this id: the `next` link of a page holds it.")
    ] = None,
) -> Turn:
    """The page a call asks for."""
    return Turn(limit=limit, after=after)


TurnOf = Annotated[Turn, Depends(turn)]


def version(sent: str) -> int:
    """The version an `If-Match` names."""
    return int(sent.strip('"'))
