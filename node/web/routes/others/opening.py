"""Looking for a mentor elsewhere: what others list, exactly what would be said, and asking; or asking anonymously."""

from fastapi import APIRouter
from starlette.responses import Response

from federation.ground.refusal import Refusal
from federation.membership.refusals import NotJoinedError, RosterTooOldError
from node.domain.card import AlreadyPostedError, AttestationNeededError, NotVouchedError, ServedHereError
from node.domain.consent import Given
from node.domain.person import PersonId
from node.domain.request import ConsentMissingError
from node.services.request.opening import (
    USUAL_HOURS,
    AskedEnoughError,
    LanguageNeededError,
    Said,
    TooManyRequestsError,
)
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, Typed, TypedHere, worded
from node.web.telling import WAYS, Telling, moment_of
from protocol.errors import ProtocolError
from protocol.ids import NodeId

router = APIRouter(prefix="/others/new")
_REFUSALS: tuple[type[Refusal], ...] = (
    AskedEnoughError,
    ConsentMissingError,
    LanguageNeededError,
    RosterTooOldError,
    TooManyRequestsError,
)
_NOT_POSTED: tuple[type[Refusal], ...] = (
    AlreadyPostedError,
    AttestationNeededError,
    ConsentMissingError,
    NotVouchedError,
    ServedHereError,
)
_MOST_HOURS = 40


@router.get("/{mentee}", name="request_new")
def look(desk: AtDesk, asked: AskedHere, mentee: str) -> Response:
    """Who could be asked; with a program chosen, exactly what it would read."""
    return _page(desk, PersonId(mentee), asked)


@router.post("/{mentee}")
def ask(desk: OwnDesk, typed: TypedHere, mentee: str) -> Response:
    """Ask the program, with her yes where it is not written down yet."""
    hours = typed.number("hours") or 0
    errors = [] if 0 < hours <= _MOST_HOURS else [FieldError("hours", desk.say("across.hours.wrong"))]
    errors += unsaid(desk, typed) if typed("yes") else []
    if not errors:
        try:
            opened = desk.services.requests.open(
                desk.actor, PersonId(mentee), NodeId(typed("to")), hours, said=_said(desk, typed)
            )
        except _REFUSALS as refusal:
            errors += desk.refused("to", refusal)
        except ProtocolError as refusal:
            errors.append(FieldError("to", " ".join(worded(desk.say, refusal))))
        else:
            return desk.go("request_show", done="request.opened", thread=opened.id)
    return _page(desk, PersonId(mentee), typed, tuple(errors))


def _page(desk: Desk, mentee: PersonId, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    try:
        view = desk.services.requests.opening(desk.actor, mentee, typed.number("hours") or USUAL_HOURS)
    except NotJoinedError:
        return desk.page("others/alone.html")
    to = view.program(NodeId(typed("to")))
    return desk.page(
        "others/opening.html" if to is None else "others/ask.html",
        view=view,
        to=to,
        typed=typed,
        ways=WAYS,
        tell=Telling(desk.say),
        most=_MOST_HOURS,
        usual=USUAL_HOURS,
        errors=errors,
    )


def unsaid(desk: Desk, typed: Typed) -> list[FieldError]:
    """What a yes to being asked for elsewhere cannot be written down without."""
    day, today = typed.day("day"), desk.services.adapters.clock.now().date()
    found = [] if typed("given") in list(Given) else [FieldError("given", desk.say("across.given.blank"))]
    if day is None or day > today:
        found.append(FieldError("day", desk.say("across.day.unreadable" if day is None else "across.day.ahead")))
    return found


def _said(desk: Desk, typed: Typed) -> Said | None:
    day = typed.day("day")
    if not typed("yes") or day is None:
        return None
    return Said(given=typed.one_of("given", Given), at=moment_of(day, desk.services.adapters.clock.now()))


@router.get("/{mentee}/anonymous", name="post_new")
def preview(desk: AtDesk, mentee: str) -> Response:
    """Exactly what an anonymous request would say, among how many like it, and who could find out."""
    return _anonymous(desk, PersonId(mentee), Typed())


@router.post("/{mentee}/anonymous")
def post(desk: OwnDesk, typed: TypedHere, mentee: str) -> Response:
    """Post it, with her yes to exactly these words."""
    given = typed.one_of("given", Given) if typed("given") else None
    try:
        desk.services.board.post(desk.actor, PersonId(mentee), given)
    except _NOT_POSTED as refusal:
        return _anonymous(desk, PersonId(mentee), typed, desk.refused("given", refusal))
    return desk.go("anonymous", done="posted")


def _anonymous(desk: Desk, mentee: PersonId, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    why: tuple[str, str] | None = None
    card = None
    try:
        opening = desk.services.requests.opening(desk.actor, mentee)
    except NotJoinedError:
        return desk.page("others/alone.html")
    try:
        card = desk.services.board.post.preview(desk.actor, mentee)
    except ServedHereError as refusal:
        why = desk.say.refusal(refusal)
    return desk.page(
        "others/post.html",
        card=card,
        why=why,
        board=desk.services.board.seen(desk.actor),
        opening=opening,
        typed=typed,
        ways=WAYS,
        tell=Telling(desk.say),
        errors=errors,
    )
