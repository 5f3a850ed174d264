"""`mentorweave people consent`: writing down a yes, taking it back, reading the history."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.consent import ANY_MEMBER, Given, GrantId, Purpose
from node.domain.person import PersonId
from node.services.consent import ConsentView, NewConsent

app = typer.Typer(name="consent", help="What a person agreed to.", no_args_is_help=True)

_DAYS = ["%Y-%m-%d"]
PersonArgument = Annotated[str, typer.Argument(help="The person's id.")]
GivenOption = Annotated[Given, typer.Option("--given", help="How she said it.")]


@app.command()
def add(  # noqa: PLR0917 - options of a command
    person: PersonArgument,
    purpose: Annotated[Purpose, typer.Option(help="What she agrees to.")],
    given: GivenOption,
    recipient: Annotated[str, typer.Option(help="A member program's id; every member if left out.")] = ANY_MEMBER,
    concerns: Annotated[str, typer.Option(help="The one request, card or offer it is about.")] = "",
    wording: Annotated[str, typer.Option(help="The words she agreed to.")] = "",
    granted_on: Annotated[datetime | None, typer.Option(formats=_DAYS, help="The day she said yes.")] = None,
    expires_on: Annotated[datetime | None, typer.Option(formats=_DAYS, help="The day it ends.")] = None,
) -> None:
    """Write down a yes."""
    new = NewConsent(
        person=PersonId(person),
        purpose=purpose,
        given=given,
        recipient=recipient,
        concerns=concerns,
        wording=wording,
        granted_at=_moment(granted_on),
        expires_at=_moment(expires_on),
    )
    with session() as node:
        view = node.services.consents.add(node.actor, new)
        node.reporter.answer(view, [one_line(node, view)])


@app.command()
def withdraw(consent: Annotated[str, typer.Argument(help="The consent's id.")], given: GivenOption) -> None:
    """Write down that a yes was taken back."""
    with session() as node:
        view = node.services.consents.withdraw(node.actor, GrantId(consent), given)
        node.reporter.answer(view, [one_line(node, view)])


@app.command(name="list")
def list_(person: PersonArgument) -> None:
    """Show everything a person agreed to, and what she took back."""
    with session() as node:
        views = node.services.consents.list(node.actor, PersonId(person))
        node.reporter.answer(views, [one_line(node, view) for view in views] or [node.say("consent.none")])


def _moment(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def one_line(node: Session, view: ConsentView) -> str:
    """One yes, and whether it holds."""
    if view.withdrawn_at is not None:
        state = node.say("consent.withdrawn", day=view.withdrawn_at.date())
    else:
        state = node.say("consent.in_force" if view.in_force else "consent.lapsed", day=view.expires_at.date())
    purpose, given = node.say(f"purpose.{view.purpose}"), node.say(f"given.{view.given}")
    return f"{view.id}  {view.granted_at.date()}  {purpose} ({given}): {state}"
