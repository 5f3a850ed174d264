"""The application of the pages, to be mounted at the root of a node's server."""

from zoneinfo import ZoneInfo

from fastapi import FastAPI
from starlette.responses import Response

from federation.ground.limits import BodyLimit
from node.bootstrap import Services
from node.domain.actor import SYSTEM
from node.web import failures
from node.web.guard import Guard
from node.web.pages import ICON, STYLE, Pages
from node.web.routes import password, signin, today
from node.web.visit import Cookies

MOST_BYTES = 64 * 1024
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_A_DAY = {"Cache-Control": "public, max-age=86400"}


def make_pages(services: Services, *, public_url: str, time_zone: str) -> FastAPI:
    """The pages over these verbs; `public_url` is blank where only this machine is served."""
    app = FastAPI(title="Mentorweave", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.pages = Pages(ZoneInfo(time_zone))
    # Read once: the page that says that the database is away must not need it.
    app.state.program = services.program(SYSTEM)
    app.state.cookies = Cookies(secure=public_url.startswith("https://"), program=app.state.program.id)
    for routes in (today.router, signin.router, password.router):
        app.include_router(routes)
    app.add_api_route("/mentorweave.css", style, methods=["GET"])
    app.add_api_route("/icon.svg", icon, methods=["GET"])
    failures.install(app)
    app.add_middleware(BodyLimit, default=MOST_BYTES)
    app.add_middleware(failures.UnexpectedPages)
    app.add_middleware(Guard, public_url=public_url)
    return app


def style() -> Response:
    """The one style sheet; pages ask for it with its digest."""
    return Response(STYLE, media_type="text/css", headers=_FOREVER)


def icon() -> Response:
    """The mark of the program."""
    return Response(ICON, media_type="image/svg+xml", headers=_A_DAY)
