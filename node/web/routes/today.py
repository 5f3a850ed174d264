"""The first page: what needs a person now."""

from fastapi import APIRouter
from starlette.responses import Response

from node.web.desk import AtDesk
from node.web.leads import advice, lead, remedy

router = APIRouter()


@router.get("/", name="today")
def today(desk: AtDesk) -> Response:
    """What needs a person, oldest first."""
    view = desk.services.today(desk.actor)
    return desk.page("today/today.html", today=view, lead=lead, advice=advice, remedy=remedy)
