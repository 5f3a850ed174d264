"""What is wrong with a cell. Codes only: `node.words` says what it is and what to do next."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemCode(StrEnum):
    """What may be wrong with a spreadsheet, by row and column."""

    HEADER_MISSING = "header-missing"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    NO_PEOPLE = "no-people"
    KIND_UNCLEAR = "kind-unclear"
    BLANK = "blank"
    TOO_LONG = "too-long"
    EMAIL = "email-unreadable"
    PHONE = "phone-unreadable"
    DATE = "date-unreadable"
    DATE_AMBIGUOUS = "date-ambiguous"
    DATE_IMPOSSIBLE = "date-impossible"
    COMMUNITY = "community-unknown"
    OCCUPATION = "occupation-unknown"
    LANGUAGES = "languages-unreadable"
    MODE = "mode-unknown"
    TOPIC = "topic-unknown"
    WISH = "preference-unknown"
    SLOT = "slot-unreadable"
    TIME_ZONE = "time-zone-unknown"
    NUMBER = "number-unreadable"
    VISIBILITY = "visibility-unknown"
    STATE = "state-unknown"
    CONSENT = "consent-unreadable"
    TWICE_IN_FILE = "twice-in-file"
    HERE_ALREADY = "here-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in one cell; `known` lists what would have been right, `other_row` the row it clashes with.

    `typed` holds the title of an occupation nobody knows, so that it can be explained once for every row.
    """

    row: int
    column: str
    code: ProblemCode
    known: tuple[str, ...] = ()
    other_row: int | None = None
    typed: str = ""


class CellError(Exception):
    """A cell cannot be read; the row's reader turns it into a problem."""

    def __init__(self, code: ProblemCode, known: tuple[str, ...] = (), typed: str = "") -> None:
        """Say which problem it is, what would have been right, and what stands there instead."""
        super().__init__(code)
        self.code = code
        self.known = known
        self.typed = typed
