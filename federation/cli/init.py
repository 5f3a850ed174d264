"""`init`: a pilot in one go, or a steward and a federation step by step."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from typer.core import TyperGroup

from federation.cli.desk import DryRun, confirm_diff, new_desk, open_desk, read_exchange_card, read_steward_card
from federation.cli.desk import save_proposal as save
from federation.cli.wording import diff_lines, say
from federation.governance.domain.cards import StewardCard
from federation.governance.services.founding import Charter
from federation.governance.services.views import ProposalView, StewardView
from federation.ground.cli import reporter

_HELP = ("--help", "-h")

Card = Annotated[Path, typer.Option("--exchange", help="exchange.json, as `init exchange` wrote it.")]
Database = Annotated[str | None, typer.Option(help="PostgreSQL by URL; a SQLite file without it.")]
PassphraseFile = Annotated[Path | None, typer.Option(help="File whose passphrase encrypts the keys.")]
Interval = Annotated[int | None, typer.Option(min=1, help="Seconds between two batches of the need board.")]
Unattended = Annotated[bool, typer.Option("--unattended", help="Keep the keys in bare files: for a demo only.")]


class PilotByDefault(TyperGroup):
    """A group in which options without a command mean `pilot`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override] # private base
        """Put the command in where a person left it out."""
        named = bool(args) and (args[0] in self.commands or args[0] in _HELP)
        return super().parse_args(ctx, args if named else ["pilot", *args])


app = typer.Typer(cls=PilotByDefault, help="Make a steward, an exchange, a federation; alone: a pilot in one go.")


@app.command()
def pilot(
    exchange: Card,
    name: Annotated[str, typer.Option(help="The steward's name, as the public roster shows it.")] = "steward",
    board_interval: Interval = None,
    unattended: Unattended = False,
    dry_run: DryRun = False,
) -> None:
    """Make one steward and a founding that she alone signs; publish it next."""
    card = read_exchange_card(exchange)
    desk = new_desk(unattended=unattended, dry_run=dry_run)
    made = desk.make_steward(desk.steward, name, duty=True)
    founded = desk.found(desk.steward, Charter(exchange=card, stewards=(made,), board_interval=board_interval))
    signed, view = desk.sign(desk.steward, founded.proposal, confirm_diff(yes=True))
    if not dry_run:
        save(founded.path, signed)
    _tell(view, founded.path)


@app.command("exchange")
def exchange_folder(
    public_url: Annotated[str, typer.Option(help="Where members reach the exchange; part of every signature.")],
    database: Database = None,
    passphrase_file: PassphraseFile = None,
    board: Annotated[
        Path | None, typer.Option(help="board.json of a need board that another steward runs; without it, one here.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make an exchange's folder, its online keys, and exchange.json for the stewards."""
    # Imported here, because loading an exchange takes longer than most commands run.
    from federation.exchange.founding import (  # noqa: PLC0415 - as the comment above says
        CARD,
        init_exchange,
        read_board_card,
    )

    folder = reporter().data_dir
    card = None if board is None else read_board_card(board)
    with TemporaryDirectory() as nowhere:
        init_exchange(Path(nowhere) if dry_run else folder, public_url, database, passphrase_file, card)
    view = {"card": str(folder / CARD), "url": public_url}
    reporter().answer(view, [say("init.exchange", card=folder / CARD)])


@app.command("board")
def board_folder(
    public_url: Annotated[str, typer.Option(help="Where the relay reaches the board; part of every signature.")],
    database: Database = None,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
) -> None:
    """Make a folder for the need board alone, its keys, and board.json for the steward who runs the relay."""
    from federation.exchange.founding import BOARD_CARD, init_board  # noqa: PLC0415 - as for an exchange

    folder = reporter().data_dir
    with TemporaryDirectory() as nowhere:
        init_board(Path(nowhere) if dry_run else folder, public_url, database, passphrase_file)
    view = {"card": str(folder / BOARD_CARD), "url": public_url}
    reporter().answer(view, [say("init.board", card=folder / BOARD_CARD)])


@app.command()
def steward(
    name: Annotated[str, typer.Option(help="The steward's name, as the public roster shows it.")],
    duty: Annotated[bool, typer.Option("--duty", help="Also make a duty key, for emergencies.")] = False,
    unattended: Unattended = False,
    dry_run: DryRun = False,
) -> None:
    """Make one steward's keys and the card that presents her."""
    desk = new_desk(unattended=unattended, dry_run=dry_run)
    desk.make_steward(desk.steward, name, duty=duty)
    view = StewardView(name=name, duty=duty, card=str(reporter().data_dir / "steward.json"))
    reporter().answer(view, [say("init.steward", name=name, card=view.card)])


@app.command()
def federation(
    *,
    exchange: Card,
    steward: Annotated[list[Path], typer.Option(help="A steward's steward.json; once for every steward.")],
    root_threshold: Annotated[int, typer.Option(help="Signatures to change roles; 3 of 5 is a good choice.")] = 1,
    targets_threshold: Annotated[int, typer.Option(help="Signatures to admit; 2 of 5 is a good choice.")] = 1,
    board_interval: Interval = None,
    dry_run: DryRun = False,
) -> None:
    """Write the founding proposal, which every steward signs before one publishes it."""
    desk = open_desk(dry_run=dry_run)
    cards: tuple[StewardCard, ...] = tuple(read_steward_card(file) for file in steward)
    charter = Charter(
        exchange=read_exchange_card(exchange),
        stewards=cards,
        root_threshold=root_threshold,
        targets_threshold=targets_threshold,
        board_interval=board_interval,
    )
    founded = desk.found(desk.steward, charter)
    _tell(desk.examine(founded.proposal).view, founded.path)


def _tell(view: ProposalView, path: Path) -> None:
    shown = view.at(path)
    reporter().answer(shown, [*diff_lines(shown), say("proposal.founding", file=path)])
