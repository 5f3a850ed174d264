"""What leaves the building and what stays, for the officer and for everybody else: offer, words, ledger, forgetting."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from federation.membership.refusals import NotJoinedError
from node.domain.person import Visibility
from node.services.ledger import LedgerFormat, LedgerView
from node.web.asking import example_of
from node.web.desk import AtDesk, OwnDesk
from node.web.downloads import attachment
from node.web.telling import Telling
from node.words import Words

router = APIRouter(prefix="/privacy")
_TYPES = {LedgerFormat.CSV: "text/csv; charset=utf-8", LedgerFormat.PDF: "application/pdf"}


@router.get("", name="privacy")
def offer(desk: AtDesk) -> Response:
    """What would be published, what it costs, and what others could learn from it."""
    try:
        view = desk.services.summary.preview(desk.actor)
    except NotJoinedError:
        view = None
    return desk.page("privacy/offer.html", view=view, tell=Telling(desk.say))


@router.post("/agree")
def agree(desk: OwnDesk) -> Response:
    """Her yes to what the page shows."""
    desk.services.summary.agree(desk.actor)
    return desk.go("privacy", done="agreed")


@router.post("/publish")
def publish(desk: OwnDesk) -> Response:
    """Publish now, not only next week."""
    desk.services.summary.publish(desk.actor)
    return desk.go("privacy", done="published")


@router.get("/visibility")
def visibility(desk: AtDesk) -> Response:
    """The four words a mentor chooses among, as she is asked."""
    counted = desk.services.people.counted()
    levels = tuple((level, example_of(level, counted=counted)) for level in Visibility)
    return desk.page("privacy/visibility.html", levels=levels)


@router.get("/ledger", name="ledger")
def ledger(desk: AtDesk, noted: Annotated[str | None, Query(max_length=64, pattern="^[0-9a-f]*$")] = None) -> Response:
    """Everything that was counted and published, at what cost, who said yes; if asked, whether the book holds."""
    view = desk.services.summary.ledger(desk.actor)
    checked = None if noted is None else desk.services.summary.verify(desk.actor, noted)
    return desk.page("privacy/ledger.html", view=view, checked=checked, noted=noted or "")


@router.post("/ledger/{form}")
def hand_over(desk: OwnDesk, form: LedgerFormat) -> Response:
    """The ledger as a file."""
    view = desk.services.summary.ledger(desk.actor)
    header = [desk.say(f"ledger.column.{name}") for name in ("at", "what", "text", "digest")]
    file = desk.services.summary.export(desk.actor, desk.say("ledger.title"), header, list(_rows(desk.say, view)), form)
    return attachment(file, f"ledger.{form}", _TYPES[form])


@router.get("/forgetting")
def forgetting(desk: AtDesk) -> Response:
    """How long what is kept, and which programs have not confirmed yet that they forgot somebody."""
    kept = desk.services.people.keep_no_longer(desk.actor, dry_run=True)
    return desk.page("privacy/forgetting.html", kept=kept, told=desk.services.people.erasures(desk.actor))


def _rows(say: Words, view: LedgerView) -> Iterator[Sequence[str]]:
    """Every draw, release and yes, newest first: when, what, in words, and its hash."""
    for line in view.lines:
        text = say(f"ledger.{line.what}.text", **line.params).strip()
        yield f"{line.at:%Y-%m-%d %H:%M}", say(f"ledger.{line.what}"), text, line.digest
