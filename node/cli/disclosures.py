"""`mentorweave people disclosures`: who has seen the data of one person, in words for her."""

from collections.abc import Iterator
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.cli.summary import OutOption, cost, hand_over
from node.domain.person import Kind, PersonId
from node.services.disclosures import AnonymousView, DisclosuresView, LearnedView


def disclosures(person: Annotated[str, typer.Argument(help="The person's id.")], out: OutOption = None) -> None:
    """Tell who has seen the data of one person, when, and when she agreed to it."""
    with session() as node:
        view = node.services.people.disclosures(node.actor, PersonId(person))
        title, *lines = disclosed(node, view)
        if out is not None:
            lines = [hand_over(node, out, title, [node.say("ledger.column.text")], [[line] for line in lines])]
        node.reporter.answer(view, [title, *lines])


def disclosed(node: Session, view: DisclosuresView) -> Iterator[str]:
    """Who has seen the data of a person, in words for her."""
    yield node.say("disclosures.title", name=view.name)
    yield from (_learned(node, one) for one in view.learned)
    for listed in view.listed:
        yield node.say("disclosures.listed", moment=f"{listed.at:%Y-%m-%d}", receivers=listed.receivers)
    yield from (_anonymous(node, one) for one in view.anonymous)
    if not (view.learned or view.listed or view.anonymous):
        yield node.say("disclosures.nobody")
    yield node.say("disclosures.forgotten")
    if view.kind is Kind.MENTOR:
        yield from _as_mentor(node, view)


def _as_mentor(node: Session, view: DisclosuresView) -> Iterator[str]:
    yield node.say("disclosures.asked", times=view.asked)
    if view.epsilon_milli:
        spent = {"cost": cost(view.epsilon_milli), "year": cost(view.year_milli)}
        yield node.say("disclosures.counted", right=view.right_in_100, **spent)
    else:
        yield node.say("disclosures.uncounted")
    yield node.say("visibility.now", level=node.say(f"visibility.{view.visibility.value}"))
    for change in view.history:
        chosen = node.say(f"visibility.{change.level.value}")
        yield "  " + node.say("visibility.since", moment=f"{change.at:%Y-%m-%d %H:%M}", level=chosen)


def _anonymous(node: Session, one: AnonymousView) -> str:
    said = node.say("disclosures.posted" if one.posted else "disclosures.offered", moment=f"{one.at:%Y-%m-%d}")
    if one.agreed_at is None:
        return said
    return f"{said} " + node.say("disclosures.agreed", agreed=f"{one.agreed_at:%Y-%m-%d}")


def _learned(node: Session, one: LearnedView) -> str:
    what, moment = node.say(f"learned.{one.learned}"), f"{one.at:%Y-%m-%d}"
    if one.agreed_at is None:
        return node.say("disclosures.learned.unproven", moment=moment, program=one.program_name, what=what)
    agreed = f"{one.agreed_at:%Y-%m-%d}"
    return node.say("disclosures.learned", moment=moment, program=one.program_name, what=what, agreed=agreed)
