"""`mentorweave mentorship`: goals, meetings and outcomes of those who meet."""

from datetime import date, datetime
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.mentorship import Agreement, Goal, GoalState, MentorshipId
from node.services.mentorship.views import MentorshipView
from protocol.vocabulary import Outcome

app = typer.Typer(name="mentorship", help="Pairs and groups that meet.", no_args_is_help=True)

MentorshipArgument = Annotated[str, typer.Argument(help="The mentorship's id.")]
_DAYS = ["%Y-%m-%d"]


@app.command(name="list")
def list_(active: Annotated[bool, typer.Option("--active", help="Only those that did not end.")] = False) -> None:
    """Show mentorships."""
    with session() as node:
        views = node.services.mentorships.list(node.actor, active_only=active)
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("mentorship.none")])


@app.command()
def show(mentorship: MentorshipArgument) -> None:
    """Show one mentorship with its goals and meetings."""
    with session() as node:
        _answer(node, node.services.mentorships.show(node.actor, MentorshipId(mentorship)))


@app.command()
def agree(
    mentorship: MentorshipArgument,
    words: Annotated[str, typer.Option("--words", help="What the pair agreed, in their own words.")],
    goal: Annotated[list[str], typer.Option("--goal", help="DATE=WORDS, one to five of them.")],
    review_on: Annotated[datetime, typer.Option(formats=_DAYS, help="When they look at it again.")],
) -> None:
    """Write down what the pair agreed."""
    goals = tuple(_goal(text) for text in goal)
    with session() as node:
        agreement = Agreement(words=words, review_on=review_on.date(), goals=goals)
        _answer(node, node.services.mentorships.agree(node.actor, MentorshipId(mentorship), agreement))


@app.command(name="goal")
def settle(
    mentorship: MentorshipArgument,
    number: Annotated[int, typer.Argument(min=1, help="Which goal, counted from 1.")],
    state: Annotated[GoalState, typer.Argument(help="What became of it.")],
) -> None:
    """Write down what became of a goal."""
    with session() as node:
        _answer(node, node.services.mentorships.settle(node.actor, MentorshipId(mentorship), number, state))


@app.command()
def meet(
    mentorship: MentorshipArgument,
    minutes: Annotated[int, typer.Option("--minutes", help="How long it took.")],
    held_on: Annotated[datetime | None, typer.Option("--on", formats=_DAYS, help="The day; today if left out.")] = None,
) -> None:
    """Write down that they met; the other program is told how many times, nothing else."""
    with session() as node:
        day = held_on.date() if held_on else None
        _answer(node, node.services.mentorships.meet(node.actor, MentorshipId(mentorship), minutes, day))


@app.command()
def pause(mentorship: MentorshipArgument) -> None:
    """Write down that they stopped meeting for a while; the other program is told, nothing else."""
    _rest(mentorship, paused=True)


@app.command()
def resume(mentorship: MentorshipArgument) -> None:
    """Write down that they meet again."""
    _rest(mentorship, paused=False)


def _rest(mentorship: str, *, paused: bool) -> None:
    with session() as node:
        _answer(node, node.services.mentorships.rest(node.actor, MentorshipId(mentorship), paused=paused))


@app.command()
def close(
    mentorship: MentorshipArgument, outcome: Annotated[Outcome, typer.Option("--outcome", help="How it ended.")]
) -> None:
    """Write down how it ended; the seat is free again."""
    with session() as node:
        _answer(node, node.services.mentorships.close(node.actor, MentorshipId(mentorship), outcome))


def _goal(text: str) -> Goal:
    day, _, words = text.partition("=")
    try:
        return Goal(words=words.strip(), due_on=date.fromisoformat(day.strip()))
    except ValueError as error:
        raise typer.BadParameter(
            "write the day it is due, =, and the goal: 2027-03-31=Sit the exam.", param_hint="--goal"
        ) from error


def _answer(node: Session, view: MentorshipView) -> None:
    lines = [_line(node, view)]
    if view.review_on is not None:
        lines.append(f"  {view.words}  ({node.say('mentorship.review', day=view.review_on)})")
    for number, goal in enumerate(view.goals, 1):
        lines.append(f"  {number}. {goal.words}  {goal.due_on}  {node.say(f'goal.{goal.state}')}")
    lines += [node.say("mentorship.meeting", day=held.held_on, minutes=held.minutes) for held in view.meetings]
    node.reporter.answer(view, lines)


def _line(node: Session, view: MentorshipView) -> str:
    people = ", ".join(person for person in (*view.members, view.mentor) if person)
    state = node.say(f"outcome.{view.outcome}") if view.outcome else node.say(f"mentorship.{view.state}")
    held = node.say("mentorship.held", count=view.meetings_held)
    return f"{view.id}  {node.say(f'place.{view.place}')}  {people}  {state}  {held}"
