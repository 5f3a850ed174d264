"""Where people come from: a link for each poster and partner, and how many began and sent a form by it."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from node.domain.intake.source import SourceExistsError, SourceUnnamedError
from node.domain.person import Kind
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, TypedHere

router = APIRouter(prefix="/settings/intake/sources")
PAGE = 25
_FARTHEST = 100_000


class Use(StrEnum):
    """Whether a source is counted."""

    RETIRE = "retire"
    AGAIN = "again"


@router.get("", name="sources")
def sources(desk: AtDesk, start: Annotated[int, Query(ge=0, le=_FARTHEST)] = 0) -> Response:
    """Sources with their links and their counts: those that count by their names, then those that do not any more."""
    return _list(desk, start=start)


@router.post("")
def add(desk: OwnDesk, typed: TypedHere) -> Response:
    """A link of its own for one poster or partner."""
    try:
        desk.services.intake.add_source(desk.actor, typed("source"))
    except (SourceUnnamedError, SourceExistsError) as refusal:
        return _list(desk, *desk.refused("source", refusal), source=typed("source"))
    return desk.go("sources", done="source")


@router.post("/{source}/{use}")
def retire(desk: OwnDesk, source: str, use: Use) -> Response:
    """Count it no longer, or again."""
    desk.services.intake.retire_source(desk.actor, source, retired=use is Use.RETIRE)
    return desk.go("sources", done=f"source_{use}")


def _list(desk: Desk, *errors: FieldError, source: str = "", start: int = 0) -> Response:
    known = sorted(desk.services.intake.sources(desk.actor), key=lambda one: one.retired_at is not None)
    shown = known[start : start + PAGE]
    return desk.page(
        "intake/sources.html",
        path="/settings/intake",
        kind="sources",
        counting=[one for one in shown if one.retired_at is None],
        retired=[one for one in shown if one.retired_at is not None],
        start=start,
        next_start=start + PAGE if len(known) > start + PAGE else None,
        addresses={kind: str(desk.request.url_for("join", kind=kind)) for kind in Kind},
        typed_source=source,
        errors=errors,
    )
