"""Catalogues made for tests: one whose sentences are marked and stretched, and one in Arabic script."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from node.words.more import template

BEGIN, END = "⟦", "⟧"
_STRETCHED = str.maketrans("aeiouyAEIOUYcnst", "áéíóúýÁÉÍÓÚÝçñšť")
_ARABIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ابثدهفغحيجكلمنوبقرستعفوخيزابثدهفغحيجكلمنوبقرستعفوخيز",
)
_PARAMETER = re.compile(r"(\{[^}]*\})")


def write_catalogues(folder: Path) -> None:
    """`eo.po`: every sentence marked, accented and a third longer; `ar.po`: every sentence from right to left."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "eo.po").write_bytes(_catalogue("eo", _stretched))
    (folder / "ar.po").write_bytes(_catalogue("ar", _arabic))


def _stretched(sentence: str) -> str:
    more = " ~~~~" * (len(sentence) // 15)
    return BEGIN + _each(sentence, _STRETCHED) + more + END


def _arabic(sentence: str) -> str:
    return _each(sentence, _ARABIC)


def _each(sentence: str, table: dict[int, int]) -> str:
    """A sentence with its letters changed and its parameters left alone."""
    parts = _PARAMETER.split(sentence)
    return "".join(part if part.startswith("{") else part.translate(table) for part in parts)


def _catalogue(language: str, change: Callable[[str], str]) -> bytes:
    catalogue = read_po(BytesIO(template(language)), locale=language)
    for message in catalogue:
        if not message.id:
            continue
        said = change(str(message.id[1] if message.pluralizable else message.id))
        message.string = tuple(said for _ in range(catalogue.num_plurals)) if message.pluralizable else said
    written = BytesIO()
    write_po(written, catalogue, width=0)
    return written.getvalue()
