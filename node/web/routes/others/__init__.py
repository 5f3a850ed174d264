"""Other programs: requests to and from them, what they offer, who they are, and our own place among them."""

from fastapi import APIRouter

from node.web.routes.others import anonymous, deeds, offers, opening, programs, requests, standing

router = APIRouter()
for part in (requests, deeds, opening, anonymous, offers, programs, standing):
    router.include_router(part.router)
