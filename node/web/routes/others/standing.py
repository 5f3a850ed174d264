"""Our own place among the programs: joining, keys, what waits to be sent, what is wrong and what helps, backups."""

from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from federation.ground.refusal import Refusal
from federation.membership.refusals import NotJoinedError, RosterUnverifiedError, UnknownLetterError
from node.domain.actor import Action
from node.domain.errors import NotAllowedError
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere, worded
from node.web.leads import advice, remedy, worst_first
from protocol.errors import ProtocolError
from protocol.ids import NodeId
from protocol.vocabulary import Publishes, SizeBracket

router = APIRouter(prefix="/others/node")


class Sending(StrEnum):
    """What can be done about everything that waits."""

    PAUSE = "pause"
    RESUME = "resume"


@router.get("", name="standing")
def page(desk: AtDesk) -> Response:
    """How this program stands."""
    return _page(desk, Typed())


@router.post("/join")
def join(desk: OwnDesk, typed: TypedHere) -> Response:
    """Ask to join, or look how far it is: the same code may be given again."""
    if not typed("code"):
        return _page(desk, typed, (FieldError("code", desk.say("across.join.code.blank")),))
    size, publishes = typed.one_of("size", SizeBracket), typed.one_of("publishes", Publishes)
    try:
        desk.services.federation.join(desk.actor, typed("code"), publishes, size)
    except NotAllowedError:
        raise
    except (Refusal, ProtocolError) as refusal:
        return _page(desk, typed, (FieldError("code", " ".join(worded(desk.say, refusal))),))
    return desk.go("standing", done="join.asked")


@router.post("/letters/{message}/retry")
def retry(desk: OwnDesk, message: str) -> Response:
    """Try one again."""
    try:
        desk.services.federation.retry(desk.actor, message)
    except UnknownLetterError:
        return desk.go("standing", done="retry.gone")
    return desk.go("standing", done="retry")


@router.post("/sending/{sending}")
def send(desk: OwnDesk, sending: Sending) -> Response:
    """Stop sending, or go on."""
    desk.services.federation.pause(desk.actor, paused=sending is Sending.PAUSE)
    return desk.go("standing", done=f"sending.{sending}")


@router.post("/backup")
def back_up(desk: OwnDesk) -> Response:
    """Make a backup now."""
    desk.services.care.back_up(desk.actor)
    return desk.go("standing", done="backup")


@router.post("/keys")
def rotate(desk: OwnDesk) -> Response:
    """Put every data key under a fresh master key."""
    desk.services.keys.rotate(desk.actor)
    return desk.go("standing", done="keys")


def _page(desk: Desk, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    federation = desk.services.federation
    try:
        names = {member.id: member.name for member in federation.roster(desk.actor).members}
    except (NotJoinedError, RosterUnverifiedError):
        names = dict[NodeId, str]()
    keeps = desk.actor.can(Action.KEEP_KEYS)
    return desk.page(
        "others/node.html",
        membership=federation.membership(desk.actor),
        waiting=federation.waiting(desk.actor),
        names=names,
        warnings=federation.warnings(desk.actor),
        findings=worst_first(desk.services.care.examine(desk.actor)),
        remedy=remedy,
        advice=advice,
        backs_up=desk.actor.can(Action.BACK_UP),
        keys=desk.services.keys.show(desk.actor) if keeps else None,
        takes_part=desk.actor.can(Action.TAKE_PART),
        sizes=tuple(SizeBracket),
        publishing=tuple(Publishes),
        typed=typed,
        errors=errors,
    )
