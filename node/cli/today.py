"""`mentorweave today`: what needs a person now."""

from collections.abc import Iterator

from node.cli.session import session
from node.services.today import TodayView
from node.words import Words


def today() -> None:
    """Show what needs a person now, oldest first, each with the command that takes the next step."""
    with session() as node:
        view = node.services.today(node.actor)
        node.reporter.answer(view, list(_lines(node.say, view)))


def _lines(say: Words, view: TodayView) -> Iterator[str]:
    if not (view.findings or view.matters):
        yield say("today.count.none")
    for finding in view.findings:
        yield say(f"check.{finding.code}", **finding.params)
        yield f"  {say(f'check.{finding.code}.next', **finding.params)}"
    for matter in view.matters:
        params = matter.params(say.language, say("today.somebody"))
        yield f"{matter.since:%Y-%m-%d}  {say(f'today.{matter.concern}', **params)}"
        yield f"  {say(f'today.{matter.concern}.do', **params)}"
        yield f"  mentorweave {say(f'today.{matter.concern}.command', **params)}"
    if view.more_unanswered:
        count = "one" if view.more_unanswered == 1 else "many"
        yield say(f"today.more.{count}", count=view.more_unanswered)
