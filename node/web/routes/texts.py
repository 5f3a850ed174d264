"""Settings, texts: what the program's letters say, in its own words, with the usual ones beside them."""

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.errors import ChangedMeanwhileError
from node.domain.program import Tongue
from node.domain.texts import PARTS, LetterKind, TextsRefusedError, Wording
from node.services.texts import TextsView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere

router = APIRouter(prefix="/settings/texts")


@router.get("", name="texts")
def letters(desk: AtDesk) -> Response:
    """The letters people get."""
    return desk.page("texts/list.html", letters=desk.services.letters.list_texts(desk.actor))


@router.get("/{letter}", name="texts_of")
def show(desk: AtDesk, letter: LetterKind) -> Response:
    """The texts of one letter, and how it looks."""
    return _letter(desk, desk.services.letters.show_texts(desk.actor, letter), None)


@router.post("/{letter}")
def change(desk: OwnDesk, letter: LetterKind, typed: TypedHere) -> Response:
    """Other words, or a look at them first."""
    services = desk.services.letters
    wordings = [
        Wording(code=code, language=language, text=typed(_field(code, language)))
        for code in PARTS[letter]
        for language in Tongue
    ]
    read = typed.number("version") or 0
    try:
        if typed("do") == "look":
            return _letter(desk, services.show_texts(desk.actor, letter, wordings), typed, version=read)
        services.change_texts(desk.actor, letter, wordings, read)
    except TextsRefusedError as refusal:
        errors = [one for at in refusal.faults for one in desk.refused(_field(at.code, at.language), at.refusal)]
        return _letter(desk, services.show_texts(desk.actor, letter), typed, *errors, version=read)
    except ChangedMeanwhileError:
        first = FieldError(_field(PARTS[letter][0], Tongue.ENGLISH), desk.say("form.changed"))
        return _letter(desk, services.show_texts(desk.actor, letter), typed, first)
    return desk.go("texts_of", done="saved", letter=letter)


@router.post("/{letter}/usual")
def restore(desk: OwnDesk, letter: LetterKind, typed: TypedHere) -> Response:
    """All of it as usual again."""
    desk.services.letters.change_texts(desk.actor, letter, (), typed.number("version") or 0)
    return desk.go("texts_of", done="saved", letter=letter)


def _letter(
    desk: Desk, view: TextsView, typed: Typed | None, *errors: FieldError, version: int | None = None
) -> Response:
    """The page; `version` is the one that was read with what was typed, where it still stands."""
    names = {(one.code, one.language): _field(one.code, one.language) for one in view.texts}
    written = {names[one.code, one.language]: one.text for one in view.texts}
    return desk.page(
        "texts/letter.html",
        path="/settings/texts",
        view=view,
        names=names,
        written={name: typed(name) if typed else text for name, text in written.items()},
        version=view.version if version is None else version,
        known=dict.fromkeys(name for one in view.texts for name in one.placeholders),
        errors=errors,
    )


def _field(code: str, language: Tongue) -> str:
    return f"{code}-{language}"
