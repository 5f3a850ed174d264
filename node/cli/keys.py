"""`mentorweave keys`: what guards the node's secrets, and renewing the master key."""

import typer

from node.cli.session import Session, session
from node.services.keys import KeysView

app = typer.Typer(name="keys", help="The node's own keys.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Show versions, the public identity key and what guards the key file; never a secret."""
    with session() as node:
        view = node.services.keys.show(node.actor)
        node.reporter.answer(view, _lines(node, view))


@app.command()
def rotate() -> None:
    """Put every person's data key under a fresh master key."""
    with session() as node:
        view = node.services.keys.rotate(node.actor)
        node.reporter.answer(view, _lines(node, view))


def _lines(node: Session, view: KeysView) -> list[str]:
    return [
        node.say("keys.master", version=view.master_version, count=view.data_keys),
        node.say("keys.identity", key=view.identity),
        node.say(f"keys.guard.{view.guard}"),
    ]
