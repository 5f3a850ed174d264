"""`mentorweave occupations`: from what people type to a code."""

from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import reporter
from node.bootstrap import open_occupations
from node.domain.program import Tongue

app = typer.Typer(name="occupations", help="Occupations of NOC 2021.", no_args_is_help=True)


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help="A title or a code.")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="One query a line.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 5,
    lang: Annotated[Tongue, typer.Option(help="Language of the titles shown.")] = Tongue.ENGLISH,
) -> None:
    """Find unit groups by title. Needs no data folder."""
    if (text is None) is (file is None):
        raise typer.BadParameter("TEXT / --file")
    find, current = open_occupations(), reporter()
    if file is not None:
        answers = [find(line, limit) for line in file.read_text("utf-8-sig").splitlines()]
        hits = [hit for answer in answers for hit in answer]
    else:
        hits = list(find(str(text), limit))
        answers = []
    lines = [f"{hit.code}  {hit.score:.2f}  {hit.title_fr if lang is Tongue.FRENCH else hit.title_en}" for hit in hits]
    current.answer(answers if file is not None else hits, lines)
