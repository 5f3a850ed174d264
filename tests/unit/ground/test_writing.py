"""One encoder, one form for every value a view may hold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import NewType

import pytest

from federation.ground.writing import UnencodableError, encode

Id = NewType("Id", str)


class State(StrEnum):
    OPEN = "open"


class Tier(IntEnum):
    FIRST = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    id: Id
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    items: tuple[Inner, ...]
    at: datetime
    day: date
    share: float
    note: str | None


def test_a_view_is_encoded_field_by_field_in_their_order() -> None:
    view = Outer(
        items=(Inner(id=Id("a"), state=State.OPEN),),
        at=datetime(2027, 3, 1, 12, tzinfo=timezone(timedelta(hours=-5))),
        day=date(2027, 3, 1),
        share=0.5,
        note=None,
    )

    encoded = encode(view)

    assert encoded == {
        "items": [{"id": "a", "state": "open"}],
        "at": "2027-03-01T17:00:00Z",
        "day": "2027-03-01",
        "share": 0.5,
        "note": None,
    }
    assert list(encoded) == ["items", "at", "day", "share", "note"]


def test_an_enum_is_its_bare_value() -> None:
    assert type(encode(State.OPEN)) is str
    assert type(encode(Tier.FIRST)) is int


def test_microseconds_are_kept_where_there_are_any() -> None:
    assert encode(datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)) == "2027-03-01T12:00:00.000005Z"


def test_mappings_are_encoded_by_key_and_sets_in_a_fixed_order() -> None:
    assert encode(MappingProxyType({State.OPEN: 2, 3: True})) == {"open": 2, "3": True}
    assert encode(frozenset({"b", "a", "c"})) == ["a", "b", "c"]
    assert encode([1, (2, 3)]) == [1, [2, 3]]


@pytest.mark.parametrize(
    "value",
    [b"bytes", object(), {1, 2}, float("nan"), float("inf"), datetime(2027, 3, 1), Outer, 1j],  # noqa: DTZ001 - naive on purpose
)
def test_what_has_no_obvious_form_is_refused_without_repeating_it(value: object) -> None:
    with pytest.raises(UnencodableError) as caught:
        encode((value,))

    assert "bytes'" not in str(caught.value)
