"""The texts of letters and forms: what a program says in its own words, read and changed one by one."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from node.api.answering import shown
from node.api.asking import Body, Text, example
from node.api.bearer import ServicesOf, TextsReader, TextsWriter
from node.api.routes import resource
from node.domain.program import Tongue
from node.domain.texts import LetterKind, Wording
from node.services.texts import LetterLine, TextsView, TextView

router = resource("texts")

LetterPath = Annotated[LetterKind, Path(alias="letter", description="One of the letters people get.")]
CodePath = Annotated[
    str,
    Path(
        alias="code", pattern="^(?:letter|join)(?:[.][a-z_]{1,30}){1,5}$", description="The code of a text in a letter."
    ),
]
LanguagePath = Annotated[Tongue, Path(alias="language", description="The language of the text.")]


class TextWritten(Body):
    """What a text says from now on; a blank one brings the usual words back."""

    model_config = example(text="A mentor for you, from {program}")
    text: Text


@router.get("/texts", response_model=list[LetterLine])
def list_texts(who: TextsReader, services: ServicesOf) -> Response:
    """List the letters people get, and how many of their texts are the program's own."""
    return shown(services.letters.list_texts(who.actor))


@router.get("/texts/{letter}", response_model=TextsView)
def show_texts(letter: LetterPath, who: TextsReader, services: ServicesOf) -> Response:
    """Show every text of one letter in every language, the usual words beside them, and how the letter looks."""
    return shown(services.letters.show_texts(who.actor, letter))


@router.put("/texts/{code}/{language}", response_model=TextView)
def change_text(
    code: CodePath, language: LanguagePath, body: TextWritten, who: TextsWriter, services: ServicesOf
) -> Response:
    """Say one text otherwise, or as usual again; names in braces that a reader needs must stay."""
    return shown(services.letters.change_text(who.actor, Wording(code=code, language=language, text=body.text)))
