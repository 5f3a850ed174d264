"""The member programs, in words."""

from fastapi import APIRouter
from starlette.responses import Response

from federation.membership.refusals import NotJoinedError, RosterUnverifiedError
from node.web.desk import AtDesk

router = APIRouter(prefix="/others/programs")


@router.get("", name="programs")
def page(desk: AtDesk) -> Response:
    """Who belongs, by which six words each is known, and when it was last heard."""
    try:
        view = desk.services.federation.roster(desk.actor)
    except (NotJoinedError, RosterUnverifiedError):
        return desk.page("others/alone.html")
    return desk.page("others/programs.html", view=view)
