"""The pages of people: list, one person, adding and changing, spreadsheets, duplicates."""

from fastapi import APIRouter

from node.web.routes.people import bring, care, duplicates, edit, folk, person

router = APIRouter()
for room in (folk.router, bring.router, duplicates.router, edit.router, care.router, person.router):
    router.include_router(room, prefix="/people")
