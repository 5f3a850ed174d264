"""Single cells, as coordinators type them."""

from collections.abc import Callable

import pytest

from node.domain.consent import Given
from node.domain.language import Spoken
from node.domain.person import PersonState, Visibility
from node.services.intake import cells
from node.services.intake.problems import CellError, ProblemCode
from protocol.vocabulary import Mode, Topic


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (cells.read_mode, "En ligne", Mode.ONLINE),
        (cells.read_mode, "in_person", Mode.IN_PERSON),
        (cells.read_state, "en pause", PersonState.PAUSED),
        (cells.read_given, "by e-mail reply", Given.EMAIL_REPLY),
        (cells.read_visibility, "Only here", Visibility.ONLY_HERE),
        (cells.read_visibility, "3", Visibility.LISTED),
        (cells.read_languages, "English:8; français:4", (Spoken("en", 8), Spoken("fr", 4))),
        (cells.read_topics, "Farming practice; resume; resume", (Topic.FARMING_PRACTICE, Topic.RESUME)),
        (cells.read_slots, "mon-evening", ("mon-evening",)),
        (cells.read_time_zone, "America/Edmonton", "America/Edmonton"),
        (cells.read_seats, "2", 2),
        (cells.read_years, "0", 0),
        (cells.read_phone, "(403) 555-0100 ext. 5", "(403) 555-0100 ext. 5"),
        (cells.read_email, "zoé@exemple.ca", "zoé@exemple.ca"),
        (cells.read_notes, "n" * 9999, "n" * 9999),
    ],
)
def test_cells_are_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (cells.read_mode, "by pigeon", ProblemCode.MODE),
        (cells.read_state, "asleep", ProblemCode.STATE),
        (cells.read_kind, "friend", ProblemCode.KIND_UNCLEAR),
        (cells.read_given, "by thought", ProblemCode.CONSENT),
        (cells.read_visibility, "4", ProblemCode.VISIBILITY),
        (cells.read_languages, "klingon", ProblemCode.LANGUAGES),
        (cells.read_topics, "resume; weather", ProblemCode.TOPIC),
        (cells.read_slots, "sometimes", ProblemCode.SLOT),
        (cells.read_time_zone, "Mountain", ProblemCode.TIME_ZONE),
        (cells.read_seats, "two", ProblemCode.NUMBER),
        (cells.read_seats, "-1", ProblemCode.NUMBER),
        (cells.read_seats, "51", ProblemCode.NUMBER),
        (cells.read_years, "3.5", ProblemCode.NUMBER),
        (cells.read_phone, "call me", ProblemCode.PHONE),
        (cells.read_email, "a@b", ProblemCode.EMAIL),
        (cells.read_email, "a@example.org, b@example.org", ProblemCode.EMAIL),
        (cells.read_text, "n" * 201, ProblemCode.TOO_LONG),
        (cells.read_notes, "n" * 10_001, ProblemCode.TOO_LONG),
    ],
)
def test_cells_that_cannot_be_read_are_problems(read: Callable[[str], object], text: str, code: ProblemCode) -> None:
    with pytest.raises(CellError) as refused:
        read(text)

    assert refused.value.code is code


def test_what_would_have_been_right_is_listed() -> None:
    with pytest.raises(CellError) as refused:
        cells.read_mode("by pigeon")

    assert refused.value.known == ("in person", "online", "either")
