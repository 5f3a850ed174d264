"""Everybody in a spreadsheet, in the columns `people` reads: a program can leave with its people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import Grant
from node.domain.language import write_languages
from node.domain.person import Kind
from node.services.intake.columns import CONSENTS, Cell, Column
from node.services.people import PersonView, person_view, places
from node.services.ports import Clock, OpenWork, PeopleFilter
from node.services.ports.occupations import Occupations
from node.services.ports.sheets import SheetFormat, Sheets
from node.services.remember import remember, remember_read

_COLUMNS = tuple(column for column in Column if column not in {Column.GIVEN_NAME, Column.FAMILY_NAME})


@dataclass(frozen=True, slots=True)
class Exported:
    """A spreadsheet, and how many people are in it."""

    content: bytes
    people: int


@dataclass(frozen=True, slots=True)
class ExportPeople:
    """Take people out into a spreadsheet; ids come first, so that rows can be told apart."""

    work: OpenWork
    clock: Clock
    occupations: Occupations
    sheets: Sheets

    def __call__(self, actor: Actor, kind: Kind | None, form: SheetFormat) -> Exported:
        """People in the order they were added, each with the consents in force; each remembers that she was read."""
        actor.may(Action.EXPORT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            named = places(work)
            people = work.people.find(PeopleFilter(kind=kind))
            rows = [
                _row(person_view(person, named, self.occupations), work.consents.of(person.id), now)
                for person in people
            ]
            remember(work, actor, Act.PEOPLE_EXPORTED, kind or "all", now)
            remember_read(work, actor, (person.id for person in people), now)
        return Exported(self.sheets.write(("id", *_COLUMNS), rows, form), len(rows))


def _row(view: PersonView, grants: Iterable[Grant], at: datetime) -> list[str]:
    written = {cell.column: cell.text for cell in cells_of(view)}
    given = {
        column: f"{grant.granted_at.date()} {grant.given}"
        for grant in grants
        for column, purpose in CONSENTS.items()
        if grant.purpose is purpose and grant.covers(purpose, grant.recipient, at)
    }
    return [view.id, *(({**written, **given}).get(column, "") for column in _COLUMNS)]


def cells_of(view: PersonView) -> tuple[Cell, ...]:
    """What is written of a person, as `people` reads it; her consents stand elsewhere."""
    mentor = view.kind is Kind.MENTOR
    written: dict[str, object] = {
        Column.LANGUAGES: write_languages(view.languages),
        Column.TOPICS: "; ".join(view.topics),
        Column.SLOTS: "; ".join(view.slots),
        Column.WISHES: "; ".join(view.wishes),
        Column.SEATS: view.seats if mentor else None,
        Column.VISIBILITY: int(view.visibility) if mentor else None,
    }
    columns = (column for column in _COLUMNS if column not in CONSENTS)
    values = ((column, written[column] if column in written else getattr(view, column)) for column in columns)
    return tuple(Cell(column, "" if value is None else str(value)) for column, value in values)
