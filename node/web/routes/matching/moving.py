"""Moving somebody of a draft: where she could go, what it would mean, and keeping it. Drag and drop asks the same."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from node.domain.drafts import DraftId
from node.domain.errors import ChangedMeanwhileError
from node.domain.matching.rules import HIGHEST
from node.domain.person import PersonId
from node.services.drafting.moving import ForbiddenPairError
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, TypedHere

router = APIRouter(prefix="/matching/drafts/{draft}/move/{mentee}")
_NOBODY = "nobody"
_FARTHEST = 10_000


@router.get("", name="places")
def places(
    desk: AtDesk, draft: DraftId, mentee: PersonId, start: Annotated[int, Query(ge=0, le=_FARTHEST)] = 0
) -> Response:
    """The places that are free for her, the closest fit first."""
    view = desk.services.drafts.places(desk.actor, draft, mentee, start)
    return desk.page("matching/places.html", view=view, highest=HIGHEST)


@router.get("/to/{place}", name="preview_move")
def preview(desk: AtDesk, draft: DraftId, mentee: PersonId, place: str) -> Response:
    """What a move would mean."""
    return _preview(desk, draft, mentee, place)


def _preview(desk: Desk, draft: DraftId, mentee: PersonId, place: str, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.drafts.preview(desk.actor, draft, mentee, _mentor(place))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return desk.page("matching/move.html", status=status, view=view, place=place, highest=HIGHEST, errors=errors)


@router.post("")
def move(desk: OwnDesk, draft: DraftId, mentee: PersonId, typed: TypedHere) -> Response:
    """Keep a move."""
    place = typed("place")
    try:
        desk.services.drafts.change(desk.actor, draft, mentee, _mentor(place), typed.number("version"))
    except ForbiddenPairError as refusal:
        said = desk.say(f"obstacle.{refusal.params['obstacle']}")
        return _preview(desk, draft, mentee, place, (FieldError("move", said),))
    except ChangedMeanwhileError as refusal:
        return _preview(desk, draft, mentee, place, desk.refused("move", refusal))
    return desk.go("board", done="draft_moved", draft=draft)


def _mentor(place: str) -> PersonId | None:
    return None if place == _NOBODY else PersonId(place)
