"""Letters to our own people: which need somebody, opening one to send it by hand, ticking it off."""

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import Action
from node.domain.letter import LetterId
from node.web.desk import AtDesk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import AskedHere

router = APIRouter(prefix="/letters")


@router.get("", name="letters")
def page(desk: AtDesk, asked: AskedHere) -> Response:
    """What needs somebody, and all letters page by page."""
    before = LetterId(asked("before")) if asked("before") else None
    view = desk.services.letters.show(desk.actor, before)
    return desk.page("letters/letters.html", view=view, first=before is None, sends=desk.actor.can(Action.SEND_LETTERS))


@router.post("/send")
def send(desk: OwnDesk) -> Response:
    """Send what is due."""
    desk.services.letters.send(desk.actor)
    return desk.go("letters", done="letters.sent")


@router.post("/{letter}/open")
def open_(desk: OwnDesk, letter: str) -> Response:
    """The letter as a file."""
    file = desk.services.letters.open(desk.actor, LetterId(letter))
    return attachment(file, f"{LetterId(letter)}.eml", "message/rfc822")


@router.post("/{letter}/sent")
def tick_off(desk: OwnDesk, letter: str) -> Response:
    """Somebody sent it by hand."""
    desk.services.letters.tick_off(desk.actor, LetterId(letter))
    return desk.go("letters", done="letter.ticked")
