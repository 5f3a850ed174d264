"""Other programs: requests to and from them, what they offer, who they are, and our own place among them."""

from fastapi import APIRouter

from federation.ground.routes import share_routes
from node.web.routes.others import anonymous, deeds, offers, opening, programs, requests, standing

router = APIRouter()
share_routes(router, *(part.router for part in (requests, deeds, opening, anonymous, offers, programs, standing)))
