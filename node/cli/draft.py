"""`mentorweave match draft`, and `show`, `change`, `sign`, `publish`, `discard`: who would meet whom."""

from collections.abc import Iterator
from typing import Annotated

import typer

from node.cli.session import session
from node.domain.drafts import DraftId
from node.domain.person import PersonId
from node.services.drafting.views import DraftView, LeftView
from node.words import Words
from node.words.reasons import reason

app = typer.Typer()

DraftOption = Annotated[str | None, typer.Option("--draft", help="The draft's id; the newest if left out.")]


@app.command()
def draft() -> None:
    """Make a draft for everybody who waits; nobody hears of it before it is published."""
    with session() as node:
        view = node.services.drafts.make(node.actor)
        node.reporter.answer(view, list(_lines(node.say, view)))


@app.command()
def show(staged: DraftOption = None) -> None:
    """Show a draft: its pairs, whom it leaves out and why, and what differs from the last one."""
    with session() as node:
        view = node.services.drafts.show(node.actor, _chosen(staged))
        node.reporter.answer(view, list(_lines(node.say, view)))


@app.command()
def change(
    mentee: Annotated[str, typer.Argument(help="The mentee's id.")],
    mentor: Annotated[str | None, typer.Argument(help="The mentor's id; nobody if left out.")] = None,
    staged: DraftOption = None,
) -> None:
    """Put a mentee of a draft with another mentor, or with nobody, and say what speaks for and against it."""
    with session() as node:
        chosen = PersonId(mentor) if mentor else None
        view = node.services.drafts.change(node.actor, _chosen(staged), PersonId(mentee), chosen)
        if isinstance(view, LeftView):
            node.reporter.answer(view, [node.say(f"why.{view.why}", cutoff=view.cutoff, own=view.own)])
            return
        found = (*(("+", r) for r in view.reasons_for), *(("-", r) for r in view.reasons_against))
        node.reporter.answer(view, [f"  {sign} {reason(node.say, said.code, said.details)}" for sign, said in found])


@app.command()
def sign(staged: DraftOption = None) -> None:
    """Sign a draft off that somebody else made."""
    with session() as node:
        view = node.services.drafts.sign(node.actor, _chosen(staged))
        node.reporter.answer(view, list(_head(node.say, view)))


@app.command()
def discard(staged: DraftOption = None) -> None:
    """Throw a draft away."""
    with session() as node:
        view = node.services.drafts.discard(node.actor, _chosen(staged))
        node.reporter.answer(view, [node.say("draft.discarded")])


@app.command()
def publish(
    staged: DraftOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Put every pair of a draft together: seats are taken, letters are written."""
    with session() as node:
        if not yes:
            typer.confirm(node.say("draft.sure"), abort=True, err=True)
        view = node.services.drafts.publish(node.actor, _chosen(staged))
        skipped = [node.say("draft.skipped", mentee=pair.mentee, mentor=pair.mentor) for pair in view.skipped]
        circles = [node.say.count("draft.published.circles", view.in_circles)] if view.in_circles else []
        node.reporter.answer(view, [node.say("draft.published", count=view.begun), *circles, *skipped])


def _chosen(staged: str | None) -> DraftId | None:
    return DraftId(staged) if staged else None


def _head(say: Words, view: DraftView) -> Iterator[str]:
    figures = view.figures
    counts = {"matched": view.matched, "mentees": figures.mentees, "seats": figures.seats, "fit": view.fit}
    yield say("draft.head", draft=view.id, state=say(f"draft.state.{view.state}"), **counts)
    yield say("draft.tiers", long=figures.by_tier[0], middle=figures.by_tier[1], short=figures.by_tier[2])
    yield say("draft.greedy", matched=figures.greedy_matched, fit=figures.greedy_fit)
    if view.outdated:
        yield say("draft.outdated")
    if figures.circle_seats:
        yield say("draft.circles", count=figures.circle_seats)
    if figures.for_locals:
        yield say.count("draft.locals", figures.for_locals)


def _lines(say: Words, view: DraftView) -> Iterator[str]:
    yield from _head(say, view)
    for pair in view.pairs:
        named = {"mentee_name": pair.mentee_name, "mentor_name": pair.mentor_name}
        line = say("draft.pair", mentee=pair.mentee, mentor=pair.mentor, fit=pair.fit, **named)
        marks = [
            say(code) for code, said in (("draft.in_circle", pair.circle), ("draft.by_hand", pair.by_hand)) if said
        ]
        yield f"{line} ({', '.join(marks)})" if marks else line
    for left in view.unmatched:
        why = say(f"why.{left.why}", cutoff=left.cutoff, own=left.own)
        yield say("draft.left", mentee=left.mentee, name=left.name, why=why)
    for code, changes in (("draft.gains", view.gains), ("draft.loses", view.losses)):
        for change in changes:
            yield say(code, mentee=change.mentee, before=change.before, after=change.after)
