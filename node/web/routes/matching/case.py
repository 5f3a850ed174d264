"""A mentee beside her suggestions: reasons, single decisions, two mentors compared, both asked."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import Action
from node.domain.drafts import NotInDraftError, UnknownDraftError
from node.domain.errors import DomainError
from node.domain.matching.rules import HIGHEST
from node.domain.person import PersonId
from node.services.drafting.editing import WhyNotView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, TypedHere

router = APIRouter(prefix="/matching")
_TWO = 2


@router.get("/{mentee}", name="case")
def case(desk: AtDesk, mentee: PersonId) -> Response:
    """Her facts on one side, the mentors who fit best on the other."""
    return _case(desk, mentee)


def _case(desk: Desk, mentee: PersonId, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.matching.case(desk.actor, mentee)
    why = _why_not(desk, mentee)
    return desk.page("matching/case.html", view=view, why=why, highest=HIGHEST, errors=errors)


def _why_not(desk: Desk, mentee: PersonId) -> WhyNotView | None:
    """What the newest draft says of her; None where there is no draft, or she came after it."""
    try:
        return desk.services.drafts.why_not(desk.actor, mentee)
    except (UnknownDraftError, NotInDraftError):
        return None


@router.get("/{mentee}/compare", name="compare")
def compare(desk: AtDesk, mentee: PersonId, asked: AskedHere) -> Response:
    """Two mentors side by side."""
    chosen = asked.all("with")
    if len(chosen) != _TWO:
        return _case(desk, mentee, (FieldError("compare", desk.say("fit.compare.two")),))
    one, other = map(PersonId, chosen)
    return desk.page(
        "matching/compare.html", view=desk.services.matching.compare(desk.actor, mentee, one, other), highest=HIGHEST
    )


@router.get("/{mentee}/ask/{mentor}", name="ask_both")
def ask_both(desk: AtDesk, mentee: PersonId, mentor: PersonId) -> Response:
    """What asking both means, before it happens."""
    desk.actor.may(Action.MATCH)
    return _ask(desk, mentee, mentor)


def _ask(desk: Desk, mentee: PersonId, mentor: PersonId, errors: tuple[FieldError, ...] = ()) -> Response:
    view = desk.services.matching.compare(desk.actor, mentee, mentor, mentor)
    return desk.page("matching/ask.html", view=view, highest=HIGHEST, errors=errors)


@router.post("/{mentee}/ask/{mentor}")
def put_together(desk: OwnDesk, mentee: PersonId, mentor: PersonId) -> Response:
    """A seat is taken, and each of the two gets a letter."""
    try:
        desk.services.mentorships.approve(desk.actor, mentee, mentor)
    except DomainError as refusal:
        return _ask(desk, mentee, mentor, desk.refused("ask", refusal))
    return desk.go("matching", done="asked_both")


@router.post("/{mentee}/bonds/{mentor}")
def decide(desk: OwnDesk, mentee: PersonId, mentor: PersonId, typed: TypedHere) -> Response:
    """Kept apart or wanted, or neither any more."""
    matching, actor = desk.services.matching, desk.actor
    verbs: dict[str, Callable[[], object]] = {
        "apart": lambda: matching.keep_apart(actor, mentee, mentor, apart=True),
        "allow": lambda: matching.keep_apart(actor, mentee, mentor, apart=False),
        "pin": lambda: matching.pin(actor, mentee, mentor, pinned=True),
        "unpin": lambda: matching.pin(actor, mentee, mentor, pinned=False),
    }
    verb = verbs[typed.one_of("do", verbs)]
    try:
        verb()
    except DomainError as refusal:
        return _case(desk, mentee, desk.refused("bonds", refusal))
    return desk.go("case", done=f"bond_{typed('do')}", mentee=mentee)
