"""Rows about people who are here already: what a row says replaces what is written, what it leaves blank stays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from node.domain.person import Person, PersonId
from node.domain.traces import identity_traces
from node.services.intake.columns import CONSENTS, Cell, Column, Header, column_of
from node.services.intake.export import cells_of
from node.services.intake.problems import Problem, ProblemCode
from node.services.intake.rows import Entry, RowReader, Setting
from node.services.people import person_view, places
from node.services.ports import UnitOfWork
from node.services.ports.sheets import Row

_AT_ONCE = 500
_NOT_CHANGED = frozenset({*CONSENTS, Column.KIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody who is here already, as a row would leave her."""

    row: int
    after: Person


def matched(work: UnitOfWork, entries: Iterable[Entry]) -> Mapping[int, PersonId]:
    """The one person each row is about, of rows about somebody who is here already."""
    identities = {entry.row: identity_traces(entry.contact) for entry in entries}
    holders = work.people.holders(trace for traces in identities.values() for trace in traces)
    found: dict[int, PersonId] = {}
    for row, traces in identities.items():
        people = {person for trace in traces for person in holders.get(trace, ())}
        if len(people) == 1 and not people & set(found.values()):
            found[row] = next(iter(people))
    return found


class Changing:
    """Reads rows over what is written, and collects every problem."""

    def __init__(self, work: UnitOfWork, setting: Setting, rows: Sequence[Row]) -> None:
        """Nothing is read yet."""
        self._work = work
        self._setting = setting
        self._rows = {row.number: row for row in rows}
        self._named = places(work)
        self.problems: list[Problem] = []

    def read(self, entries: Sequence[Entry], found: Mapping[int, PersonId]) -> tuple[Change, ...]:
        """The people whom these rows would change; a row that says nothing new changes nobody."""
        about = [entry for entry in entries if entry.row in found]
        starts = range(0, len(about), _AT_ONCE)
        return tuple(change for start in starts for change in self._some(about[start : start + _AT_ONCE], found))

    def _some(self, entries: Sequence[Entry], found: Mapping[int, PersonId]) -> Iterator[Change]:
        here = self._work.people.several(found[entry.row] for entry in entries)
        for entry in entries:
            before = here[found[entry.row]]
            if before.kind is not entry.kind:
                column = column_of(next(iter(identity_traces(entry.contact))))
                self.problems.append(Problem(row=entry.row, column=column, code=ProblemCode.HERE_ALREADY))
            elif (after := self._over(before, self._rows[entry.row])) is not None and after != before:
                yield Change(row=entry.row, after=after)

    def _over(self, before: Person, row: Row) -> Person | None:
        """Her as the row leaves her, or None where `problems` says why not."""
        header = self._setting.header
        said = {column: text for column in header.positions if (text := header.cell(row, column))}
        written = cells_of(person_view(before, self._named, self._setting.occupations))
        cells = [Cell(c.column, said.get(c.column, c.text)) for c in written if c.column not in _NOT_CHANGED]
        whole = Header(row=header.row, positions={cell.column: place for place, cell in enumerate(cells)})
        setting = replace(self._setting, header=whole, kind=before.kind)
        reader = RowReader(setting, Row(number=row.number, cells=tuple(cell.text for cell in cells)))
        read = reader.read()
        self.problems += reader.problems
        if read is None:
            return None
        # How far she may be seen, and whether she takes part, is asked of her, and not of a spreadsheet.
        profile = replace(read.profile, visibility=before.profile.visibility, specialities=before.profile.specialities)
        return replace(before, contact=read.contact, profile=profile)
