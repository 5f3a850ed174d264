"""`mentorweave report`: one report for board and funder."""

from datetime import datetime
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.services.report import ReportView

_DAYS = ["%Y-%m-%d"]
_MINUTES = 60


def report(
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAYS, help="The first day.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAYS, help="The last day.")] = None,
) -> None:
    """Count whom the program served; the other programs' reports add up with it."""
    with session() as node:
        view = node.services.report(node.actor, since.date() if since else None, until.date() if until else None)
        node.reporter.answer(view, _lines(node, view))


def _lines(node: Session, view: ReportView) -> list[str]:
    return [
        node.say("report.people", count=view.people_served),
        node.say("report.introductions", home=view.introductions_home, host=view.introductions_host),
        node.say("report.pairs", count=view.pairs_local),
        node.say("report.active", count=view.active),
        *(node.say("report.closed", outcome=node.say(f"outcome.{o}"), count=n) for o, n in view.closed.items()),
        node.say("report.meetings", count=view.meetings, hours=f"{view.mentor_minutes / _MINUTES:.1f}"),
        node.say("report.seats", total=view.seats.total, held=view.seats.held, used=view.seats.used),
        *(
            node.say(
                "report.program",
                name=line.name,
                home=line.introductions_home,
                host=line.introductions_host,
                closed=line.closed,
                meetings=line.meetings,
            )
            for line in view.programs
        ),
    ]
