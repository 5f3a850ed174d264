"""Other programs: requests to and from them, what they offer, who they are, and our own place among them."""

from fastapi import APIRouter

from node.web.routes.others import deeds, requests

router = APIRouter()
for part in (requests, deeds):
    router.include_router(part.router)
