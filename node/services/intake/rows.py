"""Reading one row into a person to be, or into what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from node.domain.community import CommunityId
from node.domain.consent import Given, Purpose
from node.domain.person import Contact, Kind, OccupationCode, PersonState, Profile, Visibility
from node.domain.traces import fold
from node.services.intake import cells
from node.services.intake.columns import CONSENTS, Column, Header
from node.services.intake.dates import Order, parse_date
from node.services.intake.problems import CellError, Problem, ProblemCode
from node.services.ports.occupations import Occupations
from node.services.ports.sheets import Row
from protocol.vocabulary import Mode

_Value = TypeVar("_Value")
DATES = (Column.BIRTH_DATE, Column.ARRIVED_ON, Column.WAITING_SINCE, Column.PAUSED_UNTIL)
_NO = frozenset({"", "no", "non", "n", "0", "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a row is read against: the program's communities by folded name, the table of occupations, today.

    `titles` says by folded title how an occupation is to be read instead.
    """

    header: Header
    kind: Kind | None
    communities: Mapping[str, tuple[CommunityId, str]]
    occupations: Occupations
    order: Order
    today: date
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadConsent:
    """A yes as the spreadsheet tells it."""

    purpose: Purpose
    on: date
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row that could be read."""

    row: int
    kind: Kind
    state: PersonState
    paused_until: date | None
    contact: Contact
    profile: Profile
    consents: tuple[ReadConsent, ...]


class RowReader:
    """Reads the cells of one row and collects every problem, so that a person can mend them all at once."""

    def __init__(self, setting: Setting, row: Row) -> None:
        """Nothing is read yet."""
        self._setting = setting
        self._row = row
        self.problems: list[Problem] = []

    def read(self) -> Entry | None:
        """The person of this row, or None where `problems` says why not."""
        kind = self._kind()
        contact = self._contact()
        profile = self._profile(mentor=kind is Kind.MENTOR)
        consents = tuple(found for column, purpose in CONSENTS.items() if (found := self._consent(column, purpose)))
        paused_until = self._cell(Column.PAUSED_UNTIL, self._day, None)
        resting = PersonState.PAUSED if paused_until else PersonState.ACTIVE
        state = self._cell(Column.STATE, cells.read_state, resting)
        if self.problems or kind is None or contact is None or profile is None:
            return None
        return Entry(
            row=self._row.number,
            kind=kind,
            state=state,
            paused_until=paused_until if state is PersonState.PAUSED else None,
            contact=contact,
            profile=profile,
            consents=consents,
        )

    def _kind(self) -> Kind | None:
        kind = self._cell(Column.KIND, cells.read_kind, self._setting.kind)
        if kind is None and not self._text(Column.KIND):
            self._problem(Column.KIND, CellError(ProblemCode.KIND_UNCLEAR, tuple(Kind)))
        return kind

    def _contact(self) -> Contact | None:
        name = self._name()
        if not name:
            self._problem(Column.NAME, CellError(ProblemCode.BLANK))
            return None
        return Contact(
            name=name,
            email=self._cell(Column.EMAIL, cells.read_email, ""),
            phone=self._cell(Column.PHONE, cells.read_phone, ""),
            birth_date=self._cell(Column.BIRTH_DATE, self._past, None),
            availability=self._cell(Column.AVAILABILITY, cells.read_notes, ""),
            notes=self._cell(Column.NOTES, cells.read_notes, ""),
            specialisation=self._cell(Column.SPECIALISATION, cells.read_text, ""),
        )

    def _name(self) -> str:
        given, family = self._text(Column.GIVEN_NAME), self._text(Column.FAMILY_NAME) or self._text(Column.NAME)
        whole = f"{given} {family}" if self._setting.header.has(Column.GIVEN_NAME) else self._text(Column.NAME)
        try:
            return cells.read_text(" ".join(whole.split()))
        except CellError as error:
            self._problem(Column.NAME, error)
            return "?"

    def _profile(self, *, mentor: bool) -> Profile | None:
        community = self._community()
        occupation = self._needed(Column.OCCUPATION, self._occupation)
        languages = self._needed(Column.LANGUAGES, cells.read_languages)
        visibility = self._cell(Column.VISIBILITY, cells.read_visibility, Visibility.ASK_FIRST)
        seats = self._cell(Column.SEATS, cells.read_seats, 1)
        if community is None or occupation is None or languages is None:
            return None
        return Profile(
            community=community,
            occupation=occupation,
            languages=languages,
            mode=self._cell(Column.MODE, cells.read_mode, Mode.EITHER),
            topics=self._cell(Column.TOPICS, cells.read_topics, ()),
            slots=self._cell(Column.SLOTS, cells.read_slots, ()),
            time_zone=self._cell(Column.TIME_ZONE, cells.read_time_zone, ""),
            seats=seats if mentor else 0,
            visibility=visibility if mentor else Visibility.ASK_FIRST,
            years_experience=self._cell(Column.YEARS_EXPERIENCE, cells.read_years, None),
            arrived_on=self._cell(Column.ARRIVED_ON, self._past, None),
            wishes=self._cell(Column.WISHES, cells.read_wishes, ()),
            waiting_since=self._cell(Column.WAITING_SINCE, self._past, None if mentor else self._setting.today),
        )

    def _community(self) -> CommunityId | None:
        known = self._setting.communities
        typed = fold(self._text(Column.COMMUNITY))
        if not typed and len(known) == 1:
            return next(iter(known.values()))[0]
        if typed in known:
            return known[typed][0]
        code = ProblemCode.COMMUNITY if typed else ProblemCode.BLANK
        self._problem(Column.COMMUNITY, CellError(code, tuple(name for _, name in known.values())))
        return None

    def _occupation(self, text: str) -> OccupationCode:
        meant = self._setting.titles.get(fold(text), text)
        found = self._setting.occupations.resolve(meant)
        if found is None:
            near = self._setting.occupations.search(meant, 3)
            raise CellError(ProblemCode.OCCUPATION, tuple(f"{group.code} {group.title_en}" for group, _ in near), text)
        return found.code

    def _day(self, text: str) -> date:
        return parse_date(text, self._setting.order)

    def _past(self, text: str) -> date:
        day = self._day(text)
        if day > self._setting.today:
            raise CellError(ProblemCode.DATE_IMPOSSIBLE)
        return day

    def _consent(self, column: Column, purpose: Purpose) -> ReadConsent | None:
        if fold(self._text(column)) in _NO:
            return None

        def read(text: str) -> ReadConsent:
            day, _, how = text.replace(";", " ").replace(",", " ").strip().partition(" ")
            if not how:
                raise CellError(ProblemCode.CONSENT)
            return ReadConsent(purpose, self._past(day), cells.read_given(how))

        return self._cell(column, read, None)

    def _needed(self, column: Column, read: Callable[[str], _Value]) -> _Value | None:
        if not self._text(column):
            self._problem(column, CellError(ProblemCode.BLANK))
            return None
        return self._cell(column, read, None)

    def _cell(self, column: Column, read: Callable[[str], _Value], blank: _Value) -> _Value:
        text = self._text(column)
        if not text:
            return blank
        try:
            return read(text)
        except CellError as error:
            self._problem(column, error)
            return blank

    def _text(self, column: Column) -> str:
        return self._setting.header.cell(self._row, column)

    def _problem(self, column: Column, error: CellError) -> None:
        problem = Problem(row=self._row.number, column=column, code=error.code, known=error.known, typed=error.typed)
        self.problems.append(problem)
