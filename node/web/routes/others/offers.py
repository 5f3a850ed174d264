"""What the other programs offer: on a map, in a table, and near one occupation."""

from fastapi import APIRouter
from starlette.responses import Response

from federation.membership.refusals import NotJoinedError
from node.domain.errors import UnknownOccupationError
from node.domain.person import OccupationCode
from node.services.occupations import OccupationHit
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, TypedHere
from node.web.mapping import HEIGHT, WIDTH, plan
from node.web.telling import Telling
from protocol.vocabulary import SizeBracket

router = APIRouter(prefix="/others/offers")
_RADII = dict(zip(SizeBracket, (8, 12, 17, 22), strict=True))
_MOST_HITS = 8


@router.get("", name="offers")
def page(desk: AtDesk, asked: AskedHere) -> Response:
    """Everything, or what is near an occupation."""
    return _page(desk, asked("near"))


@router.post("")
def search(desk: OwnDesk, typed: TypedHere) -> Response:
    """Which occupation is meant: what is typed never stands in an address."""
    hits = desk.services.occupations(typed("occupation"), _MOST_HITS) if typed("occupation") else ()
    if len(hits) == 1:
        return desk.go("offers", query=(("near", hits[0].code),))
    errors = () if hits else (FieldError("occupation", desk.say("across.offered.no_occupation")),)
    return _page(desk, "", typed("occupation"), hits, errors)


def _page(
    desk: Desk,
    near: str,
    text: str = "",
    hits: tuple[OccupationHit, ...] = (),
    errors: tuple[FieldError, ...] = (),
) -> Response:
    try:
        occupation = OccupationCode(near) if near and desk.title(OccupationCode(near)) else None
    except UnknownOccupationError:
        occupation = None
    try:
        view = desk.services.summary.map(desk.actor, occupation)
    except NotJoinedError:
        return desk.page("others/alone.html")
    placed = [one for one in view.programs if one.spot is not None]
    here = () if view.here is None else (view.here,)
    drawn = plan([*(one.spot for one in placed if one.spot is not None), *here])
    return desk.page(
        "others/offers.html",
        view=view,
        near=occupation,
        text=text,
        hits=hits,
        placed=tuple(zip(placed, drawn.points, strict=False)),
        home=drawn.points[-1] if here else None,
        drawn=drawn,
        size=(WIDTH, HEIGHT),
        radii=_RADII,
        tell=Telling(desk.say),
        errors=errors,
    )
