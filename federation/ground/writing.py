"""The one encoder from what services return to JSON: command lines, interfaces and exports share it.

It decides no shape: the frozen view beside a service does. What it does not know, it refuses.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from math import isfinite

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class UnencodableError(TypeError):
    """A view holds a value that has no one obvious JSON form; the message names its type only."""


def encode(view: object) -> Json:
    """Encode a view: moments as ISO 8601 in UTC ending in Z, enums by value, tuples as lists.

    Raises: UnencodableError for a naive moment, a number that is not finite, or an unknown type.
    """
    if isinstance(view, Enum):
        return encode(view.value)
    if view is None or isinstance(view, bool | int | str):
        return view
    if isinstance(view, float):
        return _number(view)
    if isinstance(view, date):
        return _moment(view)
    return _nested(view)


def _number(value: float) -> float:
    if not isfinite(value):
        raise UnencodableError("a number that is not finite")
    return value


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise UnencodableError("a moment without a zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _nested(view: object) -> Json:
    if is_dataclass(view) and not isinstance(view, type):
        return {field.name: encode(getattr(view, field.name)) for field in fields(view)}
    if isinstance(view, Mapping):
        return {str(encode(key)): encode(value) for key, value in view.items()}
    if isinstance(view, tuple | list):
        return [encode(item) for item in view]
    if isinstance(view, frozenset):
        # A set has no order; sorting by the encoded form makes two runs give the same bytes.
        return sorted((encode(item) for item in view), key=repr)
    raise UnencodableError(type(view).__name__)
