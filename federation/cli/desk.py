"""Opening a steward's desk for one command: her folder, her passphrase, and what she confirms."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from federation.cli.wording import diff_lines, say, words_lines
from federation.governance.bootstrap import Desk, World
from federation.governance.domain.cards import LIMIT, ExchangeCard, StewardCard
from federation.governance.domain.errors import (
    CardDamagedError,
    NotConfirmedError,
    ProposalDamagedError,
)
from federation.governance.domain.join_errors import (
    WordsNeededError,
)
from federation.governance.domain.proposal import Proposal
from federation.governance.services.joining import Hear
from federation.governance.services.views import ProposalView, SixWords
from federation.ground.cli import reporter
from federation.ground.files import write_atomically
from protocol.errors import ProtocolError

PASSPHRASE_FILE = "MENTORWEAVE_FED_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable

DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and show everything; keep and send nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use the roster verified last; fetch nothing.")]


def open_desk(*, dry_run: bool = False) -> Desk:
    """The desk of the steward whose folder `--data-dir` names."""
    return Desk(reporter().data_dir, known_passphrase, World(), rehearse=dry_run)


def new_desk(*, unattended: bool, dry_run: bool) -> Desk:
    """The desk of a steward who is about to be made."""
    return Desk(reporter().data_dir, new_passphrase, World(), bare=unattended, rehearse=dry_run)


def known_passphrase() -> str | None:
    """The passphrase from its file or from whoever sits at the terminal."""
    return _passphrase(confirm=False)


def new_passphrase() -> str | None:
    """A new passphrase, entered twice."""
    return _passphrase(confirm=True)


def _passphrase(*, confirm: bool) -> str | None:
    named = os.environ.get(PASSPHRASE_FILE)
    if named:
        return Path(named).read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt(say("passphrase"), hide_input=True, confirmation_prompt=confirm, err=True))


def confirm_diff(*, yes: bool) -> Callable[[ProposalView], None]:
    """Show the difference before every signature; without a yes nothing is signed."""

    def confirm(view: ProposalView) -> None:
        speaker = reporter()
        for line in diff_lines(view):
            speaker.note(line)
        if not yes and (speaker.json or not typer.confirm(say("sign.ask"), err=True)):
            raise NotConfirmedError

    return confirm


def hear_words(words: str) -> Hear:
    """What the steward heard on the phone: from `--words`, or asked for while the request's words are shown."""

    def hear(shown: SixWords) -> str:
        if words:
            return words
        speaker = reporter()
        if speaker.json or not sys.stdin.isatty():
            raise WordsNeededError
        for line in words_lines(shown):
            speaker.note(line)
        return str(typer.prompt(say("words.ask"), err=True))

    return hear


def read_proposal(file: Path) -> Proposal:
    """The proposal in `file`. Raises: ProposalDamagedError."""
    return Proposal.read(_read(file, ProposalDamagedError))


def save_proposal(file: Path, proposal: Proposal) -> None:
    """Replace the file by the proposal with its new signatures."""
    write_atomically(file, proposal.encode(), mode=0o644)


def read_exchange_card(file: Path) -> ExchangeCard:
    """The card in `exchange.json`. Raises: CardDamagedError."""
    try:
        return ExchangeCard.parse(_read(file, CardDamagedError), limit=LIMIT)
    except ProtocolError as error:
        raise CardDamagedError from error


def read_steward_card(file: Path) -> StewardCard:
    """The card in `steward.json`. Raises: CardDamagedError."""
    try:
        return StewardCard.parse(_read(file, CardDamagedError), limit=LIMIT)
    except ProtocolError as error:
        raise CardDamagedError from error


def _read(file: Path, damaged: type[CardDamagedError | ProposalDamagedError]) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise damaged from error
