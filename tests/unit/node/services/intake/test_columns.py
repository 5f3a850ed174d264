"""Finding the header, and knowing columns in two languages."""

import pytest

from node.services.intake.columns import Column, Header, find_header, header_problems, known_column
from node.services.intake.problems import Problem, ProblemCode
from node.services.ports.sheets import Row


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("E-mail", Column.EMAIL),
        ("Courriel", Column.EMAIL),
        ("Date de naissance", Column.BIRTH_DATE),
        ("Années d'expérience", Column.YEARS_EXPERIENCE),
        ("years_experience", Column.YEARS_EXPERIENCE),
        ("Occupation (NOC 2021)", Column.OCCUPATION),
        ("Métier", Column.OCCUPATION),
        ("shoe size", None),
        ("", None),
    ],
)
def test_columns_are_known_in_english_and_french(text: str, column: Column | None) -> None:
    assert known_column(text) is column


def found(*rows: tuple[str, ...]) -> tuple[Header, int] | Problem:
    return find_header([Row(number, cells) for number, cells in enumerate(rows, 1)])


def test_the_header_is_found_below_a_title_and_a_row_of_groups() -> None:
    header = found(("Our mentees", ""), ("Person", "Contact"), ("name", "email"), ("Amara", "a@example.org"))

    assert isinstance(header, tuple)
    assert (header[0].row, header[1]) == (3, 3)


def test_columns_that_are_not_known_are_named() -> None:
    header = found(("name", "shoe size", "email"))

    assert isinstance(header, tuple)
    assert header[0].ignored == ("shoe size",)


def test_a_file_without_headers_is_refused() -> None:
    assert found(("Amara", "a@example.org")) == Problem(row=1, column="", code=ProblemCode.HEADER_MISSING)
    assert found() == Problem(row=1, column="", code=ProblemCode.HEADER_MISSING)


def test_needed_columns_and_doubled_columns_are_named() -> None:
    header = found(("email", "e-mail", "phone"))
    assert isinstance(header, tuple)

    problems = header_problems(header[0], towns=2)

    assert [(p.column, p.code) for p in problems] == [
        (Column.NAME, ProblemCode.COLUMN_MISSING),
        (Column.OCCUPATION, ProblemCode.COLUMN_MISSING),
        (Column.LANGUAGES, ProblemCode.COLUMN_MISSING),
        (Column.COMMUNITY, ProblemCode.COLUMN_MISSING),
        (Column.EMAIL, ProblemCode.COLUMN_TWICE),
    ]


def test_a_program_of_one_community_needs_no_column_for_it() -> None:
    header = found(("given name", "last name", "occupation", "languages"))
    assert isinstance(header, tuple)

    assert header_problems(header[0], towns=1) == ()
