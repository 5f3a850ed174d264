"""The first page: what needs a person now."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from node.web.pages import pages_of
from node.web.visit import ServicesOf, SignedInHere, form_token

router = APIRouter()


@router.get("/", name="today")
def today(request: Request, services: ServicesOf, here: SignedInHere) -> Response:
    """What needs a person, oldest first."""
    view = services.today(here.visitor.actor)
    context = {"visitor": here.visitor, "token": form_token(here.secret), "today": view}
    return pages_of(request).render(request, "today/today.html", context=context)
