"""`mentorweave match rules`: the program's own rules of matching, shown, tried, kept."""

from pathlib import Path
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.matching.rules import UnreadableRulesError
from node.services.ruling import EffectView

app = typer.Typer(name="rules", help="The program's own rules of matching.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Rules as `match rules show` says.")]


@app.command()
def show() -> None:
    """Show the rules in force; keep the answer in a file to change it."""
    with session() as node:
        view = node.services.matching.show_rules(node.actor)
        node.reporter.answer(view, view.text.splitlines())


@app.command(name="try")
def try_(file: FileArgument) -> None:
    """Say what other rules would change; nothing is kept."""
    with session() as node:
        view = node.services.matching.try_rules(node.actor, _text(file))
        node.reporter.answer(view, _effect(node, view))


@app.command()
def save(file: FileArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False) -> None:
    """Say what other rules would change, ask, and keep them from now on."""
    with session() as node:
        text = _text(file)
        if not yes:
            for line in _effect(node, node.services.matching.try_rules(node.actor, text)):
                typer.echo(line, err=True)
            typer.confirm(node.say("rules.sure"), abort=True, err=True)
        view = node.services.matching.save_rules(node.actor, text)
        node.reporter.answer(view, [node.say("rules.saved")])


def _effect(node: Session, view: EffectView) -> list[str]:
    counts = {"mentees": view.mentees, "gained": view.gained, "lost": view.lost}
    changes = {"first_changes": view.first_changes, "list_changes": view.list_changes}
    lines = [node.say("rules.effect", **counts, **changes)]
    if view.estimated:
        lines.append(node.say("rules.estimated", asked=view.asked))
    if view.for_locals is not None:
        lines.append(node.say.count("draft.locals", view.for_locals))
    return lines


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableRulesError(rule=file.suffix) from error
