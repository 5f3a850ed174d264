"""The application of the pages, to be mounted at the root of a node's server."""

from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from federation.ground.limits import BodyLimit
from federation.ground.routes import share_routes
from node.bootstrap import Services
from node.domain.actor import SYSTEM
from node.domain.upload import MOST_UPLOAD_BYTES
from node.web import failures, shown
from node.web.guard import Guard
from node.web.once import OnceOnly
from node.web.own import OWN_PAIRS
from node.web.pages import STILLS, Pages
from node.web.routes import (
    account,
    again,
    arrivals,
    intake,
    join,
    letters,
    matching,
    others,
    pair,
    pairs,
    participant,
    passkeys,
    password,
    people,
    privacy,
    provider,
    rules,
    settings,
    signin,
    sources,
    texts,
    today,
)
from node.web.shown import AddressOfItsOwn
from node.web.visit import Cookies

MOST_BYTES = 64 * 1024
_CAPS = {"/people/import": MOST_UPLOAD_BYTES + 2 * 1024 * 1024, "/people": 256 * 1024}
# An uploaded list of people stays in memory until it is sealed: the parser would write a large one into a file.
MultiPartParser.spool_max_size = max(_CAPS.values())
# The page of a pair: for staff, and for its two people.
_AT_TWO_PLACES = APIRouter()
for _prefix in ("/mentorships", OWN_PAIRS):
    _AT_TWO_PLACES.include_router(pair.router, prefix=_prefix)
ROOMS = (
    today.router,
    matching.router,
    rules.router,
    signin.router,
    password.router,
    participant.router,
    arrivals.router,
    sources.router,
    intake.router,
    join.router,
    join.walk,
    people.router,
    account.router,
    passkeys.router,
    provider.router,
    provider.own,
    others.router,
    letters.router,
    privacy.router,
    pairs.router,
    texts.router,
    settings.router,
    again.router,
    shown.router,
    _AT_TWO_PLACES,
)
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def make_pages(services: Services, *, public_url: str, time_zone: str) -> FastAPI:
    """The pages over these verbs; `public_url` is blank where only this machine is served."""
    app = FastAPI(title="Mentorweave", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.pages = Pages(ZoneInfo(time_zone))
    # Read once: the page that says that the database is away must not need it.
    app.state.program = services.program(SYSTEM)
    app.state.cookies = Cookies(secure=public_url.startswith("https://"), program=app.state.program.id)
    app.state.hosted = bool(public_url)
    app.state.public_url = public_url
    share_routes(app, *ROOMS)
    app.add_api_route("/still/{digest}/{name}", still, methods=["GET"])
    failures.install(app)
    app.add_middleware(AddressOfItsOwn)
    app.add_middleware(OnceOnly)
    app.add_middleware(BodyLimit, default=MOST_BYTES, caps=_CAPS)
    app.add_middleware(failures.UnexpectedPages)
    app.add_middleware(Guard, public_url=public_url)
    return app


def still(request: Request, digest: str, name: str) -> Response:
    """A file of the pages; its address changes with it, so browsers may keep it.

    Pages themselves are not compressed: they hold tokens beside what was typed (the attack BREACH).
    """
    found = STILLS.get(name)
    if found is None or found.digest != digest:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media_type, headers={**_FOREVER, "Content-Encoding": "gzip"})
    return Response(found.body, media_type=found.media_type, headers=_FOREVER)
