"""Entries that look like one person: told apart, or made one, value by value."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import Action
from node.domain.errors import ChangedMeanwhileError
from node.domain.merging import BothAskedError, KindsDifferError, SamePersonError
from node.domain.person import PersonId
from node.services.intake.columns import Column
from node.services.intake.export import cells_of
from node.services.merging import MergeChoice
from node.services.people import PersonView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere
from node.web.routes.people.saying import worded

router = APIRouter(prefix="/people/duplicates")


@dataclass(frozen=True, slots=True)
class Side:
    """One column of both entries, side by side."""

    column: Column
    one: str
    other: str


@router.get("", name="people_duplicates")
def pairs(desk: AtDesk) -> Response:
    """Every pair that looks like one person."""
    return desk.page("people/duplicates.html", pairs=desk.services.people.duplicates(desk.actor))


@router.post("/{one}/{other}/apart")
def apart(desk: OwnDesk, one: PersonId, other: PersonId) -> Response:
    """They are two people."""
    desk.services.people.tell_apart(desk.actor, one, other)
    return desk.go("people_duplicates", done="told_apart")


@router.get("/{one}/{other}", name="people_merge")
def compare(desk: AtDesk, one: PersonId, other: PersonId) -> Response:
    """Both side by side."""
    desk.actor.may(Action.EDIT_PEOPLE)
    return _compare(desk, one, other, Typed((("kept", one),)))


@router.post("/{one}/{other}")
def merge(desk: OwnDesk, one: PersonId, other: PersonId, typed: TypedHere) -> Response:
    """Make one of two."""
    kept, gone = (other, one) if typed("kept") == other else (one, other)
    choice = MergeChoice(
        kept=kept,
        gone=gone,
        from_gone=tuple(column for column in Column if typed(f"from-{column}") == gone),
        kept_version=typed.number(f"version-{kept}") or 0,
        gone_version=typed.number(f"version-{gone}") or 0,
    )
    try:
        taken = desk.services.people.merge(desk.actor, choice)
    except ChangedMeanwhileError:
        return _compare(desk, one, other, typed, (FieldError("kept", desk.say("folk.merge.changed")),))
    except (BothAskedError, KindsDifferError, SamePersonError) as refusal:
        return _compare(desk, one, other, typed, desk.refused("kept", refusal))
    if taken.problems:
        return _compare(desk, one, other, typed, (FieldError("kept", desk.say("folk.merge.problem")),))
    return desk.go("person", person=kept, done="merged")


def _compare(desk: Desk, one: PersonId, other: PersonId, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    views = [desk.services.people.show(desk.actor, person) for person in (one, other)]
    return desk.page("people/merge.html", views=views, sides=_sides(desk, *views), typed=typed, errors=errors)


def _sides(desk: Desk, one: PersonView, other: PersonView) -> tuple[Side, ...]:
    """What differs."""
    theirs = {cell.column: cell.text for cell in cells_of(other)}
    differing = ((cell.column, cell.text, theirs[cell.column]) for cell in cells_of(one))
    return tuple(
        Side(column, worded(desk, column, mine), worded(desk, column, hers))
        for column, mine, hers in differing
        if mine != hers
    )
