"""`mentorweave outbox` and `mentorweave letters`: what waits to be sent to other programs, and to our own people."""

from collections.abc import Sequence
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.letter import LetterId
from node.services.letters import LetterView
from node.services.ports.border import Waiting

app = typer.Typer(name="outbox", help="What waits to be sent to other programs.", no_args_is_help=True)
letters = typer.Typer(name="letters", help="Letters to our own people.", no_args_is_help=True)


@app.command(name="list")
def list_() -> None:
    """Show what is not delivered yet."""
    with session() as node:
        _answer(node, node.services.federation.waiting(node.actor))


@app.command()
def retry(message: Annotated[str, typer.Argument(help="The message's id.")]) -> None:
    """Try a message again with the next round."""
    with session() as node:
        _answer(node, node.services.federation.retry(node.actor, message))


@app.command()
def pause() -> None:
    """Send nothing to other programs until `resume`; reading goes on."""
    with session() as node:
        _answer(node, node.services.federation.pause(node.actor, paused=True))


@app.command()
def resume() -> None:
    """Send again."""
    with session() as node:
        _answer(node, node.services.federation.pause(node.actor, paused=False))


@letters.command(name="list")
def list_letters() -> None:
    """Show every letter and where it is; never its words."""
    with session() as node:
        views = node.services.letters.list(node.actor)
        node.reporter.answer(views, [_letter(node, view) for view in views] or [node.say("letters.none")])


@letters.command()
def send() -> None:
    """Send what is due, or lay it into the folder `letters`."""
    with session() as node:
        view = node.services.letters.send(node.actor)
        line = node.say("letters.sent", sent=view.sent, drafted=view.drafted, waiting=view.waiting)
        node.reporter.answer(view, [line])


@letters.command()
def sent(letter: Annotated[str, typer.Argument(help="The letter's id, which is its file's name.")]) -> None:
    """Tick off a letter that somebody sent by hand."""
    with session() as node:
        view = node.services.letters.tick_off(node.actor, LetterId(letter))
        node.reporter.answer(view, [_letter(node, view)])


def _answer(node: Session, waiting: Sequence[Waiting]) -> None:
    lines = [
        f"{item.id}  {item.program}  {node.say(f'move.{item.move}')}  "
        f"{node.say(f'waiting.{item.state}')}  {item.reason}".rstrip()
        for item in waiting
    ]
    node.reporter.answer(waiting, lines or [node.say("outbox.none")])


def _letter(node: Session, view: LetterView) -> str:
    again = f"  {node.say('letters.resent')}" if view.resent else ""
    return f"{view.id}  {view.person}  {view.written_at.date()}  {node.say(f'letter.state.{view.state}')}{again}"
