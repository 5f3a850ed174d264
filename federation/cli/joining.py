"""`join-code` and `refuse`: the beginning and, rarely, the end of letting a program in."""

from datetime import timedelta
from typing import Annotated

import typer

from federation.cli.desk import DryRun, open_desk
from federation.cli.wording import say
from federation.ground.cli import reporter
from protocol.ids import JoinId


def join_code(
    program: Annotated[str, typer.Option(help="Whom the code is for; only this steward's folder keeps it.")],
    days: Annotated[int, typer.Option(min=1, max=7, help="For how long the code may be used.")] = 7,
    dry_run: DryRun = False,
) -> None:
    """Make a join code to hand to one program."""
    desk = open_desk(dry_run=dry_run)
    view = desk.issue(desk.steward, program, timedelta(days=days))
    reporter().note(say("join.next", join=view.join))
    reporter().answer(view, [view.code])


def refuse(join: Annotated[str, typer.Argument(metavar="JOIN_ID")], dry_run: DryRun = False) -> None:
    """Say no to a program that used a join code."""
    desk = open_desk(dry_run=dry_run)
    desk.refuse()(desk.steward, JoinId(join))
    reporter().answer({"join": join, "state": "refused"}, [say("join.refused")])
