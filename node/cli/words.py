"""Pages in further languages: `mentorweave words`."""

from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import reporter
from federation.ground.files import write_atomically
from node.words import Words
from node.words.more import read, template

app = typer.Typer(name="words", help="Pages in further languages.", no_args_is_help=True)

LanguageArgument = Annotated[str, typer.Argument(help="A language code, as in `ar`.")]
NewArgument = Annotated[Path, typer.Argument(exists=False, dir_okay=False, help="Where to write the catalogue.")]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A gettext catalogue (`ar.po`).")]


@app.command(name="template")
def start(language: LanguageArgument, file: NewArgument) -> None:
    """Write a gettext catalogue with every sentence, to be translated with any translator's tool."""
    write_atomically(file, template(language), mode=0o644)
    reporter().answer({"file": file.name}, [Words("en")("words.written", file=file.name)])


@app.command()
def check(file: FileArgument) -> None:
    """Say what a catalogue leaves in English. In the data folder under `languages` it is offered on every page."""
    found = read(file)
    missing = found.missing()
    lines = [Words("en").count("words.missing", len(missing)), *missing]
    reporter().answer({"language": found.language, "missing": missing}, lines)
