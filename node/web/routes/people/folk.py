"""Everybody, page by page: search and filters stand in the address, what was searched for only hidden."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import SYSTEM
from node.domain.person import Kind, PersonId, PersonState
from node.services.ports import PeopleFilter
from node.services.ports.sheets import SheetFormat
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import AskedHere, FieldError, Typed, TypedHere
from node.web.routes.people.saying import languages
from node.web.telling import Telling

router = APIRouter(prefix="/people")
PAGE = 50
WAITS = (7, 30, 90)
_FILTERS = ("kind", "state", "community", "occupation", "language", "waiting")
_SHEETS = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class _Link:
    """Addresses of this list with something changed."""

    query: tuple[tuple[str, str], ...]

    def __call__(self, **changed: str) -> str:
        kept = [(name, value) for name, value in self.query if name not in changed]
        return f"/people?{urlencode([*kept, *((name, value) for name, value in changed.items() if value)])}"


@router.get("", name="people")
def everybody(desk: AtDesk, asked: AskedHere) -> Response:
    """Some of the people who fit."""
    text = desk.services.people.hide.reveal(desk.actor, asked("find"))
    return _page(desk, asked, text)


@router.post("/find")
def find(desk: OwnDesk, typed: TypedHere) -> Response:
    """What was typed, on its way into an address: a name hidden, an occupation as its code."""
    query = [(name, typed(name)) for name in _FILTERS if name != "occupation" and typed(name)]
    if typed("occupation"):
        found = desk.services.occupations(typed("occupation"), 1)
        if not found:
            error = FieldError("occupation", desk.say("folk.occupation.unknown"))
            return _page(desk, typed, typed("text"), errors=(error,))
        query.append(("occupation", found[0].code))
    if typed("text"):
        query.append(("find", desk.services.people.hide(desk.actor, typed("text"))))
    return desk.go("people", query=tuple(query))


@router.post("/export/{form}")
def export(desk: OwnDesk, form: SheetFormat) -> Response:
    """Everybody in a spreadsheet."""
    exported = desk.services.people.export(desk.actor, None, form)
    return attachment(exported.content, f"people.{form}", _SHEETS[form])


def _page(desk: Desk, asked: Typed, text: str, errors: tuple[FieldError, ...] = ()) -> Response:
    wanted = _wanted(desk, asked, text)
    query = tuple((name, asked(name)) for name in (*_FILTERS, "find", "after") if asked(name))
    places = desk.services.program(SYSTEM).communities
    named = desk.title(found[0].code) if (found := desk.services.occupations(wanted.occupation or "-", 1)) else ""
    return desk.page(
        "people/folk.html",
        found=desk.services.people.list(desk.actor, wanted),
        wanted=wanted,
        asked=asked,
        text=text,
        occupation=named or asked("occupation"),
        link=_Link(query),
        narrowed=bool({name for name, _ in query} - {"after"}),
        communities=[(name, name) for name in places] if len(places) > 1 else [],
        languages=languages(desk.say),
        tell=Telling(desk.say),
        waiting_choices=[(days, desk.say("folk.waiting.days", days=days)) for days in WAITS],
        errors=errors,
    )


def _wanted(desk: Desk, asked: Typed, text: str) -> PeopleFilter:
    days = asked.number("waiting")
    now = desk.services.adapters.clock.now().astimezone(desk.zone).date()
    return PeopleFilter(
        kind=Kind(asked("kind")) if asked("kind") in list(Kind) else None,
        state=PersonState(asked("state")) if asked("state") in list(PersonState) else None,
        text=text,
        occupation=asked("occupation") if asked("occupation").isdigit() else "",
        language=asked("language"),
        community=asked("community"),
        waiting_since=now - timedelta(days=days) if days in WAITS else None,
        limit=PAGE,
        after=PersonId(asked("after")) if asked("after") else None,
    )
