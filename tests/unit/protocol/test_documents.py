from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

import pytest
from pydantic import Field

from protocol.canonical import CanonicalError, canonicalise
from protocol.documents import (
    Crit,
    CriticalFieldError,
    Document,
    FieldError,
    Label,
    Moment,
    NodeIdText,
    from_moment,
    to_moment,
)
from protocol.parsing import JsonError
from tests.unit.protocol.builders import HOME


class Inside(Document):
    v: Literal[1] = 1


class Plain(Document):
    n: Moment


class Card(Document):
    sender: Annotated[NodeIdText, Field(alias="from")]
    n: Moment
    inside: Inside = Inside()
    label: Label = "a"
    crit: Crit = ()


def read(**fields: object) -> Card:
    whole = {"from": HOME, "n": 1, "inside": {"v": 1}} | fields
    return Card.parse(json.dumps(whole).encode(), limit=2_000)


def test_unknown_fields_are_passed_over() -> None:
    assert read(future={"deep": [1]}).n == 1


@pytest.mark.parametrize("value", [True, "1", -1, 253_402_300_800, None, [1]])
def test_a_field_of_another_type_or_out_of_range_is_refused_without_its_value(value: object) -> None:
    with pytest.raises(FieldError) as refused:
        read(n=value)
    assert refused.value.params["field"] == "n"
    assert set(refused.value.params) == {"field", "reason"}


def test_an_error_never_repeats_what_was_sent() -> None:
    with pytest.raises(FieldError) as refused:
        read(label="Amina Diallo\n")
    assert "Amina" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_missing_field_is_named() -> None:
    with pytest.raises(FieldError) as refused:
        Card.parse(b'{"n":1}', limit=100)
    assert refused.value.params["field"] == "from"


def test_only_the_name_that_travels_is_read_from_bytes() -> None:
    raw = json.dumps({"sender": HOME, "n": 1, "inside": {"v": 1}}).encode()
    with pytest.raises(FieldError):
        Card.parse(raw, limit=2_000)


def test_a_field_of_one_possible_value_may_not_be_left_out() -> None:
    with pytest.raises(FieldError) as refused:
        read(inside={})
    assert refused.value.params["field"] == "inside"
    with pytest.raises(FieldError) as refused:
        Inside.parse(b"{}", limit=10)
    assert refused.value.params["field"] == "Inside"


def test_a_critical_field_that_is_known_is_fine() -> None:
    assert read(crit=["n", "from"]).crit == ("n", "from")


@pytest.mark.parametrize("name", ["ticket2", "sender"])
def test_a_critical_field_that_is_not_known_is_refused(name: str) -> None:
    with pytest.raises(CriticalFieldError) as refused:
        read(crit=["n", name])
    assert refused.value.params == {"field": name}


@pytest.mark.parametrize("crit", ["n", [1], [["n"]], [{}], None, {"n": 1}, ["Amina Diallo"], ["n" * 61], ["n"] * 17])
def test_a_critical_list_of_another_form_is_refused(crit: object) -> None:
    with pytest.raises(FieldError):
        read(crit=crit)


@pytest.mark.parametrize("crit", [["future"], "n", [["n"]], None])
def test_a_document_without_a_critical_list_of_its_own_still_honours_one(crit: object) -> None:
    with pytest.raises((CriticalFieldError, FieldError)):
        Plain.parse(json.dumps({"n": 1, "crit": crit}).encode(), limit=100)


@pytest.mark.parametrize("character", ["\n", "\x00", "\x7f", "\x85", "\u2028", "\u202e", "\u2066"])
def test_a_label_cannot_break_a_line_or_turn_the_direction_of_writing(character: str) -> None:
    with pytest.raises(FieldError):
        read(label=f"a{character}b")


def test_a_label_may_be_written_in_any_script() -> None:
    assert read(label="\u0646\u0633\u200c\u0632 你好 Łódź").label


def test_the_strict_reader_is_asked_first() -> None:
    with pytest.raises(JsonError):
        Card.parse(b'{"n":1,"n":1}', limit=100)


def test_a_document_encodes_under_the_names_that_travel() -> None:
    card = Card(sender=HOME, n=1)
    assert json.loads(card.encode()) == {"from": HOME, "n": 1, "inside": {"v": 1}, "label": "a", "crit": []}
    assert Card.parse(card.encode(), limit=2_000) == card


def test_times_are_whole_unix_seconds_in_utc() -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 999_999, tzinfo=UTC)
    assert from_moment(to_moment(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize("value", [float("nan"), 2**53, "\ud800", {"\ud800": 1}])
def test_what_has_no_canonical_form_is_refused(value: float | str | dict[str, int]) -> None:
    with pytest.raises(CanonicalError):
        canonicalise(value)
