"""The program itself: what it is, its report and its privacy ledger, and the codes of occupations."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from node.api.answering import shown
from node.api.asking import LINE, Day
from node.api.bearer import Anybody, ReportsReader, ServicesOf
from node.api.routes import resource
from node.services.ledger import LedgerView
from node.services.occupations import OccupationHit
from node.services.program import ProgramView
from node.services.report import ReportView

router = resource("program")


@router.get("/program", response_model=ProgramView)
def show_program(who: Anybody, services: ServicesOf) -> Response:
    """Show what this program is called, and where it works."""
    return shown(services.program(who.actor))


@router.get("/occupations", response_model=list[OccupationHit])
def search_occupations(
    _who: Anybody,
    services: ServicesOf,
    text: Annotated[str, Query(min_length=1, max_length=200, pattern=LINE, description="A title, or digits.")],
    limit: Annotated[int, Query(ge=1, le=50, description="At most so many.")] = 5,
) -> Response:
    """Find the code of an occupation (NOC 2021) from what people type, in English or French."""
    return shown(services.occupations(text, limit))


@router.get("/report", response_model=ReportView)
def make_report(
    who: ReportsReader,
    services: ServicesOf,
    since: Annotated[Day | None, Query(description="The first day.")] = None,
    until: Annotated[Day | None, Query(description="The last day.")] = None,
) -> Response:
    """Count whom the program served in a period; the other programs' reports add up with it."""
    return shown(services.report(who.actor, since, until))


@router.get("/ledger", response_model=LedgerView)
def show_ledger(who: ReportsReader, services: ServicesOf) -> Response:
    """Show everything that was drawn, published, agreed to and said to other programs, and at what cost."""
    return shown(services.summary.ledger(who.actor))
