"""What every document of the language has in common: strict fields, times as Unix seconds, unknown fields ignored.

The signed bytes are what is kept and hashed; a `Document` is only their reading. Fields named in `crit` must be known.
Specification: docs/protocol/01-basics.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from protocol.errors import ProtocolError
from protocol.ids import DIGEST_PATTERN, KEY_ID_PATTERN, NODE_ID_PATTERN, UUID7_PATTERN
from protocol.parsing import MAX_INTEGER, parse_object

_LATEST_SECOND = 253_402_300_799

Moment = Annotated[int, Field(ge=0, le=_LATEST_SECOND, description="Unix seconds")]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
NodeIdText = Annotated[str, StringConstraints(pattern=NODE_ID_PATTERN)]
UuidText = Annotated[str, StringConstraints(pattern=UUID7_PATTERN)]
DigestText = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
KeyIdText = Annotated[str, StringConstraints(pattern=KEY_ID_PATTERN)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Crit = Annotated[tuple[Annotated[str, StringConstraints(max_length=60)], ...], Field(max_length=16)]


class FieldError(ProtocolError):
    """A field is missing or its value is not allowed; the value itself is never repeated."""

    code = "field-invalid"
    status = 422
    title = "A field of the document is missing or not allowed."
    remedy = "Update the program that made it, or report the field to its makers."


class CriticalFieldError(ProtocolError):
    """The document marks a field as critical that this release does not know."""

    code = "critical-field-unknown"
    status = 422
    title = "The document needs a newer release to be understood."
    remedy = "Update Mentorweave on this machine, then fetch the letter again."


class Document(BaseModel):
    """A frozen reading of one JSON object."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", populate_by_name=True)

    @classmethod
    def parse(cls, raw: bytes, *, limit: int) -> Self:
        """`raw` read strictly. Raises: the errors of `parse_object`, FieldError, CriticalFieldError."""
        found = parse_object(raw, limit=limit)
        try:
            document = cls.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            raise FieldError(field=where or cls.__name__, reason=first["type"]) from None
        critical = found.get("crit")
        for name in critical if isinstance(critical, list) else []:
            if name not in cls.known_fields():
                raise CriticalFieldError(field=str(name)[:60])
        return document

    @classmethod
    def known_fields(cls) -> frozenset[str]:
        """The wire names this release understands."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())

    def encode(self) -> bytes:
        """The document as compact UTF-8 JSON."""
        return self.model_dump_json(by_alias=True).encode()


def to_moment(at: datetime) -> int:
    """Whole Unix seconds of `at`."""
    return int(at.timestamp())


def from_moment(seconds: int) -> datetime:
    """The UTC datetime of `seconds`."""
    return datetime.fromtimestamp(seconds, UTC)
