"""Anonymous requests: ours and the offers for them, and those of others, weighed for our mentors."""

from collections.abc import Callable
from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from federation.ground.refusal import Refusal
from federation.membership.refusals import NotJoinedError
from node.domain.actor import Action
from node.domain.card import (
    CardOverError,
    MentorAskedError,
    NotAskedError,
    OfferOverError,
    OneOfferAtATimeError,
    QuestionId,
    UnknownCardError,
)
from node.domain.consent import Given, Purpose
from node.domain.errors import NoFreeSeatError
from node.domain.matching.rules import HIGHEST
from node.domain.person import PersonId
from node.domain.request import ConsentMissingError
from node.services.board.asking import OutsideView
from node.services.consent import NewConsent
from node.services.request.answering import EmailNeededError
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere
from node.web.routes.others.opening import unsaid
from node.web.telling import WAYS, Telling, moment_of
from protocol.ids import Digest

router = APIRouter(prefix="/others/anonymous")
_REFUSALS: tuple[type[Refusal], ...] = (
    CardOverError,
    ConsentMissingError,
    EmailNeededError,
    MentorAskedError,
    NoFreeSeatError,
    NotAskedError,
    OfferOverError,
    OneOfferAtATimeError,
)


class Reply(StrEnum):
    """What can be written down about one mentor and one request of others."""

    ASK = "ask"
    REFUSE = "refuse"
    OFFER = "offer"


@router.get("", name="anonymous")
def page(desk: AtDesk) -> Response:
    """Ours, and those of others that a mentor of ours could serve."""
    try:
        outside = desk.services.board.outside(desk.actor)
    except NotJoinedError:
        return desk.page("others/alone.html")
    board = desk.services.board.seen(desk.actor)
    return desk.page("others/anonymous.html", board=board, outside=outside, highest=HIGHEST, tell=Telling(desk.say))


@router.post("/attest")
def attest(desk: OwnDesk, typed: TypedHere) -> Response:
    """Count who waits, and say it."""
    desk.services.board.attest(desk.actor)
    if typed("mentee"):
        return desk.go("post_new", done="attested", mentee=typed("mentee"))
    return desk.go("anonymous", done="attested")


@router.post("/close/{card}")
def close(desk: OwnDesk, card: str) -> Response:
    """Close one of ours."""
    desk.services.board.unpost(desk.actor, Digest(card))
    return desk.go("anonymous", done="unposted")


@router.get("/offers/{mentee}", name="card_offers")
def offers(desk: AtDesk, mentee: str) -> Response:
    """What other programs offer for her, best first."""
    return _offers(desk, PersonId(mentee))


@router.post("/offers/{mentee}/yes")
def agree(desk: OwnDesk, typed: TypedHere, mentee: str) -> Response:
    """Write down that she may be asked for elsewhere, which nobody needed to know before."""
    desk.actor.may(Action.RECORD_CONSENT)
    day, errors = typed.day("day"), unsaid(desk, typed)
    if errors or day is None:
        return _offers(desk, PersonId(mentee), tuple(errors), typed)
    said_at = moment_of(day, desk.services.adapters.clock.now())
    given = typed.one_of("given", Given)
    new = NewConsent(person=PersonId(mentee), purpose=Purpose.OUTSIDE, given=given, granted_at=said_at)
    desk.services.consents.add(desk.actor, new)
    return desk.go("card_offers", done="agreed_to", mentee=mentee)


@router.post("/offers/{mentee}/{offer}/take")
def take(desk: OwnDesk, mentee: str, offer: str) -> Response:
    """Ask for the place that is held."""
    try:
        view = desk.services.board.take(desk.actor, QuestionId(offer))
    except _REFUSALS as refusal:
        return _offers(desk, PersonId(mentee), desk.refused("offers", refusal))
    return desk.go("request_show", done="taken", thread=view.id)


@router.post("/offers/{mentee}/{offer}/pass")
def pass_over(desk: OwnDesk, mentee: str, offer: str) -> Response:
    """Leave it."""
    desk.services.board.pass_over(desk.actor, QuestionId(offer))
    return desk.go("card_offers", done="passed", mentee=mentee)


def _offers(desk: Desk, mentee: PersonId, errors: tuple[FieldError, ...] = (), typed: Typed | None = None) -> Response:
    return desk.page(
        "others/offered.html",
        mentee=mentee,
        views=desk.services.board.offers(desk.actor, mentee),
        tell=Telling(desk.say),
        ways=WAYS,
        typed=typed or Typed(),
        errors=errors,
    )


@router.get("/{card}/{mentor}", name="outside")
def weigh(desk: AtDesk, card: str, mentor: str) -> Response:
    """One request of others and one mentor of ours."""
    return _outside(desk, Digest(card), PersonId(mentor), Typed())


@router.post("/{card}/{mentor}/{reply}")
def reply(desk: OwnDesk, typed: TypedHere, card: str, mentor: str, reply: Reply) -> Response:
    """Write down that she was asked, that she said no, or offer her."""
    try:
        _REPLIES[reply](desk, Digest(card), PersonId(mentor), typed)
    except _REFUSALS as refusal:
        return _outside(desk, Digest(card), PersonId(mentor), typed, refusal)
    if reply is Reply.ASK:
        return desk.go("outside", done="card.ask", card=card, mentor=mentor)
    return desk.go("anonymous", done=f"card.{reply}")


def _ask(desk: Desk, card: Digest, mentor: PersonId, _typed: Typed) -> OutsideView:
    return desk.services.board.ask(desk.actor, card, mentor)


def _refuse(desk: Desk, card: Digest, mentor: PersonId, _typed: Typed) -> OutsideView:
    return desk.services.board.refuse(desk.actor, card, mentor)


def _offer(desk: Desk, card: Digest, mentor: PersonId, typed: Typed) -> OutsideView:
    given = typed.one_of("given", Given) if typed("given") else None
    return desk.services.board.offer(desk.actor, card, mentor, given)


_REPLIES: dict[Reply, Callable[[Desk, Digest, PersonId, Typed], OutsideView]] = {
    Reply.ASK: _ask,
    Reply.REFUSE: _refuse,
    Reply.OFFER: _offer,
}


def _outside(desk: Desk, card: Digest, mentor: PersonId, typed: Typed, refusal: Refusal | None = None) -> Response:
    found = desk.services.board.outside(desk.actor)
    view = next((one for one in found if one.card == card and one.mentor == mentor), None)
    if view is None:
        raise UnknownCardError(card=card)
    return desk.page(
        "others/outside.html",
        view=view,
        highest=HIGHEST,
        told=desk.services.board.preview(desk.actor, card, mentor),
        typed=typed,
        ways=WAYS,
        tell=Telling(desk.say),
        errors=() if refusal is None else desk.refused("given", refusal),
    )
