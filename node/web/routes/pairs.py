"""Lists of pairs: the program's for staff, her own for a participant."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from node.domain.mentorship import MentorshipId
from node.domain.pair import NoteId
from node.web.desk import AtDesk, OwnDesk
from node.web.own import AtOwnPlace

router = APIRouter()


@router.get("/mentorships", name="mentorships")
def pairs(desk: AtDesk, *, ended: Annotated[bool, Query()] = False, after: MentorshipId | None = None) -> Response:
    """Those who meet, or who met, newest first."""
    found = desk.services.mentorships.pairs(desk.actor, ended=ended, after=after)
    return desk.page("pair/list.html", found=found, ended=ended)


@router.post("/mentorships/{mentorship}/notes/{note}/seen-to")
def see_to(desk: OwnDesk, mentorship: MentorshipId, note: NoteId) -> Response:
    """A coordinator has seen to what one of a pair told her."""
    desk.services.mentorships.settle_note(desk.actor, mentorship, note)
    return desk.on(f"/mentorships/{mentorship}", done="pair-seen-to")


@router.get("/me", name="me")
def own_page(place: AtOwnPlace) -> Response:
    """Her pairs, and what she may do here."""
    return place.page("pair/me.html", view=place.services.mentorships.own_page(place.who))
