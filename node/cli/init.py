"""`mentorweave init`: the first command of a program, and its recovery sheet."""

import secrets
from dataclasses import dataclass
from typing import Annotated

import typer

from federation.ground.cli import Reporter, reporter
from node.cli.session import new_passphrase
from node.domain.errors import RecoveryWordsError
from node.domain.program import Tongue
from node.founding import NewNode, found_node, fresh_recovery_words
from node.services.program import NewProgram, ProgramView
from node.words import Words

_QUESTIONS = 2
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundedView:
    """The founded program; the words only where no person was there to write them down."""

    program: ProgramView
    data_dir: str
    recovery_words: tuple[str, ...]


def init(  # noqa: PLR0913, PLR0917 - options of a command
    name: Annotated[str, typer.Option(help="What the program is called; asked for without it.")] = "",
    region: Annotated[str, typer.Option(help="Its region, such as a province; asked for without it.")] = "",
    community: Annotated[list[str] | None, typer.Option(help="Its town, then the communities around it.")] = None,
    operator: Annotated[str, typer.Option(help="Who operates this node; asked for without it.")] = "",
    language: Annotated[Tongue, typer.Option(help="The language of the program.")] = Tongue.ENGLISH,
    operator_email: Annotated[str, typer.Option(help="The operator's e-mail, to sign in with.")] = "",
    mail_sender: Annotated[str, typer.Option(help="Letters come from this address.")] = "",
    smtp_host: Annotated[str, typer.Option(help="Server that takes letters; drafts in a folder without it.")] = "",
    smtp_port: Annotated[int, typer.Option(help="Its port.")] = 587,
    smtp_user: Annotated[str, typer.Option(help="Who signs in there.")] = "",
    smtp_starttls: Annotated[bool, typer.Option(help="Encrypt the way there.")] = True,
    database_url: Annotated[str, typer.Option(help="PostgreSQL; a SQLite file without it.")] = "",
    unattended: Annotated[bool, typer.Option("--unattended", help="Nobody is there: a bare key file.")] = False,
) -> None:
    """Found a program: its data folder, its keys, its recovery sheet."""
    current, say = reporter(), Words(language.value)
    words = fresh_recovery_words(language)
    new = NewNode(
        data_dir=current.data_dir,
        program=NewProgram(
            name=name or _ask(say("init.name")),
            region=region or _ask(say("init.region")),
            language=language,
            communities=tuple(community or [_ask(say("init.community"))]),
            operator_name=operator or _ask(say("init.operator")),
            operator_email=operator_email if operator or operator_email else _ask(say("init.email"), default=""),
        ),
        recovery_words=words,
        unattended=unattended,
        settings={
            "database_url": database_url,
            "mail_sender": mail_sender,
            "smtp_host": smtp_host,
            "smtp_port": smtp_port,
            "smtp_user": smtp_user,
            "smtp_starttls": smtp_starttls,
        },
    )
    attended = not (unattended or current.json)
    if attended:
        _write_down(current, say, words.split())
    program = found_node(new, lambda: new_passphrase(say))
    view = FoundedView(
        program=program,
        data_dir=str(current.data_dir),
        recovery_words=() if attended else tuple(words.split()),
    )
    sheet = [] if attended else [say("init.sheet"), *_sheet(words.split())]
    current.answer(
        view,
        [*sheet, say("init.done", name=program.name), say("init.next", email=new.program.operator_email or "E-MAIL")],
    )


def _ask(question: str, default: str | None = None) -> str:
    return str(typer.prompt(question, default=default, show_default=False, err=True))


def _sheet(words: list[str]) -> list[str]:
    return [f"  {number:>2}. {word}" for number, word in enumerate(words, 1)]


def _write_down(current: Reporter, say: Words, words: list[str]) -> None:
    """Show the sheet once and ask for two of its words. Raises: RecoveryWordsError after three tries."""
    for line in (say("init.sheet"), *_sheet(words)):
        current.note(line)
    for position in sorted(secrets.SystemRandom().sample(range(len(words)), _QUESTIONS)):
        for _ in range(_TRIES):
            typed = str(typer.prompt(say("init.ask", number=position + 1), err=True)).strip().lower()
            if typed == words[position]:
                break
        else:
            raise RecoveryWordsError
