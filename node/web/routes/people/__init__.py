"""The pages of people: list, one person, adding and changing, spreadsheets, duplicates."""

from fastapi import APIRouter

from federation.ground.routes import share_routes
from node.web.routes.people import bring, care, duplicates, edit, folk, person

router = APIRouter()
share_routes(router, folk.router, bring.router, duplicates.router, edit.router, care.router, person.router)
