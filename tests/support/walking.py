"""Which page is which: the kind of every address, as its route was written."""

import re
from urllib.parse import urlsplit

from fastapi import FastAPI

from federation.ground.routes import share_routes
from node.web.app import ROOMS


def patterns(method: str) -> dict[str, re.Pattern[str]]:
    """Every address that takes a method, in order, with what it looks like."""
    app = FastAPI()
    share_routes(app, *ROOMS)
    paths = [path for path, methods in app.openapi()["paths"].items() if method in methods]
    return {path: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$") for path in paths}


def kind_of(path: str, known: dict[str, re.Pattern[str]]) -> str:
    """Which of the known addresses it is; blank for none."""
    plain = urlsplit(path).path
    return next((kind for kind, pattern in known.items() if pattern.match(plain)), "")
