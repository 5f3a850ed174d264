"""Matching: who waits, a mentee beside her suggestions, drafts as a board. People decide; these pages show and ask."""

from fastapi import APIRouter

from federation.ground.routes import share_routes
from node.web.routes.matching import board, case, moving, waiting

router = APIRouter()
# Drafts first: what else follows `/matching/` is the id of a mentee.
share_routes(router, waiting.router, board.router, moving.router, case.router)
