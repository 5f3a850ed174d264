"""Mentees who wait, the longest first."""

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.person import PersonId
from node.web.desk import AtDesk

router = APIRouter(prefix="/matching")


@router.get("", name="matching")
def waiting(desk: AtDesk, after: PersonId | None = None) -> Response:
    """A page of them, and the draft in hand."""
    return desk.page("matching/waiting.html", view=desk.services.matching.waiting(desk.actor, after), after=after)
