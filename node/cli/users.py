"""`mentorweave users`: the members of staff."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import reporter
from node.cli import tokens
from node.cli.session import Session, session
from node.domain.actor import Role, UserId
from node.domain.user import UserState
from node.services.users import UserChanges, UserView
from node.settings import load_settings
from node.words import Words

app = typer.Typer(name="users", help="Members of staff.", no_args_is_help=True)
app.add_typer(tokens.app)


@app.command()
def add(
    name: Annotated[str, typer.Option(help="Her name.")],
    email: Annotated[str, typer.Option(help="Her e-mail address.")],
    role: Annotated[Role, typer.Option(help="What she is trusted with.")] = Role.COORDINATOR,
) -> None:
    """Name a new member of staff."""
    with session() as node:
        view = node.services.users.add(node.actor, name, email, role)
        node.reporter.answer(view, [_line(node, view)])


@app.command()
def change(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    email: Annotated[str | None, typer.Option(help="Another e-mail address.")] = None,
    role: Annotated[Role | None, typer.Option(help="What else she is trusted with.")] = None,
    state: Annotated[UserState | None, typer.Option(help="Whether she may still act.")] = None,
) -> None:
    """Change a member of staff, or close her access."""
    changes = UserChanges(name=name, email=email, role=role, state=state)
    with session() as node:
        view = node.services.users.change(node.actor, UserId(user), changes)
        node.reporter.answer(view, [_line(node, view)])


@app.command(name="list")
def list_() -> None:
    """Show everybody who may use this node."""
    with session() as node:
        views = node.services.users.list(node.actor)
        node.reporter.answer(views, [_line(node, view) for view in views])


def _line(node: Session, view: UserView) -> str:
    role, state = node.say(f"role.{view.role}"), node.say(f"user.{view.state}")
    return f"{view.id}  {view.name}  {view.email}  {role}  {state}"


EmailArgument = Annotated[str, typer.Argument(help="Her e-mail address.")]


@app.command()
def password(
    email: EmailArgument,
    password_file: Annotated[Path | None, typer.Option(help="A file whose first line is the password.")] = None,
) -> None:
    """Set a password; every browser of hers has to sign in again."""
    with session() as node:
        typed = _read(password_file) if password_file else _ask(node.say)
        view = node.services.entrance.set_password(node.actor, email, typed)
        node.reporter.answer(view, [node.say("password.set")])


@app.command()
def link(email: EmailArgument) -> None:
    """Make a link with which she chooses her own password, once."""
    with session() as node:
        settings = load_settings(reporter().data_dir)
        view = node.services.entrance.give_link(node.actor, email)
        address = settings.public_url.rstrip("/") or f"http://127.0.0.1:{settings.port}"
        node.reporter.answer(view, [node.say("password.link", url=f"{address}/password/{view.token}")])


@app.command()
def reset(email: EmailArgument) -> None:
    """Take a second factor off whose phone and recovery codes are lost; ask her in person first."""
    with session() as node:
        view = node.services.entrance.reset(node.actor, email)
        node.reporter.answer(view, [node.say("users.reset")])


@app.command()
def allow(email: EmailArgument, mark: Annotated[str, typer.Argument(help="What her page said.")]) -> None:
    """Let somebody sign in with her account elsewhere; ask her in person first what her page said."""
    with session() as node:
        view = node.services.entrance.allow_account(node.actor, email, mark)
        node.reporter.answer(view, [node.say("users.allow")])


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read as UTF-8 text.", param_hint="--password-file") from error


def _ask(say: Words) -> str:
    if not sys.stdin.isatty():
        raise typer.BadParameter("needed where nobody can type the password.", param_hint="--password-file")
    return str(typer.prompt(say("password.prompt"), hide_input=True, confirmation_prompt=True, err=True))
