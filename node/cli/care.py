"""`mentorweave doctor`, `backup`, `restore` and `db`: what an operator does for the node itself."""

from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import REFUSED, reporter
from node.cli.session import ask_passphrase, new_passphrase, session
from node.founding import OldNode, restore_node, upgrade_database
from node.services.checks import Severity
from node.settings import load_settings
from node.words import Words

database = typer.Typer(name="db", help="The database.", no_args_is_help=True)

_SIGNS = {Severity.FINE: "ok", Severity.WARNING: "!", Severity.PROBLEM: "!!"}


def doctor() -> None:
    """Look the node over; every finding says what to do."""
    with session() as node:
        findings = node.services.care.examine(node.actor)
        lines = []
        for found in findings:
            lines.append(f"{_SIGNS[found.severity]:>2} {node.say(f'check.{found.code}', **found.params)}")
            if found.severity is not Severity.FINE:
                lines.append(f"   {node.say(f'check.{found.code}.next', **found.params)}")
        node.reporter.answer(findings, lines)
        if any(found.severity is Severity.PROBLEM for found in findings):
            raise typer.Exit(REFUSED)


def backup() -> None:
    """Write database, keys and roster into one file that the recovery words open."""
    with session() as node:
        view = node.services.care.back_up(node.actor)
        node.reporter.answer(view, [node.say("backup.made", file=view.file, size=view.size // 1000)])


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The backup file.")],
    words: Annotated[list[str] | None, typer.Argument(help="The twelve recovery words; asked for if left out.")] = None,
    database_url: Annotated[str, typer.Option(help="Restore into this database instead.")] = "",
    unattended: Annotated[bool, typer.Option("--unattended", help="Nobody is there: a bare key file.")] = False,
) -> None:
    """Make a data folder from a backup. The node sends nothing to other programs until it has caught up."""
    current, say = reporter(), Words("en")
    typed = " ".join(words or ()) or str(typer.prompt(say("restore.words"), err=True))
    old = OldNode(
        data_dir=current.data_dir,
        backup=file,
        recovery_words=typed,
        unattended=unattended,
        settings={"database_url": database_url} if database_url else {},
    )
    view = restore_node(old, lambda: new_passphrase(say))
    say = Words(load_settings(current.data_dir).language)
    lines = [
        say("restore.done", moment=view.restored_to, people=view.people),
        say("restore.erased", count=view.erased_again),
        say("restore.unproven", start=view.unproven_from, end=view.unproven_to),
        say("restore.presumed", quarters=", ".join(view.quarters), letters=view.letters),
    ]
    current.answer(view, lines)


@database.command()
def upgrade() -> None:
    """Back up, then bring the database to this release."""
    current = reporter()
    settings = load_settings(current.data_dir)
    view = upgrade_database(settings, ask_passphrase)
    current.answer(view, [Words(settings.language)("db.upgraded", before=view.before or "-", after=view.after)])
