"""The form of a person: what is written of her as fields, and fields back into the cells that `people add` reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from node.domain.language import FLUENT, parse_languages
from node.domain.person import Kind
from node.services.intake.columns import Cell, Column
from node.services.intake.export import cells_of
from node.services.people import PersonView
from node.web.forms import Typed
from protocol.vocabulary import Mode

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = ("morning", "afternoon", "evening")
LANGUAGES = 5
"""How many languages the form asks for; who speaks more keeps them all."""
_PLAIN = (
    Column.NAME,
    Column.EMAIL,
    Column.PHONE,
    Column.BIRTH_DATE,
    Column.COMMUNITY,
    Column.SPECIALISATION,
    Column.MODE,
    Column.AVAILABILITY,
    Column.TIME_ZONE,
    Column.YEARS_EXPERIENCE,
    Column.ARRIVED_ON,
    Column.WAITING_SINCE,
    Column.NOTES,
)
_LISTS = (Column.TOPICS, Column.SLOTS, Column.WISHES)


def blank(kind: Kind) -> Typed:
    """The form of somebody who is not here yet."""
    return Typed((("mode", Mode.EITHER), ("seats", "1" if kind is Kind.MENTOR else "")))


def typed_of(view: PersonView) -> Typed:
    """The fields of the form for somebody as she is written down."""
    written = {cell.column: cell.text for cell in cells_of(view)}
    return Typed((*_plain(written), *_lists(written), *_spoken(written)))


def _plain(written: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    yield from ((column.value, written[column]) for column in (*_PLAIN, Column.OCCUPATION, Column.SEATS))


def _lists(written: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    yield from ((column.value, item) for column in _LISTS for item in written[column].split("; "))


def _spoken(written: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    for number, spoken in enumerate(parse_languages(written[Column.LANGUAGES]), start=1):
        yield f"language-{number}", spoken.code
        yield f"level-{number}", str(spoken.level)


def cells_from(typed: Typed, kind: Kind) -> tuple[Cell, ...]:
    """The cells that the fields say."""
    plain = (*_PLAIN, *((Column.SEATS,) if kind is Kind.MENTOR else ()))
    return (
        *(Cell(column, typed(column)) for column in plain),
        Cell(Column.OCCUPATION, typed("occupation") or typed("occupation-words")),
        *(Cell(column, "; ".join(typed.all(column))) for column in _LISTS),
        Cell(Column.LANGUAGES, "; ".join(_languages(typed))),
    )


def _languages(typed: Typed) -> list[str]:
    numbers = {name.removeprefix("language-") for name, _ in typed.fields if name.startswith("language-")}
    spoken = ((typed(f"language-{number}"), typed(f"level-{number}") or str(FLUENT)) for number in numbers)
    return sorted(f"{code}:{level}" for code, level in spoken if code)


def slots() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The hours of a week, by day."""
    return tuple((day, tuple(f"{day}-{hour}" for hour in HOURS)) for day in DAYS)


def rows_of_languages(typed: Typed) -> tuple[int, ...]:
    """The numbers of the rows in which languages stand."""
    filled = sum(name.startswith("language-") and bool(text) for name, text in typed.fields)
    return tuple(range(1, max(LANGUAGES, filled + 1) + 1))


Texts = Mapping[str, str]


def texts(cells: Iterable[Cell]) -> dict[str, str]:
    """Cells by column."""
    return {cell.column.value: cell.text for cell in cells}


def merged(typed: Typed, seen: Texts, now: PersonView, cells: Callable[[Typed], Iterable[Cell]]) -> Typed:
    """What was typed, over what stands now: a field she left as she saw it takes what stands now."""
    fresh = typed_of(now)
    mine, current = texts(cells(typed)), texts(cells(fresh))
    left = {column for column in mine if mine[column] == seen.get(column, current[column])}
    return Typed(tuple(_fields(typed, fresh, left)))


def _fields(typed: Typed, fresh: Typed, left: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, text in typed.fields if _column(name) not in left)
    yield from ((name, text) for name, text in fresh.fields if _column(name) in left)


def _column(field: str) -> str:
    return Column.LANGUAGES.value if field.startswith(("language-", "level-")) else field
