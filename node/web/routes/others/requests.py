"""Requests to and from other programs: whose move it is, and each one's story in words."""

from fastapi import APIRouter
from starlette.datastructures import URL
from starlette.responses import RedirectResponse, Response

from node.web.desk import AtDesk
from node.web.forms import AskedHere
from node.web.telling import Telling
from protocol.ids import ThreadId

router = APIRouter(prefix="/others")


@router.get("", name="others")
def others(desk: AtDesk) -> Response:
    """The first page of the place, in the language that was asked for."""
    first = URL(desk.request.app.url_path_for("requests"))
    return RedirectResponse(first.replace(query=desk.request.url.query))


@router.get("/requests", name="requests")
def page(desk: AtDesk, asked: AskedHere) -> Response:
    """What is open, or what ended."""
    ended = asked("show") == "ended"
    view = desk.services.requests.stories(desk.actor, ended=ended, start=asked.number("from") or 0)
    return desk.page("others/requests.html", view=view, ended=ended)


@router.get("/requests/{thread}", name="request_show")
def show(desk: AtDesk, thread: str) -> Response:
    """One request: what was said, who knows what, and what can be done now."""
    story = desk.services.requests.story(desk.actor, ThreadId(thread))
    return desk.page("others/request.html", story=story, tell=Telling(desk.say))
