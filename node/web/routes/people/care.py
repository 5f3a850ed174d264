"""Rest, farewell and copies: pause, back again, erase after reading what goes, everything about one person."""

import json
import zipfile
from http import HTTPStatus
from io import BytesIO

from fastapi import APIRouter
from starlette.responses import Response

from federation.ground.writing import encode
from node.domain.actor import Action
from node.domain.errors import PauseOverError
from node.domain.person import PersonId
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import FieldError, Typed, TypedHere
from node.web.pages import pages_of
from node.web.telling import Telling

router = APIRouter(prefix="/people")


@router.get("/{person}/pause", name="person_pause")
def ask_when(desk: AtDesk, person: PersonId) -> Response:
    """The form of a pause."""
    desk.actor.may(Action.EDIT_PEOPLE)
    return _pause(desk, person, Typed())


@router.post("/{person}/pause")
def pause(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """Let her rest until a day, or until somebody says so."""
    until = typed.day("until")
    if typed.no_day("until"):
        return _pause(desk, person, typed, (FieldError("until", desk.say("form.day")),))
    try:
        desk.services.people.pause(desk.actor, person, until)
    except PauseOverError as refusal:
        return _pause(desk, person, typed, desk.refused("until", refusal))
    return desk.go("person", person=person, done="paused")


@router.post("/{person}/resume")
def resume(desk: OwnDesk, person: PersonId) -> Response:
    """She takes part again."""
    desk.services.people.resume(desk.actor, person)
    return desk.go("person", person=person, done="resumed")


@router.get("/{person}/erase", name="person_erase")
def ask_first(desk: AtDesk, person: PersonId) -> Response:
    """What goes and what stays, before anything does."""
    desk.actor.may(Action.ERASE_PEOPLE)
    return _erase(desk, person)


@router.post("/{person}/erase")
def erase(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """Destroy everything held on her."""
    desk.actor.may(Action.ERASE_PEOPLE)
    if not typed("sure"):
        return _erase(desk, person, (FieldError("sure", desk.say("folk.erase.sure.blank")),))
    view = desk.services.people.erase(desk.actor, person)
    return desk.page("people/erased.html", view=view)


@router.post("/{person}/export")
def export(desk: OwnDesk, person: PersonId) -> Response:
    """Everything about her in one file: for a machine, and for herself in the words of this visit."""
    view = desk.services.people.access(desk.actor, person)
    page = pages_of(desk.request).render(
        desk.request, "people/everything.html", HTTPStatus.OK, {"view": view, "tell": Telling(desk.say)}
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("everything.json", json.dumps(encode(view), ensure_ascii=False, indent=2))
        file.writestr("everything.html", bytes(page.body))
    return attachment(packed.getvalue(), "everything.zip", "application/zip")


def _pause(desk: Desk, person: PersonId, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.people.timeline(desk.actor, person)
    return desk.page("people/pause.html", view=view, person=person, typed=typed, errors=errors)


def _erase(desk: Desk, person: PersonId, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.people.dossier(desk.actor, person)
    return desk.page("people/erase.html", view=view, person=person, errors=errors)
