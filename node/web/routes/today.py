"""The first page: what needs a person now."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from node.domain.actor import Action
from node.web.desk import AtDesk
from node.web.leads import advice, lead, remedy
from node.web.places import open_to

router = APIRouter()


@router.get("/", name="today")
def today(desk: AtDesk) -> Response:
    """What needs a person, oldest first; who reads no people has another first page."""
    if not desk.actor.can(Action.READ_PEOPLE):
        first = next((place.path for place in open_to(desk.actor)), "/account")
        return RedirectResponse(first, HTTPStatus.SEE_OTHER)
    view = desk.services.today(desk.actor)
    return desk.page("today/today.html", today=view, lead=lead, advice=advice, remedy=remedy)
