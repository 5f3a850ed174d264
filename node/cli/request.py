"""`mentorweave request`: asking other programs for a mentor, and answering them."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from node.cli import anonymous
from node.cli.session import Session, session
from node.domain.consent import Given
from node.domain.person import PersonId
from node.domain.request import Move
from node.services.agreeing import Yes
from node.services.request.opening import USUAL_HOURS
from node.services.request.views import RequestView
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Answer, Question

app = typer.Typer(name="request", help="Requests to and from other programs.", no_args_is_help=True)

for name, verb in anonymous.VERBS.items():
    app.command(name=name)(verb)

RequestArgument = Annotated[str, typer.Argument(help="The request's id.")]
MentorOption = Annotated[str, typer.Option("--mentor", help="The mentor's id.")]


@app.command()
def search(mentee: Annotated[str, typer.Argument(help="The mentee's id.")]) -> None:
    """Search what other programs published; the search stays on this machine."""
    with session() as node:
        view = node.services.requests.search(node.actor, PersonId(mentee))
        lines = [
            f"{lead.program}  {lead.name}, {lead.region}  {lead.listing.occupation}  "
            f"{node.say(f'nearness.{lead.nearness.name.lower()}')}  {', '.join(lead.languages_in_common)}  "
            f"{node.say(f'mode.{lead.listing.mode}')}  {node.say('request.seats', seats=lead.listing.seats)}"
            for lead in view.leads
        ]
        unknown = [node.say("request.unknown", name=program.name) for program in view.unknown]
        node.reporter.answer(view, [*(lines or [node.say("request.no_leads")]), *unknown])


@app.command(name="open")
def open_(
    mentee: Annotated[str, typer.Argument(help="The mentee's id.")],
    to: Annotated[str, typer.Option("--to", help="The id of the program that is asked.")],
    hours: Annotated[int, typer.Option(min=1, max=40, help="Hours a month.")] = USUAL_HOURS,
) -> None:
    """Ask one program; she must have agreed to being asked for elsewhere."""
    with session() as node:
        _answer(node, node.services.requests.open(node.actor, PersonId(mentee), NodeId(to), hours))


@app.command(name="list")
def list_(open_only: Annotated[bool, typer.Option("--open", help="Only those not at their end.")] = False) -> None:
    """Show requests, whose move it is, and until when."""
    with session() as node:
        views = node.services.requests.list(node.actor, open_only=open_only)
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("request.none")])


@app.command()
def show(request: RequestArgument) -> None:
    """Show one request and everything that was said."""
    with session() as node:
        _answer(node, node.services.requests.show(node.actor, ThreadId(request)))


@app.command()
def consent(
    request: RequestArgument,
    given: Annotated[Given, typer.Option("--given", help="How she said it.")],
    mentor: Annotated[str, typer.Option("--mentor", help="The mentor who agreed, where we have the mentor.")] = "",
    wording: Annotated[str, typer.Option(help="The words she agreed to.")] = "",
    in_principle: Annotated[
        bool, typer.Option("--in-principle", help="Only the first yes; she has not agreed to share her contact.")
    ] = False,
) -> None:
    """Write down both yeses of our person: to this meeting, and to sharing her contact in it."""
    yes = Yes(
        thread=ThreadId(request),
        given=given,
        wording=wording,
        mentor=PersonId(mentor) if mentor else None,
        in_principle_only=in_principle,
    )
    with session() as node:
        views = node.services.requests.agree(node.actor, yes)
        node.reporter.answer(views, [f"{view.id}  {node.say(f'purpose.{view.purpose}')}" for view in views])


@app.command()
def offer(
    request: RequestArgument,
    mentor: MentorOption,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Hold the seat to the end of this day.")
    ] = None,
) -> None:
    """Hold a seat of a mentor who agreed, and offer it."""
    end = datetime.combine(until, time(23, 59), UTC) if until else None
    with session() as node:
        _answer(node, node.services.requests.offer(node.actor, ThreadId(request), PersonId(mentor), end))


@app.command()
def accept(request: RequestArgument) -> None:
    """Accept the offer for our mentee, who agreed."""
    with session() as node:
        _answer(node, node.services.requests.accept(node.actor, ThreadId(request)))


@app.command()
def refuse(request: RequestArgument) -> None:
    """Refuse the offer; no reason travels."""
    _end(request, Move.REFUSE)


@app.command()
def withdraw(request: RequestArgument) -> None:
    """Take our request back."""
    _end(request, Move.WITHDRAW)


@app.command()
def recall(request: RequestArgument) -> None:
    """Take our offer back; the seat is free again."""
    _end(request, Move.RECALL)


@app.command()
def decline(request: RequestArgument) -> None:
    """Say no to a request about a listed mentor; no reason travels."""
    _end(request, Move.DECLINE)


@app.command()
def question(
    request: RequestArgument, mentor: MentorOption, what: Annotated[Question, typer.Argument(help="The question.")]
) -> None:
    """Ask one question of the fixed list, after a mentor agreed in principle."""
    with session() as node:
        _answer(node, node.services.requests.ask(node.actor, ThreadId(request), PersonId(mentor), what))


@app.command()
def answer(
    request: RequestArgument,
    what: Annotated[Question, typer.Argument(help="The question that was asked.")],
    value: Annotated[Answer, typer.Argument(help="The answer.")],
) -> None:
    """Answer a question with one coarse value."""
    with session() as node:
        _answer(node, node.services.requests.answer(node.actor, ThreadId(request), what, value))


def _end(request: str, move: Move) -> None:
    with session() as node:
        _answer(node, node.services.requests.end(node.actor, ThreadId(request), move))


def _answer(node: Session, view: RequestView) -> None:
    node.reporter.answer(view, [_line(node, view), *_story(node, view)])


def _line(node: Session, view: RequestView) -> str:
    head = f"{view.id}  {node.say(f'end.{view.end}', program=view.program_name)}  {view.need.occupation}"
    stage = node.say(f"stage.{view.stage}")
    if view.deadline_at is None:
        return f"{head}  {stage}"
    turn = node.say("request.our_move" if view.our_move else "request.their_move", day=view.deadline_at.date())
    return f"{head}  {stage}  {turn}"


def _story(node: Session, view: RequestView) -> list[str]:
    said = []
    for step in view.timeline:
        who = node.say("request.we" if step.by is view.end else "request.they")
        late = f" ({node.say('request.overtaken')})" if step.overtaken else ""
        said.append(f"  {step.at:%Y-%m-%d %H:%M}  {who}: {node.say(f'move.{step.move}')}{late}")
    return said + [f"  {node.say('request.suggested', mentor=mentor)}" for mentor in view.suggested]
