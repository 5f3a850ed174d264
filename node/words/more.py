"""Languages beyond English and French: gettext catalogues (.po) that any translator's tool can edit.

In a catalogue the context of an entry (`msgctxt`) is our code and its text (`msgid`) the English sentence. Sentences
that come in `.one` and `.many` are one entry, with the plural forms of its language (GNU gettext manual, 11.2.6).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from gettext import c2py
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from federation.ground.refusal import Refusal
from node.words import LANGUAGES, catalogue


class CatalogueRefusedError(Refusal):
    """A file is no catalogue of ours, or a sentence of it leaves a parameter out or adds one."""

    code = "catalogue-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The sentences of one language."""

    language: str
    name: str
    direction: str
    sentences: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def get(self, code: str) -> str | None:
        """The sentence for a code; None where it is not translated."""
        return self.sentences.get(code)

    def count(self, code: str, count: int) -> str | None:
        """The sentence about so many; None where it is not translated."""
        forms = self.plurals.get(code)
        return forms[self.form(count)] if forms else None

    def missing(self) -> tuple[str, ...]:
        """Codes that are said in English still."""
        singles, counted = _codes()
        return tuple(sorted({*singles} - self.sentences.keys() | {*counted} - self.plurals.keys()))


def read(file: Path) -> Catalogue:
    """A language from its catalogue; the name of the file names it (`ar.po`). Raises: CatalogueRefusedError."""
    language = file.stem
    try:
        locale = Locale.parse(language)
        found = read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True)
    except (UnknownLocaleError, ValueError, PoFileError) as cause:
        raise CatalogueRefusedError(file=file.name, entry="") from cause
    if language in LANGUAGES:
        raise CatalogueRefusedError(file=file.name, entry="")
    sentences: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in found:
        code, said = message.context or "", message.string
        if isinstance(said, tuple) and all(said):
            _check(file, code, said, f"{code}.many")
            plurals[code] = said
        elif isinstance(said, str) and code and said:
            _check(file, code, (said,), code)
            sentences[code] = said
    return Catalogue(
        language=language,
        name=locale.get_display_name(language) or language,
        direction=locale.text_direction,
        sentences=sentences,
        plurals=plurals,
        form=c2py(found.plural_expr),
    )


def template(language: str | None = None) -> bytes:
    """Every sentence to be translated, as a catalogue with nothing filled in.

    Raises: CatalogueRefusedError for a language nobody knows.
    """
    try:
        empty = Catalog(locale=language, project="Mentorweave", charset="utf-8", fuzzy=False)
    except (UnknownLocaleError, ValueError) as cause:
        raise CatalogueRefusedError(file=language or "", entry="") from cause
    singles, counted = _codes()
    for code in counted:
        empty.add((catalogue()[f"{code}.one"][0], catalogue()[f"{code}.many"][0]), context=code)
    for code in singles:
        empty.add(catalogue()[code][0], context=code)
    written = BytesIO()
    write_po(written, empty, width=0, sort_output=True)
    return written.getvalue()


def _codes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said alone, and what is counted."""
    known = catalogue()
    counted = {code.removesuffix(".one") for code in known if code.endswith(".one")}
    counted = {code for code in counted if f"{code}.many" in known}
    parts = {f"{code}.{end}" for code in counted for end in ("one", "many")}
    return tuple(code for code in known if code not in parts), tuple(sorted(counted))


def _check(file: Path, code: str, said: Iterable[str], known: str) -> None:
    """A sentence may leave a count unsaid ("one day"), and nothing else; it may ask for nothing that is not there."""
    if known not in catalogue():
        return  # of another release: nobody asks for it
    wanted = set(_fields(catalogue()[known][0]))
    for sentence in said:
        try:
            found = set(_fields(sentence))
        except ValueError as cause:
            raise CatalogueRefusedError(file=file.name, entry=code) from cause
        if found - wanted or (wanted - found) - {"count", "days"}:
            raise CatalogueRefusedError(file=file.name, entry=code)


def _fields(sentence: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(sentence) if name is not None)
