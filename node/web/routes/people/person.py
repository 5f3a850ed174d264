"""One person: what is known of her, what happened, who has seen it; what is written down beside her."""

from datetime import datetime, time
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from node.domain.consent import Given, GrantId, Purpose
from node.domain.errors import ConsentPeriodError
from node.domain.note import NoteBlankError, NoteTooLongError
from node.domain.person import Kind, PersonId, Visibility
from node.services.consent import NewConsent
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere
from node.web.telling import Telling

router = APIRouter(prefix="/people")
ASKED = {
    Kind.MENTEE: (Purpose.OUTSIDE, Purpose.CONTACT, Purpose.CARD),
    Kind.MENTOR: (Purpose.CONTACT, Purpose.LISTING, Purpose.STANDING),
}
"""Yeses that hold for more than one request; those to one offer are recorded on its own page."""


@router.get("/{person}", name="person")
def show(desk: AtDesk, person: PersonId) -> Response:
    """Her page."""
    return _page(desk, person)


@router.get("/{person}/timeline", name="person_timeline")
def timeline(desk: AtDesk, person: PersonId) -> Response:
    """What happened, the newest first."""
    return desk.page("people/timeline.html", view=desk.services.people.timeline(desk.actor, person), person=person)


@router.get("/{person}/seen", name="person_seen")
def seen(desk: AtDesk, person: PersonId) -> Response:
    """Who has seen her data, elsewhere and here."""
    disclosed = desk.services.people.disclosures(desk.actor, person)
    trail = desk.services.people.timeline(desk.actor, person)
    return desk.page("people/seen.html", view=disclosed, readers=trail.readers, person=person)


@router.post("/{person}/notes")
def note(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """Write something down."""
    try:
        desk.services.people.note(desk.actor, person, typed("words"))
    except (NoteBlankError, NoteTooLongError) as refusal:
        return _page(desk, person, typed, desk.refused("words", refusal))
    return desk.go("person", person=person, done="noted")


@router.post("/{person}/consents")
def agree(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """Write down a yes: to what, how it was said, when, and in which words if not the usual ones."""
    if errors := _unsaid(desk, typed):
        return _page(desk, person, typed, errors)
    day = typed.day("on")
    new = NewConsent(
        person=person,
        purpose=typed.one_of("purpose", Purpose),
        given=typed.one_of("given", Given),
        wording=typed("wording"),
        granted_at=min(datetime.combine(day, time(), desk.zone), _now(desk)) if day else None,
    )
    try:
        desk.services.consents.add(desk.actor, new)
    except ConsentPeriodError as refusal:
        return _page(desk, person, typed, desk.refused("on", refusal))
    return desk.go("person", person=person, done="agreed_to")


@router.post("/{person}/consents/{grant}/withdraw")
def take_back(desk: OwnDesk, person: PersonId, grant: GrantId, typed: TypedHere) -> Response:
    """Write down that a yes was taken back."""
    known = {one.id for one in desk.services.consents.list(desk.actor, person)}
    if grant not in known:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    given = typed.one_of("given", Given)
    desk.services.consents.withdraw(desk.actor, grant, given)
    return desk.go("person", person=person, done="taken_back")


@router.post("/{person}/visibility")
def be_seen(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """How far she wants to be seen from now on."""
    level = typed.number("level")
    if level is None or level not in list(Visibility):
        return _page(desk, person, typed, (FieldError("level", desk.say("folk.visibility.blank")),))
    desk.services.people.set_visibility(desk.actor, person, Visibility(level))
    return desk.go("person", person=person, done="seen_so_far")


@router.post("/{person}/link")
def send_link(desk: OwnDesk, person: PersonId) -> Response:
    """Write to her how she gets to her own page."""
    desk.services.participants.send_link(desk.actor, person)
    return desk.go("person", person=person, done="link_sent")


def _unsaid(desk: Desk, typed: Typed) -> tuple[FieldError, ...]:
    """What a yes cannot be written down without."""
    day = typed.day("on")
    wrong = {
        "purpose": typed("purpose") not in list(Purpose),
        "given": typed("given") not in list(Given),
        "on": bool(typed("on")) and (day is None or day > _now(desk).astimezone(desk.zone).date()),
    }
    return tuple(FieldError(field, desk.say(f"folk.consent.{field}.wrong")) for field, is_so in wrong.items() if is_so)


def _now(desk: Desk) -> datetime:
    return desk.services.adapters.clock.now()


def _page(desk: Desk, person: PersonId, typed: Typed | None = None, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.people.dossier(desk.actor, person)
    return desk.page(
        "people/person.html",
        view=view,
        person=person,
        typed=typed or Typed(),
        tell=Telling(desk.say),
        purposes=ASKED[view.person.kind],
        ways=tuple(Given),
        levels=tuple(Visibility),
        errors=errors,
    )
