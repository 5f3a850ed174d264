"""People: listed, shown, taken in, changed, paused, erased, and what other programs learned of them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request
from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema
from starlette.responses import Response

from node.api.answering import RepeatOf, listed, shown
from node.api.asking import LINE, Body, Day, Line, PersonPath, Text, TurnOf, Version, example, version
from node.api.bearer import PeopleEraser, PeopleReader, PeopleWriter, ServicesOf
from node.api.problems import UnreadableCellsError
from node.api.routes import resource
from node.domain.person import Kind, PersonId, PersonState
from node.services.disclosures import DisclosuresView
from node.services.erasing import ErasureView
from node.services.intake.columns import CONSENTS, Cell, Column
from node.services.intake.single import PauseView, TakenView
from node.services.people import PersonLine, PersonView
from node.services.ports import PeopleFilter

router = resource("people")
_ELSEWHERE = {Column.KIND, Column.GIVEN_NAME, Column.FAMILY_NAME, *CONSENTS}
"""Columns of spreadsheets that are no cells here: her kind is said, her name is one, a yes is given to a person."""
_CELLS: list[JsonValue] = [column.value for column in Column if column not in _ELSEWHERE]
_AMARA: JsonValue = {
    "name": "Amara Okafor",
    "occupation": "21300",
    "languages": "en:8; ig:12",
    "community": "Redcliff",
}


def _cell(column: Column) -> Column:
    if column in _ELSEWHERE:
        raise ValueError
    return column


CellName = Annotated[Column, AfterValidator(_cell), WithJsonSchema({"type": "string", "enum": _CELLS})]
Cells = Annotated[
    dict[CellName, Text],
    Field(
        min_length=1,
        description="What is written of a person, as in the columns of a spreadsheet. Needed of somebody new: `name`, "
        "`occupation`, `languages`, and `community` where the program has more than one.",
    ),
]


class NewPerson(Body):
    """Somebody to take in."""

    model_config = example(kind="mentee", cells=_AMARA)
    kind: Kind
    cells: Cells


class PersonChanges(Body):
    """Cells to write anew; whatever is not named stays as it is."""

    model_config = example(cells={"notes": "called back", "languages": "en:8"})
    cells: Cells


class Pause(Body):
    """Until which day she rests; until somebody says so where it is left out."""

    model_config = example(until="2027-09-01")
    until: Day | None = None


@router.get("/people", response_model=list[PersonLine])
def list_people(  # noqa: PLR0913, PLR0917 - one parameter a filter
    request: Request,
    who: PeopleReader,
    services: ServicesOf,
    page: TurnOf,
    kind: Kind | None = None,
    state: PersonState | None = None,
    search: Annotated[
        str, Query(pattern=LINE, max_length=200, description="The beginning of a name, an e-mail or a phone number.")
    ] = "",
    occupation: Annotated[str, Query(pattern="^([0-9]{5})?$", description="Five digits of a unit group.")] = "",
    language: Annotated[str, Query(pattern="^([a-z]{2,3})?$", description="A language somebody speaks.")] = "",
    community: Line = "",
    waiting_since: Annotated[Day | None, Query(description="Who waits since this day or longer.")] = None,
) -> Response:
    """List people in the order they were added."""
    wanted = PeopleFilter(
        kind=kind,
        state=state,
        text=search,
        occupation=occupation,
        language=language,
        community=community,
        waiting_since=waiting_since,
        limit=page.limit,
        after=None if page.after is None else PersonId(page.after),
    )
    found = services.people.list(who.actor, wanted)
    return listed(request, found.people, found.next_after)


@router.post("/people", status_code=HTTPStatus.CREATED, response_model=TakenView)
def add_person(body: NewPerson, who: PeopleWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Take one person in. Consents are no part of it: people give them to people."""

    def add() -> Response:
        view = _taken(services.people.add(who.actor, body.kind, _cells(body.cells)))
        return shown(view, version=view.version, status=HTTPStatus.CREATED, at=f"/api/v1/people/{view.person}")

    return once(who, add)


@router.get("/people/{person}", response_model=PersonView)
def show_person(person: PersonPath, who: PeopleReader, services: ServicesOf) -> Response:
    """Show everything the program holds on one person; that it was shown is remembered."""
    view = services.people.show(who.actor, person)
    return shown(view, version=view.version)


@router.patch("/people/{person}", response_model=TakenView)
def edit_person(
    person: PersonPath, body: PersonChanges, read: Version, who: PeopleWriter, services: ServicesOf
) -> Response:
    """Change what is written of a person; 412 if somebody else changed her since she was read."""
    view = _taken(services.people.edit(who.actor, person, _cells(body.cells), version(read)))
    return shown(view, version=view.version)


@router.post("/people/{person}/pause", response_model=PauseView)
def pause_person(person: PersonPath, body: Pause, who: PeopleWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Let a person rest: nobody is suggested to her, and she to nobody."""
    return once(who, lambda: shown(services.people.pause(who.actor, person, body.until)))


@router.post("/people/{person}/resume", response_model=PauseView)
def resume_person(person: PersonPath, who: PeopleWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Let a person take part again."""
    return once(who, lambda: shown(services.people.resume(who.actor, person)))


@router.delete("/people/{person}", response_model=ErasureView)
def erase_person(person: PersonPath, who: PeopleEraser, services: ServicesOf) -> Response:
    """Erase a person, here at once and at every program that learned of her; it cannot be undone."""
    return shown(services.people.erase(who.actor, person))


@router.get("/people/{person}/disclosures", response_model=DisclosuresView)
def show_disclosures(person: PersonPath, who: PeopleReader, services: ServicesOf) -> Response:
    """Show what left this program about one person; that it was shown is remembered."""
    return shown(services.people.disclosures(who.actor, person))


def _cells(written: dict[Column, str]) -> tuple[Cell, ...]:
    return tuple(Cell(column, text) for column, text in written.items())


def _taken(view: TakenView) -> TakenView:
    if view.problems:
        raise UnreadableCellsError(view.problems)
    return view
