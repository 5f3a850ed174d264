"""Which column is which: headers in English and French, wherever the table begins."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.consent import Purpose
from node.domain.traces import fold
from node.services.intake.problems import Problem, ProblemCode
from node.services.ports.sheets import Row


class Column(StrEnum):
    """What a column holds; the value is its English header. Personal ones contain name, mail, phone or note."""

    NAME = "name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    COMMUNITY = "community"
    OCCUPATION = "occupation"
    SPECIALISATION = "specialisation"
    LANGUAGES = "languages"
    MODE = "mode"
    TOPICS = "topics"
    AVAILABILITY = "availability"
    SLOTS = "slots"
    TIME_ZONE = "time_zone"
    SEATS = "seats"
    VISIBILITY = "visibility"
    YEARS_EXPERIENCE = "years_experience"
    ARRIVED_ON = "arrived_on"
    WAITING_SINCE = "waiting_since"
    WISHES = "preferences"
    NOTES = "notes"
    KIND = "kind"
    STATE = "state"
    PAUSED_UNTIL = "paused_until"
    CONSENT_OUTSIDE = "consent_outside"
    CONSENT_CONTACT = "consent_contact"
    CONSENT_LISTING = "consent_listing"
    CONSENT_STANDING = "consent_standing"


CONSENTS = {
    Column.CONSENT_OUTSIDE: Purpose.OUTSIDE,
    Column.CONSENT_CONTACT: Purpose.CONTACT,
    Column.CONSENT_LISTING: Purpose.LISTING,
    Column.CONSENT_STANDING: Purpose.STANDING,
}

_ALIASES: dict[Column, str] = {
    Column.NAME: "full name|nom complet|nom et prenom|nom|mentor name|mentee name",
    Column.GIVEN_NAME: "first name|prenom",
    Column.FAMILY_NAME: "last name|surname|nom de famille",
    Column.EMAIL: "e mail|mail|email address|courriel|adresse courriel|adresse de courriel",
    Column.PHONE: "phone number|telephone|mobile phone|cell phone|tel|numero de telephone",
    Column.BIRTH_DATE: "date of birth|birthdate|birthday|date de naissance|naissance",
    Column.COMMUNITY: "town|city|collectivite|communaute|ville",
    Column.OCCUPATION: "profession|job title|noc|noc code|noc 2021|cnp|code cnp|metier",
    Column.SPECIALISATION: "specialization|speciality|specialty|specialite|domaine",
    Column.LANGUAGES: "language|langues|langue",
    Column.MODE: "meeting mode|how to meet|mode de rencontre",
    Column.TOPICS: "topic|sujets|themes",
    Column.AVAILABILITY: "hours|hours availability|disponibilite|disponibilites|heures",
    Column.SLOTS: "weekly slots|weekly hours|plages|plages horaires",
    Column.TIME_ZONE: "timezone|fuseau horaire|fuseau",
    Column.SEATS: "seat|capacity|places|nombre de places",
    Column.VISIBILITY: "visibilite",
    Column.YEARS_EXPERIENCE: "years of experience|experience|annees d experience|annees experience",
    Column.ARRIVED_ON: "arrival date|date of arrival|arrived|arrivee|date d arrivee|arrive le",
    Column.WAITING_SINCE: "waiting|registered on|en attente depuis|attend depuis|inscrit le",
    Column.WISHES: "preference|wishes|souhaits",
    Column.NOTES: "note|coordinator notes|remarques|notes du coordonnateur",
    Column.KIND: "role|genre de personne",
    Column.STATE: "status|etat|statut",
    Column.PAUSED_UNTIL: "back on|en pause jusqu au|de retour le",
    Column.CONSENT_OUTSIDE: "consent to ask outside|consentement exterieur|consentement externe",
    Column.CONSENT_CONTACT: "consent to share contact|consentement coordonnees",
    Column.CONSENT_LISTING: "consent to be listed|consentement affichage",
    Column.CONSENT_STANDING: "standing consent|consentement permanent",
}
_KNOWN = {
    alias: column for column, others in _ALIASES.items() for alias in (column.replace("_", " "), *others.split("|"))
}
_SEARCHED = 20
"""Rows among which the header is looked for: titles and blank rows may stand above it."""
_ENOUGH = 2
_MENTOR_COLUMNS = frozenset({Column.SEATS, Column.VISIBILITY})
_MENTEE_COLUMNS = frozenset({Column.WAITING_SINCE, Column.ARRIVED_ON})


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column says of a person."""

    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns, and where each known column stands."""

    row: int
    positions: dict[Column, int]
    doubled: tuple[Column, ...] = ()
    ignored: tuple[str, ...] = ()

    def cell(self, row: Row, column: Column) -> str:
        """The text of a cell; blank where the row is short or the column is not there."""
        position = self.positions.get(column)
        return row.cells[position] if position is not None and position < len(row.cells) else ""

    def has(self, column: Column) -> bool:
        """Whether the file has this column."""
        return column in self.positions

    def looks_like_mentors(self) -> bool:
        """Whether it has a column only mentors have."""
        return not _MENTOR_COLUMNS.isdisjoint(self.positions)

    def looks_like_mentees(self) -> bool:
        """Whether it has a column only mentees have."""
        return not _MENTEE_COLUMNS.isdisjoint(self.positions)


def known_column(text: str) -> Column | None:
    """The column a header names."""
    return _KNOWN.get(re.sub(r"[\W_]+", " ", re.sub(r"\(.*?\)", " ", fold(text))).strip())


def column_of(trace: str) -> Column:
    """Where a trace of a person (`node.domain.traces`) was read."""
    kind = trace.partition(":")[0]
    return {"email": Column.EMAIL, "phone": Column.PHONE}.get(kind, Column.NAME)


def find_header(rows: Sequence[Row]) -> tuple[Header, int] | Problem:
    """The header and how many rows come before the people, or that there is none."""
    for index, row in enumerate(rows[:_SEARCHED]):
        named = [(known_column(cell), position) for position, cell in enumerate(row.cells)]
        columns = [(column, position) for column, position in named if column is not None]
        if len(columns) >= _ENOUGH:
            return Header(row.number, dict(reversed(columns)), _doubled(columns), _ignored(row)), index + 1
    return Problem(row=rows[0].number if rows else 1, column="", code=ProblemCode.HEADER_MISSING)


def choose_header(rows: Sequence[Row], columns: Sequence[tuple[int, Column]]) -> tuple[Header, int]:
    """The header as a coordinator corrected it: the row that names the columns, else the first, is no person."""
    found = find_header(rows)
    named, before = (rows[0].number, 1) if isinstance(found, Problem) else (found[0].row, found[1])
    whole = [(column, position) for position, column in columns]
    texts = rows[before - 1].cells
    chosen = {position for _, position in whole}
    ignored = tuple(text for position, text in enumerate(texts) if text and position not in chosen)
    return Header(named, dict(reversed(whole)), _doubled(whole), ignored), before


def _doubled(columns: Sequence[tuple[Column, int]]) -> tuple[Column, ...]:
    counts = Counter(column for column, _ in columns)
    return tuple(column for column, times in counts.items() if times > 1)


def _ignored(row: Row) -> tuple[str, ...]:
    return tuple(cell for cell in row.cells if cell and known_column(cell) is None)


def header_problems(header: Header, *, towns: int) -> tuple[Problem, ...]:
    """Columns an import cannot do without, and columns that are there twice."""
    missing = [c for c in (Column.OCCUPATION, Column.LANGUAGES) if not header.has(c)]
    if not header.has(Column.NAME) and not (header.has(Column.GIVEN_NAME) and header.has(Column.FAMILY_NAME)):
        missing.insert(0, Column.NAME)
    if towns > 1 and not header.has(Column.COMMUNITY):
        missing.append(Column.COMMUNITY)
    absent = (Problem(row=header.row, column=c, code=ProblemCode.COLUMN_MISSING) for c in missing)
    twice = (Problem(row=header.row, column=c, code=ProblemCode.COLUMN_TWICE) for c in header.doubled)
    return (*absent, *twice)
