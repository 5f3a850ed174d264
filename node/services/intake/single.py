"""One person at a time: taken in, changed, paused, back again. Cells are read and checked as a spreadsheet's are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.person import Kind, Person, PersonId, PersonState
from node.domain.traces import identity_traces
from node.services.intake.columns import Cell, Header, column_of
from node.services.intake.dates import order_of
from node.services.intake.export import cells_of
from node.services.intake.keeping import keep, known_communities
from node.services.intake.problems import Problem, ProblemCode
from node.services.intake.rows import DATES, Entry, RowReader, Setting
from node.services.people import person_view, places
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.ports.sheets import Row
from node.services.remember import remember, remember_visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenView:
    """What became of one person. With `problems` nothing was kept."""

    person: PersonId | None
    version: int | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Take one person in."""

    work: OpenWork
    clock: Clock
    ids: Ids
    occupations: Occupations

    def __call__(self, actor: Actor, kind: Kind, cells: Sequence[Cell]) -> TakenView:
        """Her id, or every cell that has to be mended."""
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            return self.within(work, actor, kind, cells, now)

    def within(self, work: UnitOfWork, actor: Actor, kind: Kind, cells: Sequence[Cell], now: datetime) -> TakenView:
        """The same in a transaction of another verb, which asked whether the actor may."""
        read = read_cells(work, self.occupations, kind, cells, now)
        if isinstance(read, tuple):
            return TakenView(person=None, version=None, problems=read)
        clash = _clash(work, identity_traces(read.contact))
        if clash:
            return TakenView(person=None, version=None, problems=clash)
        (person,) = keep(work, actor, self.ids, [read], now)
        remember(work, actor, Act.PERSON_ADDED, person.id, now)
        return TakenView(person=person.id, version=person.version)


@dataclass(frozen=True, slots=True)
class EditPerson:
    """Change what is written of a person; whatever cell is not given stays as it is."""

    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, person: PersonId, cells: Sequence[Cell], version: int | None = None) -> TakenView:
        """Her new version, or every cell that has to be mended; `version` is the one the editor saw.

        Raises: UnknownPersonError, ChangedMeanwhileError.
        """
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            before = work.people.get(person)
            written = cells_of(person_view(before, places(work), self.occupations))
            given = {cell.column: cell for cell in cells}
            merged = [*(cell for cell in written if cell.column not in given), *given.values()]
            read = read_cells(work, self.occupations, before.kind, merged, now)
            if isinstance(read, tuple):
                return TakenView(person=person, version=before.version, problems=read)
            clash = _clash(work, identity_traces(read.contact) - identity_traces(before.contact))
            if clash:
                return TakenView(person=person, version=before.version, problems=clash)
            after = replace(
                before,
                contact=read.contact,
                profile=read.profile,
                state=read.state,
                paused_until=read.paused_until,
                version=version or before.version,
            )
            work.people.replace(after)
            remember(work, actor, Act.PERSON_EDITED, person, now)
            if after.profile.visibility is not before.profile.visibility:
                remember_visibility(work, actor, [after], now)
        return TakenView(person=person, version=after.version + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseView:
    """Whether a person takes part, and from which day on again."""

    person: PersonId
    state: PersonState
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class PausePerson:
    """Let a person rest: she is suggested to nobody until a day, or until somebody says so."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId, until: date | None = None) -> PauseView:
        """How she stands now. Raises: UnknownPersonError, PersonLeftError, PauseOverError."""
        actor.may(Action.EDIT_PEOPLE)
        with self.work() as work:
            paused = work.people.get(person).pause(until, self.clock.now().date())
            return _keep(work, actor, paused, Act.PERSON_PAUSED, self.clock.now())


@dataclass(frozen=True, slots=True)
class ResumePerson:
    """Let a person take part again."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, person: PersonId) -> PauseView:
        """How she stands now. Raises: UnknownPersonError, PersonLeftError."""
        actor.may(Action.EDIT_PEOPLE)
        with self.work() as work:
            return _keep(work, actor, work.people.get(person).resume(), Act.PERSON_RESUMED, self.clock.now())

    def when_due(self, actor: Actor) -> tuple[PauseView, ...]:
        """Everybody whose day to be back has come."""
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            back = [work.people.get(person) for person in work.people.due_back(now.date())]
            return tuple(_keep(work, actor, person.resume(), Act.PERSON_RESUMED, now) for person in back)


def _keep(work: UnitOfWork, actor: Actor, person: Person, act: Act, at: datetime) -> PauseView:
    work.people.replace(person)
    remember(work, actor, act, person.id, at)
    return PauseView(person=person.id, state=person.state, paused_until=person.paused_until)


def read_cells(
    work: UnitOfWork, occupations: Occupations, kind: Kind, cells: Sequence[Cell], now: datetime
) -> Entry | tuple[Problem, ...]:
    """What cells say of one person, or every one that has to be mended."""
    setting = Setting(
        header=Header(row=1, positions={cell.column: place for place, cell in enumerate(cells)}),
        kind=kind,
        communities=known_communities(work),
        occupations=occupations,
        order=order_of(cell.text for cell in cells if cell.column in DATES),
        today=now.date(),
    )
    reader = RowReader(setting, Row(number=1, cells=tuple(cell.text for cell in cells)))
    entry = reader.read()
    return entry if entry is not None else tuple(reader.problems)


def _clash(work: UnitOfWork, traces: frozenset[str]) -> tuple[Problem, ...]:
    """What says that this is somebody who is here already."""
    known = sorted(work.people.known(traces))
    return tuple(Problem(row=1, column=column_of(trace), code=ProblemCode.HERE_ALREADY) for trace in known)
