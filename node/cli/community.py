"""`mentorweave people community`: the town of the program and the communities around it."""

from typing import Annotated

import typer

from node.cli.session import session

app = typer.Typer(name="community", help="The town and the communities around it.", no_args_is_help=True)


@app.command()
def add(name: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Add a community, so that people who live there can be taken in."""
    with session() as node:
        view = node.services.people.add_community(node.actor, name)
        node.reporter.answer(view, list(view.communities))


@app.command(name="list")
def list_() -> None:
    """Show the communities, the town first."""
    with session() as node:
        view = node.services.program(node.actor)
        node.reporter.answer(view, list(view.communities))
