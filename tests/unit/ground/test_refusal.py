"""Refusals name their rule and ids; the clock has a zone; an incident has a place."""

from datetime import UTC

import pytest
from sqlalchemy.exc import ArgumentError

from federation.ground.clock import SystemClock
from federation.ground.engine import make_engine
from federation.ground.incidents import place
from federation.ground.refusal import Refusal, explained
from federation.ground.sealed import seal
from protocol.errors import ProtocolError


class FullError(Refusal):
    code = "seat-full"
    title = "The seat is taken."
    remedy = "Choose another."


def test_a_refusal_names_its_rule_and_its_parameters() -> None:
    error = FullError(seat="s1", of=3)

    assert str(error) == "seat-full (seat=s1, of=3)"
    assert dict(error.params) == {"seat": "s1", "of": 3}


def test_a_refusal_without_parameters_is_its_code() -> None:
    assert str(FullError()) == "seat-full"


def test_parameters_of_a_refusal_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        FullError(seat="s1").params["seat"] = "s2"  # type: ignore[index]


def test_refusals_and_protocol_errors_explain_themselves_and_nothing_else_does() -> None:
    refusal, protocol = FullError(), ProtocolError()

    assert explained(refusal) is refusal
    assert explained(protocol) is protocol
    assert explained(LookupError()) is None


def test_the_clock_of_the_machine_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(LookupError()) == "unknown"


def test_the_place_of_an_error_is_its_innermost_frame() -> None:
    with pytest.raises(ValueError, match="invalid") as caught:
        int("x")

    assert "test_refusal:" in place(caught.value)


def test_the_place_of_an_error_inside_a_library_is_where_we_called_it() -> None:
    with pytest.raises(ValueError, match="32 bytes") as ours:
        seal(b"short", b"", b"")
    with pytest.raises(ArgumentError) as theirs:
        make_engine("no address")

    assert place(ours.value).startswith("federation.ground.sealed:")
    assert place(theirs.value).startswith("federation.ground.engine:")
