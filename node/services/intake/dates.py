"""Dates as people write them: 2026-03-01, 01/03/2026, March 1, 2026 or 1 mars 2026.

Canadians write both day first and month first. A file that has one date that can only be read one way tells how
the others are meant; a file that does not is asked to.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum

from node.domain.traces import fold
from node.services.intake.problems import CellError, ProblemCode

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ t]00:00(?::00)?)?$")
_NUMBERS = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_DAY_WORD = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)?\s+([a-z]+)\.?,?\s+(\d{4})$")
_WORD_DAY = re.compile(r"^([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_MONTHS = (
    "january janvier jan janv",
    "february fevrier feb fevr fev",
    "march mars mar",
    "april avril apr avr",
    "may mai",
    "june juin jun",
    "july juillet jul juil",
    "august aout aug",
    "september septembre sept sep",
    "october octobre oct",
    "november novembre nov",
    "december decembre dec",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_LAST_MONTH = 12


class Order(Enum):
    """Which number of 01/03/2026 is the day, as far as the file tells."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"


def order_of(texts: Iterable[str]) -> Order:
    """How a file writes its dates, from those that can only be read one way."""
    found = set()
    for text in texts:
        numbers = _NUMBERS.match(text.strip())
        if numbers is not None:
            first, second = int(numbers.group(1)), int(numbers.group(2))
            if first > _LAST_MONTH:
                found.add(Order.DAY_FIRST)
            elif second > _LAST_MONTH:
                found.add(Order.MONTH_FIRST)
    return found.pop() if len(found) == 1 else Order.UNKNOWN


def parse_date(text: str, order: Order) -> date:
    """The day a cell means. Raises: CellError."""
    plain = fold(text)
    iso, numbers = _ISO.match(plain), _NUMBERS.match(plain)
    if iso is not None:
        return _day(iso.group(1), int(iso.group(2)), iso.group(3))
    if numbers is not None:
        return _from_numbers(int(numbers.group(1)), int(numbers.group(2)), numbers.group(3), order)
    day_word, word_day = _DAY_WORD.match(plain), _WORD_DAY.match(plain)
    if day_word is not None:
        return _day(day_word.group(3), _MONTH.get(day_word.group(2), 0), day_word.group(1))
    if word_day is not None:
        return _day(word_day.group(3), _MONTH.get(word_day.group(1), 0), word_day.group(2))
    raise CellError(ProblemCode.DATE)


def _from_numbers(first: int, second: int, year: str, order: Order) -> date:
    if first > _LAST_MONTH or first == second or order is Order.DAY_FIRST:
        return _day(year, second, str(first))
    if second > _LAST_MONTH or order is Order.MONTH_FIRST:
        return _day(year, first, str(second))
    raise CellError(ProblemCode.DATE_AMBIGUOUS)


def _day(year: str, month: int, day: str) -> date:
    try:
        return date(int(year), month, int(day))
    except ValueError as error:
        raise CellError(ProblemCode.DATE) from error
