"""The web application of a node on loopback: whether it lives, and whether it is ready."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import JSONResponse

from federation.ground.logs import AccessLog
from federation.ground.problems import install_problem_handlers

READY, NOT_READY = 200, 503


def make_app(is_ready: Callable[[], bool], started: Callable[[], None]) -> FastAPI:
    """The application; `is_ready` looks at the database, `started` is called once it takes requests."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        started()
        yield

    app = FastAPI(title="Mentorweave", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """The database answers too."""
        ready = is_ready()
        return JSONResponse({"status": "ready" if ready else "waiting"}, READY if ready else NOT_READY)

    install_problem_handlers(app)
    app.add_middleware(AccessLog)
    return app
