"""What was typed when a session ended: shown to her once she is signed in again, and sent only when she says so."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from node.web.again import NEVER_KEPT, PATH
from node.web.desk import AtDesk
from node.web.forms import Typed, TypedHere
from node.web.own import AtOwnPlace, Seat

router = APIRouter()


@router.post("/again")
def again(desk: AtDesk, typed: TypedHere) -> Response:
    """What she typed, to be sent once more under her new session."""
    return _once_more(desk, typed)


@router.post("/me/again")
def again_of_hers(place: AtOwnPlace, typed: TypedHere) -> Response:
    """The same for a participant."""
    return _once_more(place, typed)


def _once_more(seat: Seat, typed: Typed) -> Response:
    path = urlsplit(typed(PATH)).path
    fields = [(name, text) for name, text in typed.fields if name not in {PATH, *NEVER_KEPT}]
    action = path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    return seat.page("again/again.html", action=action, fields=fields)
