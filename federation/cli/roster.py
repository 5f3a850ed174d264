"""`roster`: look at what is published, what a proposal would change, and what this steward did."""

from pathlib import Path
from typing import Annotated

import typer

from federation.cli.desk import Offline, open_desk, read_proposal
from federation.cli.wording import change_lines, diff_lines, history_lines, roster_lines, say, versions_line
from federation.ground.cli import reporter
from protocol.ids import parse_digest

app = typer.Typer(no_args_is_help=True, help="Look at the roster.")


@app.command()
def show(offline: Offline = False) -> None:
    """Show roles, programs, suspensions and dates, verified."""
    desk = open_desk()
    view = desk.show(offline=offline)
    reporter().answer(view, roster_lines(view))


@app.command()
def verify() -> None:
    """Fetch the roster and check every signature, version and hash from the trusted root on."""
    desk = open_desk()
    view = desk.show()
    sha256 = say("roster.sha256", sha256=view.root_sha256)
    reporter().answer(view, [versions_line("roster.holds", view), sha256])


@app.command()
def diff(
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    offline: Offline = False,
) -> None:
    """Show what a proposal would change; without a file, what changed since this machine looked last."""
    desk = open_desk()
    if file is not None:
        view = desk.examine(read_proposal(file), offline=offline).view.at(file)
        reporter().answer(view, diff_lines(view))
        return
    changes = desk.compare()
    reporter().answer(changes, list(change_lines(changes)) or [say("change.none")])


@app.command()
def history() -> None:
    """Show every act of this steward, and check that the record was not touched."""
    desk = open_desk()
    view = desk.history(desk.steward)
    reporter().answer(view, history_lines(view))


@app.command()
def pin(
    url: Annotated[str, typer.Argument(metavar="URL", help="The exchange's address.")],
    sha256: Annotated[str, typer.Option(help="SHA-256 of the root, as another steward read it to you.")],
    root_version: Annotated[int, typer.Option(min=1, help="Which version of the root that is.")] = 1,
) -> None:
    """Trust a federation that was founded without this steward."""
    desk = open_desk()
    desk.trust(desk.steward, url, root_version, parse_digest(sha256))
    reporter().answer({"exchange": url, "root_version": root_version, "sha256": sha256}, [say("roster.trusted")])
