"""The JSON API of a node, mounted at `/api/v1`: the verbs of the pages, for other programs."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.ground.limits import BodyLimit, PlainBodies
from federation.ground.routes import share_routes
from node.api.bearer import CALLS_A_MINUTE, Turns
from node.api.openapi import describe
from node.api.problems import JsonBodies, install
from node.api.routes import matches, mentorships, people, program, requests, texts
from node.bootstrap import Services

PREFIX = "/api/v1"
MOST_BYTES = 64 * 1024
_INTRODUCTION = """What the program's pages do, for other programs: the same verbs, rules and audit trail.

Every call carries a token: `Authorization: Bearer mw_...`. A token belongs to a member of staff, may do what its scopes
name, and never more than her role. Lists come in pages: follow the `next` of the `Link` header. A POST may carry an
`Idempotency-Key`; sent again within a day, it is answered as the first time. Refusals are problem documents (RFC 9457)
in the language of `Accept-Language`.
"""


def make_api(services: Services, *, language: str, calls_a_minute: int = CALLS_A_MINUTE) -> FastAPI:
    """The application; `language` is spoken to whoever accepts none that we speak."""
    app = interface()
    app.state.services = services
    app.state.language = language
    app.state.turns = Turns(calls_a_minute)
    install(app)
    app.add_middleware(JsonBodies)
    app.add_middleware(PlainBodies, prefixes=["/"])
    app.add_middleware(BodyLimit, default=MOST_BYTES)
    app.add_middleware(Unkept)
    return app


def interface() -> FastAPI:
    """Its routes and their document, before a node stands behind them."""
    app = FastAPI(
        title="Mentorweave",
        summary="One program's people, matches, requests, mentorships and reports.",
        description=_INTRODUCTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
    )
    routers = [resource.router for resource in (people, matches, requests, mentorships, program, texts)]
    app.state.routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    share_routes(app, *routers)
    describe(app)
    return app


class Unkept:
    """Tells every cache on the way to keep nothing, and every reader to take an answer for what it says it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Vary"] = "Accept-Language, Authorization"
            await send(message)

        await self._app(scope, receive, sending)
