"""`mentorweave texts`: what letters say in the program's own words."""

from typing import Annotated

import typer

from node.cli.session import session
from node.domain.program import Tongue
from node.domain.texts import LetterKind, Wording

app = typer.Typer(name="texts", help="What letters say in the program's own words.", no_args_is_help=True)

LetterArgument = Annotated[LetterKind, typer.Argument(help="One of the letters people get.")]


@app.command(name="list")
def list_() -> None:
    """Show the letters, and how many of their texts are the program's own."""
    with session() as node:
        letters = node.services.letters.list_texts(node.actor)
        lines = [f"{one.letter:<12}  {node.say(f'texts.{one.letter}')}  ({one.own})" for one in letters]
        node.reporter.answer(letters, lines)


@app.command()
def show(letter: LetterArgument) -> None:
    """Show each text of a letter with its code, and the usual words where it says something else."""
    with session() as node:
        view = node.services.letters.show_texts(node.actor, letter)
        lines: list[str] = []
        for one in view.texts:
            lines += [f"{one.code} {one.language}", f"  {one.text}"]
            lines += [f"  ({one.usual})"] if one.text != one.usual else []
        node.reporter.answer(view, lines)


@app.command(name="set")
def set_(
    code: Annotated[str, typer.Argument(help="Its code, as `texts show` says.")],
    text: Annotated[str, typer.Argument(help="What it says from now on; blank for the usual words.")],
    *,
    language: Annotated[Tongue, typer.Option("--language", help="In which language.")] = Tongue.ENGLISH,
) -> None:
    """Say one text otherwise; names in braces that a reader needs must stay."""
    with session() as node:
        view = node.services.letters.change_text(node.actor, Wording(code=code, language=language, text=text))
        node.reporter.answer(view, [view.text])


@app.command()
def reset(letter: LetterArgument) -> None:
    """Say everything in a letter as usual again."""
    with session() as node:
        letters = node.services.letters
        letters.change_texts(node.actor, letter, (), letters.show_texts(node.actor, letter).version)
        view = letters.show_texts(node.actor, letter)
        node.reporter.answer(view, [node.say("done.saved")])
