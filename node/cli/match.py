"""`mentorweave match`: mentors for a mentee, ranked and explained. People decide."""

from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.matching import HIGHEST
from node.domain.person import PersonId
from node.services.matching import SuggestionView

app = typer.Typer(name="match", help="Mentors for a mentee.", no_args_is_help=True)

MenteeArgument = Annotated[str, typer.Argument(help="The mentee's id.")]
MentorArgument = Annotated[str, typer.Argument(help="The mentor's id.")]


@app.command()
def suggest(mentee: MenteeArgument, limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10) -> None:
    """Rank the program's own mentors for one mentee."""
    with session() as node:
        view = node.services.matching.suggest(node.actor, PersonId(mentee), limit)
        lines = [line for found in view.suggestions for line in _lines(node, found)]
        lines = lines or [node.say("match.none")]
        helps = (node.say(f"help.{h.obstacle}", count=h.mentors) for h in view.would_help)
        node.reporter.answer(view, [*lines, *helps])


@app.command()
def why(mentee: MenteeArgument, mentor: MentorArgument) -> None:
    """Say everything that speaks for and against one pair."""
    with session() as node:
        view = node.services.matching.why(node.actor, PersonId(mentee), PersonId(mentor))
        node.reporter.answer(view, _lines(node, view))


@app.command()
def exclude(
    mentee: MenteeArgument,
    mentor: MentorArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Allow the pair again.")] = False,
) -> None:
    """Keep two people apart: they are never suggested to each other."""
    with session() as node:
        view = node.services.matching.keep_apart(node.actor, PersonId(mentee), PersonId(mentor), apart=not undo)
        node.reporter.answer(view, [node.say("match.allowed" if undo else "match.kept_apart")])


@app.command()
def approve(mentee: MenteeArgument, mentor: MentorArgument) -> None:
    """Put two of our own together: a seat is taken, and each gets a letter."""
    with session() as node:
        view = node.services.mentorships.approve(node.actor, PersonId(mentee), PersonId(mentor))
        node.reporter.answer(view, [node.say("match.approved", mentorship=view.id)])


def _lines(node: Session, view: SuggestionView) -> list[str]:
    title = view.title_fr if node.say.language == "fr" else view.title_en
    signed = (
        *(("x", f"obstacle.{rule}") for rule in view.obstacles),
        *(("+", f"reason.{reason}") for reason in view.reasons_for),
        *(("-", f"reason.{reason}") for reason in view.reasons_against),
    )
    score = node.say("match.score", fit=view.fit, highest=HIGHEST, seats=view.free_seats)
    head = f"{view.mentor}  {view.name}  {view.occupation} {title}  {score}"
    return [head, *(f"  {sign} {node.say(code)}" for sign, code in signed)]
