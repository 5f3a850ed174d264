"""`mentorweave join`, `mentorweave sync` and `mentorweave roster`: taking part in a federation."""

import time
from typing import Annotated

import typer
from typer.main import get_command

from node.cli.session import Session, session
from node.services.ports.federation import Admission, JoinView
from protocol.vocabulary import Publishes, SizeBracket

roster = typer.Typer(name="roster", help="The member programs.", no_args_is_help=True)

_PAUSE = 2.0


def join(
    code: Annotated[str, typer.Argument(help="The join code a steward gave you.")],
    wait: Annotated[float, typer.Option("--wait", min=0, help="Wait so many seconds to be admitted.")] = 0,
    publishes: Annotated[Publishes, typer.Option(help="What we publish of our size.")] = Publishes.BRACKET,
    size: Annotated[SizeBracket, typer.Option(help="How many mentors we have.")] = SizeBracket.UNDER_25,
) -> None:
    """Join a federation. Read the six words to a steward over the phone; the same code may be given again."""
    with session() as node:
        until, noted = time.monotonic() + wait, False
        while True:
            view = node.services.federation.join(node.actor, code, publishes, size)
            if view.state in {Admission.ADMITTED, Admission.REFUSED} or time.monotonic() >= until:
                break
            if not noted:
                node.reporter.note(_words(node, view))
                noted = True
            time.sleep(_PAUSE)
        node.reporter.answer(view, [_words(node, view), node.say(f"join.{view.state}")])


def sync() -> None:
    """One round: read what came, send what waits, let lapse what nobody answered, send letters."""
    with session() as node:
        view = node.services.federation.sync(node.actor)
        node.services.letters.send(node.actor)
        done = view.round
        lines = [
            node.say("sync.done", received=done.received, sent=done.sent, summaries=done.summaries)
            if done.reached
            else node.say("sync.unreached" if done.joined else "sync.waiting")
        ]
        lines += [node.say(f"alert.{warned.code}", subject=warned.subject) for warned in done.warnings]
        lines += [
            node.say("sync.lapsed", request=lapse.request, program=lapse.program_name, person=lapse.person or "-")
            for lapse in view.lapsed
        ]
        node.reporter.answer(view, lines)


@roster.command(name="show")
def show() -> None:
    """Show the member programs, and how old that knowledge is."""
    with session() as node:
        view = node.services.federation.roster(node.actor)
        lines = [node.say(f"freshness.{view.freshness}")]
        lines += [
            f"{member.id}  {member.name}, {member.region}  {node.say(f'member.{member.status}')}"
            for member in view.members
        ]
        node.reporter.answer(view, lines)


@roster.command(
    name="files",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def files(context: typer.Context) -> None:
    """Drive the client of the signed files by hand, as suites that test such clients do."""
    from federation.membership.conformance import roster_app  # noqa: PLC0415 - loads a client nothing else needs

    get_command(roster_app).main(list(context.args), prog_name="mentorweave roster files")


def _words(node: Session, view: JoinView) -> str:
    return node.say("join.words", words=" ".join(view.words))
