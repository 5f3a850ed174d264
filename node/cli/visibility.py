"""`mentorweave people visibility`: what a mentor is asked, with what others would see, and writing down her choice."""

from collections.abc import Iterator
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.cli.summary import listing_line
from node.domain.counts import minor_group
from node.domain.person import PersonId, Visibility
from node.services.visibility import VisibilityView


def visibility(
    person: Annotated[str, typer.Argument(help="The mentor's id.")],
    level: Annotated[
        int | None,
        typer.Argument(min=0, max=3, help="0 Only here, 1 Ask me first, 2 You may offer me, 3 Listed; none to read."),
    ] = None,
) -> None:
    """Read out the four choices with what others would see of her, or write down what she chose."""
    with session() as node:
        if level is None:
            view = node.services.people.visibility(node.actor, PersonId(person))
            node.reporter.answer(view, [*_question(node, view), *_now(node, view)])
        else:
            view = node.services.people.set_visibility(node.actor, PersonId(person), Visibility(level))
            node.reporter.answer(view, _now(node, view))


def _question(node: Session, view: VisibilityView) -> Iterator[str]:
    yield node.say("visibility.ask")
    for level in Visibility:
        yield f"{level.value}  {node.say(f'visibility.{level.value}')}"
        yield f"   {node.say(f'visibility.{level.value}.text')}"
        yield f"   {_example(node, view, level)}"


def _example(node: Session, view: VisibilityView, level: Visibility) -> str:
    if level in {Visibility.ASK_FIRST, Visibility.MAY_OFFER} and not view.counted:
        return node.say("visibility.example.none")
    line = listing_line(node, view.example)
    return node.say(f"visibility.example.{level.value}", group=minor_group(view.example.occupation), line=line)


def _now(node: Session, view: VisibilityView) -> Iterator[str]:
    yield node.say("visibility.now", level=node.say(f"visibility.{view.level.value}"))
    for change in view.history:
        chosen = node.say(f"visibility.{change.level.value}")
        yield "  " + node.say("visibility.since", moment=f"{change.at:%Y-%m-%d %H:%M}", level=chosen)
    if view.level is Visibility.LISTED and not view.agreed:
        yield node.say("visibility.unlisted", person=view.person)
