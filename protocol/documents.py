"""What every document of the language has in common: strict fields, times as Unix seconds, unknown fields ignored.

The signed bytes are what is kept and hashed; a `Document` is only their reading. Fields named in `crit` must be known.
Specification: docs/protocol/01-basics.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal, Self, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from protocol.errors import ProtocolError
from protocol.ids import DIGEST_PATTERN, KEY_ID_PATTERN, NODE_ID_PATTERN, UUID7_PATTERN
from protocol.parsing import MAX_INTEGER, Json, parse_object

_LATEST_SECOND = 253_402_300_799
# No controls, no line separators, and nothing that turns the direction of writing: such a name would lie on a page.
TEXT_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+$"
_FIELD_PATTERN = r"^[a-z][a-z0-9_]{0,59}$"

Moment = Annotated[int, Field(ge=0, le=_LATEST_SECOND, description="Unix seconds")]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
NodeIdText = Annotated[str, StringConstraints(pattern=NODE_ID_PATTERN)]
UuidText = Annotated[str, StringConstraints(pattern=UUID7_PATTERN)]
DigestText = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
KeyIdText = Annotated[str, StringConstraints(pattern=KEY_ID_PATTERN)]
Label = Annotated[str, StringConstraints(max_length=120, pattern=TEXT_PATTERN)]
Crit = Annotated[tuple[Annotated[str, StringConstraints(pattern=_FIELD_PATTERN)], ...], Field(max_length=16)]


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("boolean")  # noqa: TRY004 (pydantic turns a ValueError, and no TypeError, into its own)
    return value


One = Annotated[Literal[1], BeforeValidator(_no_boolean)]
"""The number 1: JSON's `true` is another value, though Python thinks them equal."""


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
    constants: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Note the fields that have one possible value: with a default in code, but never absent from what travels."""
        fields = cls.model_fields.items()
        cls.constants = frozenset(
            name for name, field in fields if get_origin(field.annotation) is Literal and not field.is_required()
        )

    @classmethod
    def parse(cls, raw: bytes, *, limit: int) -> Self:
        """`raw` read strictly. Raises: the errors of `parse_object`, FieldError, CriticalFieldError."""
        found = parse_object(raw, limit=limit)
        try:
            document = cls.model_validate_json(raw, by_alias=True, by_name=False)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            raise FieldError(field=where or cls.__name__, reason=first["type"]) from None
        cls.check_critical(found.get("crit", []))
        return document

    @classmethod
    def check_critical(cls, names: Json) -> None:
        """Refuse a `crit` list that names the unknown (01-basics 1.4.4). Raises: FieldError, CriticalFieldError."""
        for name in names if isinstance(names, list) else [None]:
            if not isinstance(name, str) or re.fullmatch(_FIELD_PATTERN, name) is None:
                raise FieldError(field="crit", reason="not_a_field")
            if name not in cls.known_fields():
                raise CriticalFieldError(field=name)

    @model_validator(mode="after")
    def _constants_travel(self, info: ValidationInfo) -> Self:
        """Refuse bytes without a field of one possible value (01-basics 1.4.3): its absence is another language."""
        if info.mode == "json" and not self.constants <= self.model_fields_set:
            raise ValueError("constant")
        return self

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
