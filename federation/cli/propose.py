"""`propose`: one command for every change of the roster; each writes one file that stewards sign."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from federation.cli.desk import DryRun, hear_words, open_desk, read_exchange_card, read_steward_card
from federation.cli.wording import diff_lines, say
from federation.governance.domain.trust import Rotation
from federation.governance.services.propose import PolicyChange
from federation.governance.services.views import ProposalView
from federation.ground.cli import reporter
from protocol.ids import JoinId, parse_node_id

app = typer.Typer(no_args_is_help=True, help="Propose a change of the roster.")

Node = Annotated[str, typer.Argument(metavar="NODE", help="The program's id, as `roster show` lists it.")]
Words = Annotated[str, typer.Option(help="The six words that the program read on the phone.")]
Wait = Annotated[int, typer.Option(min=0, help="Seconds to wait for the program to open the challenge.")]
Waited = "Points for each tier of waiting; 150 at first."
Nobody = "Points where home has no mentor of the very occupation; 100 at first."
_MOST_POINTS = 1_000
Vouched = "How many mentees wait there, as far as you know yourselves: as many anonymous requests may be open."


@app.command()
def admit(
    join: Annotated[str, typer.Argument(metavar="JOIN_ID")],
    words: Words = "",
    mentees: Annotated[int, typer.Option(min=0, help=Vouched)] = 0,
    wait: Wait = 60,
    dry_run: DryRun = False,
) -> None:
    """Admit a program that used its join code."""
    desk = open_desk(dry_run=dry_run)
    patience, hear = timedelta(seconds=wait), hear_words(words)
    _tell(desk.admit()(desk.steward, JoinId(join), hear, wait=patience, mentees=mentees, rehearse=dry_run))


@app.command()
def rekey(
    node: Node,
    join_id: Annotated[str, typer.Option(help="The id of the join code that the program used to come back.")],
    words: Words = "",
    wait: Wait = 60,
    dry_run: DryRun = False,
) -> None:
    """Give a member a new identity key after its machine was stolen or lost."""
    desk = open_desk(dry_run=dry_run)
    patience = timedelta(seconds=wait)
    steps = desk.admit()
    hear = hear_words(words)
    _tell(steps.rekey(desk.steward, parse_node_id(node), JoinId(join_id), hear, wait=patience, rehearse=dry_run))


@app.command()
def suspend(node: Node, dry_run: DryRun = False) -> None:
    """Stop a member at once, with a duty key; only admissions lifts it again."""
    desk = open_desk(dry_run=dry_run)
    _tell(desk.propose.suspend(desk.steward, parse_node_id(node)))


@app.command()
def resume(node: Node, dry_run: DryRun = False) -> None:
    """Lift every suspension of a member, and let one that left return."""
    desk = open_desk(dry_run=dry_run)
    _tell(desk.propose.resume(desk.steward, parse_node_id(node)))


@app.command()
def remove(node: Node, dry_run: DryRun = False) -> None:
    """Let a member leave; its entry stays, marked `left`."""
    desk = open_desk(dry_run=dry_run)
    _tell(desk.propose.remove(desk.steward, parse_node_id(node)))


@app.command()
def vouch(
    node: Node,
    mentees: Annotated[int, typer.Argument(min=0, help=Vouched)],
    dry_run: DryRun = False,
) -> None:
    """Vouch for a member's mentees, or for fewer than before."""
    desk = open_desk(dry_run=dry_run)
    _tell(desk.propose.vouch(desk.steward, parse_node_id(node), mentees))


@app.command()
def renew(dry_run: DryRun = False) -> None:
    """Sign members and policy for another 90 days."""
    desk = open_desk(dry_run=dry_run)
    _tell(desk.propose.renew(desk.steward))


@app.command()
def policy(
    board_interval: Annotated[int | None, typer.Option(min=1, help="Seconds between two batches.")] = None,
    tier_bonus: Annotated[
        int | None, typer.Option(min=0, help="Points for each tier of waiting; 150 at first.")
    ] = None,
    no_exact_mentor_bonus: Annotated[
        int | None, typer.Option(min=0, help="Points where home has no mentor of the very occupation; 100 at first.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Change the rules that hold for every program."""
    desk = open_desk(dry_run=dry_run)
    change = PolicyChange(
        board_interval=board_interval, tier_bonus=tier_bonus, no_exact_mentor_bonus=no_exact_mentor_bonus
    )
    _tell(desk.propose.policy(desk.steward, change))


@app.command()
def root(
    *,
    add: Annotated[list[Path] | None, typer.Option(help="A new steward's steward.json.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="The name of a steward who leaves.")] = None,
    root_threshold: Annotated[int | None, typer.Option(help="Signatures to change roles.")] = None,
    targets_threshold: Annotated[int | None, typer.Option(help="Signatures to admit.")] = None,
    exchange: Annotated[Path | None, typer.Option(help="exchange.json with new online keys.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Change who may sign; without options, renew the root for a year."""
    desk = open_desk(dry_run=dry_run)
    rotation = Rotation(
        add=tuple(read_steward_card(file) for file in add or ()),
        remove=tuple(remove or ()),
        root_threshold=root_threshold,
        targets_threshold=targets_threshold,
        exchange=None if exchange is None else read_exchange_card(exchange),
    )
    _tell(desk.propose.rotate(desk.steward, rotation))


def _tell(view: ProposalView) -> None:
    reporter().answer(view, [*diff_lines(view), say("proposal.file", file=view.file), say("proposal.next")])
