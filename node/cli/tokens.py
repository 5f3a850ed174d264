"""`mentorweave users token`: tokens with which other programs use the JSON API for a member of staff."""

from datetime import datetime
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.actor import TokenId
from node.domain.signin import UnknownUserError
from node.domain.token import Scope
from node.services.tokens import TokenView

app = typer.Typer(name="token", help="Tokens of other programs.", no_args_is_help=True)


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="The e-mail address of the user for whom the program acts.")],
    name: Annotated[str, typer.Option(help="What the token is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may be used for; may be given several times.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day it works; no end if left out.")
    ] = None,
) -> None:
    """Give a token; it is shown this once."""
    with session() as node:
        users = node.services.users
        found = (user.id for user in users.list(node.actor) if user.email.casefold() == email.strip().casefold())
        user = next(found, None)
        if user is None:
            raise UnknownUserError
        view = users.add_token(node.actor, user, name, scope, until.date() if until else None)
        lines = [node.say("token.given", secret=view.secret), _line(node, view.token)]
        node.reporter.answer(view, lines)


@app.command(name="list")
def list_() -> None:
    """Show every token, and when it was used last."""
    with session() as node:
        views = node.services.users.list_tokens(node.actor, everybodys=True)
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("token.none")])


@app.command()
def end(token: Annotated[str, typer.Argument(help="The token's id.")]) -> None:
    """End a token: it works no longer."""
    with session() as node:
        view = node.services.users.end_token(node.actor, TokenId(token))
        node.reporter.answer(view, [node.say("token.ended", name=view.name)])


def _line(node: Session, view: TokenView) -> str:
    used = node.say("token.used", day=view.used_on) if view.used_on else node.say("token.unused")
    until = node.say("token.until", day=view.ends_on) if view.ends_on else ""
    return f"{view.id}  {view.user}  {view.name}  {' '.join(view.scopes)}  {used}  {until}".rstrip()
