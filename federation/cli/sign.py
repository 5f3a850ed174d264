"""`sign` and `publish`: what turns a proposal into the roster."""

from pathlib import Path
from typing import Annotated

import typer

from federation.cli.desk import DryRun, Offline, Yes, confirm_diff, open_desk, read_proposal, save_proposal
from federation.cli.wording import say, versions_line
from federation.ground.cli import reporter


def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    yes: Yes = False,
    offline: Offline = False,
    dry_run: DryRun = False,
) -> None:
    """Show what a proposal changes, and sign it once you confirm."""
    desk = open_desk(dry_run=dry_run)
    signed, view = desk.sign(desk.steward, read_proposal(file), confirm_diff(yes=yes), offline=offline)
    if not dry_run:
        save_proposal(file, signed)
    reporter().answer(view.at(file), [say("sign.done"), say("sign.pass" if view.missing else "sign.publish")])


def publish(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Copies signed apart are joined.")],
    dry_run: DryRun = False,
) -> None:
    """Send a proposal that enough stewards signed to the exchange."""
    desk = open_desk(dry_run=dry_run)
    view = desk.publish()(desk.steward, tuple(read_proposal(file) for file in files))
    reporter().answer(view, [versions_line("publish.done", view)])
