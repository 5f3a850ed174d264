"""The pages of people: list, one person, adding and changing, spreadsheets, duplicates."""

from fastapi import APIRouter

from node.web.routes.people import care, folk, person

router = APIRouter(prefix="/people")
for room in (folk.router, care.router, person.router):
    router.include_router(room)
