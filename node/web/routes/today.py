"""The first page: what needs a person now."""

from fastapi import APIRouter
from starlette.responses import Response

from node.web.desk import AtDesk

router = APIRouter()


@router.get("/", name="today")
def today(desk: AtDesk) -> Response:
    """What needs a person, oldest first."""
    return desk.page("today/today.html", today=desk.services.today(desk.actor))
