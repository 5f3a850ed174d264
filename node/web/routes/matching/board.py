"""A draft as a board: made, read, signed off, published, thrown away. Leaves moving people to `moving`."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from node.domain.drafts import DraftId
from node.domain.errors import DomainError
from node.domain.person import PersonId
from node.services.drafting.board_views import Show, Wanted
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, Typed, TypedHere

router = APIRouter(prefix="/matching/drafts")
FARTHEST = 1_000_000
"""No list of a program is longer."""


@router.post("", name="make_draft")
def make(desk: OwnDesk) -> Response:
    """A draft for everybody who waits: a small one is there at once, a large one is made after this was answered."""
    made = desk.services.drafts.make.ask(desk.actor)
    return desk.go("matching", done="draft_asked") if made is None else desk.go("board", done="draft_made", draft=made)


@router.get("/{draft}", name="board")
def board(desk: AtDesk, draft: DraftId, asked: AskedHere) -> Response:
    """A part of the board."""
    return show(desk, draft, asked)


def show(desk: Desk, draft: DraftId, asked: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    """The board as the address asks for it."""
    wanted = Wanted(
        show=next((one for one in Show if one == asked("show")), Show.ALL),
        cards_after=PersonId(asked("cards_after")) or None,
        left_after=PersonId(asked("left_after")) or None,
    )
    view = desk.services.drafts.board(desk.actor, draft, wanted)
    return desk.page("matching/board.html", view=view, shows=tuple(Show), errors=errors)


@router.post("/{draft}/undo")
def undo(desk: OwnDesk, draft: DraftId, typed: TypedHere) -> Response:
    """The newest change by hand is taken back."""
    try:
        desk.services.drafts.undo(desk.actor, draft, typed.number("version"))
    except DomainError as refusal:
        return show(desk, draft, Typed(), desk.refused("board", refusal))
    return desk.go("board", done="draft_undone", draft=draft)


@router.post("/{draft}/sign")
def sign(desk: OwnDesk, draft: DraftId, typed: TypedHere) -> Response:
    """Somebody else than who made or changed it has looked."""
    try:
        desk.services.drafts.sign(desk.actor, draft, typed.number("version"))
    except DomainError as refusal:
        return show(desk, draft, Typed(), desk.refused("board", refusal))
    return desk.go("board", done="draft_signed", draft=draft)


@router.post("/{draft}/discard")
def discard(desk: OwnDesk, draft: DraftId, typed: TypedHere) -> Response:
    """Nobody hears of it."""
    try:
        desk.services.drafts.discard(desk.actor, draft, typed.number("version"))
    except DomainError as refusal:
        return show(desk, draft, Typed(), desk.refused("board", refusal))
    return desk.go("matching", done="draft_discarded")


@router.get("/{draft}/publish", name="before_publishing")
def before_publishing(desk: AtDesk, draft: DraftId, start: Annotated[int, Query(ge=0, le=FARTHEST)] = 0) -> Response:
    """What is sent to whom, before it happens."""
    return _before(desk, draft, start)


def _before(desk: Desk, draft: DraftId, start: int = 0, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.drafts.before_publishing(desk.actor, draft, start)
    return desk.page("matching/publish.html", view=view, errors=errors)


@router.post("/{draft}/publish")
def publish(desk: OwnDesk, draft: DraftId, typed: TypedHere) -> Response:
    """Seats are taken, letters are written."""
    try:
        desk.services.drafts.publish(desk.actor, draft, typed.number("version"))
    except DomainError as refusal:
        return _before(desk, draft, errors=desk.refused("publish", refusal))
    return desk.go("board", done="draft_published", draft=draft)
