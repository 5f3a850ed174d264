"""`mentorweave occupations`: from what people type to a code, its relatives, and official files for both."""

from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import Reporter, reporter
from node.bootstrap import open_occupations
from node.domain.person import OccupationCode
from node.domain.program import Tongue
from node.services.occupations import OccupationHit
from node.settings import NoDataFolderError, load_settings
from node.words import Words
from node.words.reasons import duties

app = typer.Typer(name="occupations", help="Occupations of NOC 2021.", no_args_is_help=True)


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help="A title or a code.")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="One query a line.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 5,
    lang: Annotated[Tongue, typer.Option(help="Language of the titles shown.")] = Tongue.ENGLISH,
) -> None:
    """Find unit groups by what people type. Needs no data folder; official files loaded into one deepen it."""
    if (text is None) is (file is None):
        raise typer.BadParameter("give either a title or a code, or --file with one on each line.")
    current = reporter()
    find = open_occupations(current.data_dir).search
    if file is None:
        hits = find(str(text), limit)
        current.answer(hits, _lines(hits, lang))
        return
    answers = [find(line, limit) for line in _queries(file.read_bytes())]
    current.answer(answers, [line for hits in answers for line in (*_lines(hits, lang), "")])


def _queries(raw: bytes) -> list[str]:
    """One a line, whatever program wrote them; nothing but a line feed ends a line, so that answers stay in step."""
    try:
        text = raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines if lines[-1] else lines[:-1]


@app.command()
def similar(
    code: Annotated[str, typer.Argument(help="A code of five digits.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
) -> None:
    """List the unit groups most like one, best first. Needs no data folder."""
    current = reporter()
    relatives = open_occupations(current.data_dir).relatives
    found = relatives(OccupationCode(code), limit)
    if current.json:
        current.answer(found)
        return
    say = _words(current)
    for other in found:
        near, shared = relatives.why(OccupationCode(code.zfill(5)), other.code)
        reasons = [say(f"nearness.{near}")]
        if shared:
            reasons.append(say("nearness.shared", work=duties(say, shared)))
        current.answer(other, [f"{other.code}  {other.similarity:.2f}  {'; '.join(reasons)}"])


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Official CSV files, or folders that hold them.")],
) -> None:
    """Load official titles, duties and ratings (NOC 2021, OaSIS) into the data folder, in place of those before."""
    current = reporter()
    found = open_occupations(current.data_dir).load(files)
    say = _words(current)
    numbers = {"english": found.titles_en, "french": found.titles_fr, "work": found.work}
    current.answer(found, [say("occupations.loaded", files=", ".join(found.files), **numbers)])


def _lines(hits: tuple[OccupationHit, ...], lang: Tongue) -> list[str]:
    return [f"{hit.code}  {hit.score:.2f}  {hit.title_fr if lang is Tongue.FRENCH else hit.title_en}" for hit in hits]


def _words(current: Reporter) -> Words:
    try:
        return Words(load_settings(current.data_dir).language)
    except NoDataFolderError:
        return Words("en")
