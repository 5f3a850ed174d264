"""A program's own words in its letters and at both ends of its forms: which texts there are, and what each must keep.

Leaves usual words to `words`. A text is plain, and `{name}` stands in it where the letter says something of its own. It
is filled by name alone: what somebody typed here reaches nothing else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from node.domain.errors import DomainError
from node.domain.program import Tongue

MOST_SIGNS, MOST_IN_LINE = 1_000, 150
_BRACED = re.compile(r"\{([^{}]*)\}")
_NEEDED = frozenset({"count", "day", "month", "url", "when", "zone"})
"""What a reader cannot do without; names of people and of the program may be left out."""


class LetterKind(StrEnum):
    """The letters people get; `shared` is what several of them say, and `form` the first and last page of a form."""

    INTRODUCTION = "introduction"
    SIGN_IN = "sign_in"
    RESUME = "resume"
    TURNED_DOWN = "turned_down"
    REMINDER = "reminder"
    SHARED = "shared"
    FORM = "form"


PARTS: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.INTRODUCTION: (
        "letter.subject",
        "letter.introduction",
        "letter.proposal",
        "letter.page",
        "letter.reply",
        "letter.meeting",
    ),
    LetterKind.SIGN_IN: ("letter.link.subject", "letter.link.lead", "letter.link.how"),
    LetterKind.RESUME: ("letter.resume.subject", "letter.resume.lead", "letter.resume.how"),
    LetterKind.TURNED_DOWN: ("letter.turned_down.subject", "letter.turned_down.lead", "letter.turned_down.gone"),
    LetterKind.REMINDER: (
        "letter.reminder.subject",
        "letter.reminder.lead.one",
        "letter.reminder.lead.many",
        "letter.reminder.until",
        "letter.reminder.page",
        "letter.reminder.start",
        "letter.reminder.why",
    ),
    LetterKind.SHARED: ("letter.hello", "letter.link.unasked"),
    LetterKind.FORM: ("join.lead.mentee", "join.lead.mentor", "join.sent.title", "join.sent.contact"),
}
"""The texts of each letter, by the code of their usual words, in the order they are read."""


class TextTooLongError(DomainError):
    """A text is longer than a letter bears."""

    code = "text-too-long"


class LineBreakError(DomainError):
    """A subject, or another text of one line, has several: more lines there would be more headers of a mail."""

    code = "line-break"


class UnknownPlaceholderError(DomainError):
    """Something stands in braces that this text cannot be filled with, or a brace stands alone."""

    code = "unknown-placeholder"


class PlaceholderNeededError(DomainError):
    """What a reader needs is missing."""

    code = "placeholder-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The program's own words for one text in one language."""

    code: str
    language: Tongue
    text: str

    def check(self, usual: str) -> None:
        """Pass if these words can stand for the usual ones.

        Raises: TextTooLongError, LineBreakError, UnknownPlaceholderError, PlaceholderNeededError.
        """
        known, used = placeholders(usual), placeholders(self.text)
        most = MOST_IN_LINE if is_line(self.code) else MOST_SIGNS
        if len(self.text) > most:
            raise TextTooLongError(most=most)
        if is_line(self.code) and "\n" in self.text:
            raise LineBreakError
        if not set(used) <= set(known) or set("{}") & set(_BRACED.sub("", self.text)):
            raise UnknownPlaceholderError(known=_listed(known))
        if missing := [name for name in known if name in _NEEDED and name not in used]:
            raise PlaceholderNeededError(needed=_listed(missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTexts:
    """What a program says otherwise in one letter; of version 0 until it first does."""

    letter: LetterKind
    wordings: tuple[Wording, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one text."""

    code: str
    language: Tongue
    refusal: DomainError


class UnknownTextError(DomainError):
    """No letter holds a text of this code."""

    code = "unknown-text"


class TextsRefusedError(DomainError):
    """Some texts cannot stand; `faults` says which, and why."""

    code = "texts-refused"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults


def own_wordings(wordings: Iterable[Wording], usual: Callable[[str, Tongue], str]) -> tuple[Wording, ...]:
    """Those that say something else than usual, made plain; a blank one says the usual. Raises: TextsRefusedError."""
    tidy = (replace(one, text=plain(one.text)) for one in wordings)
    own = tuple(one for one in tidy if one.text not in {"", usual(one.code, one.language)})
    if faults := tuple(_faults(own, usual)):
        raise TextsRefusedError(faults)
    return own


def _faults(wordings: Iterable[Wording], usual: Callable[[str, Tongue], str]) -> Iterator[Fault]:
    for one in wordings:
        try:
            one.check(usual(one.code, one.language))
        except DomainError as refusal:
            yield Fault(code=one.code, language=one.language, refusal=refusal)


def letter_of(code: str) -> LetterKind:
    """The letter a text stands in. Raises: UnknownTextError."""
    for letter, codes in PARTS.items():
        if code in codes:
            return letter
    raise UnknownTextError


def is_line(code: str) -> bool:
    """Whether a text stands in one line: in a header of the mail, in a calendar, or above a page."""
    return code.endswith((".subject", ".meeting", ".hello", ".title"))


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces, each once."""
    return tuple(dict.fromkeys(_BRACED.findall(text)))


def fill(text: str, params: Mapping[str, object]) -> str:
    """The text with what its names stand for; a name nothing is known of stays as it is."""
    return _BRACED.sub(lambda found: str(params.get(found[1], found[0])), text)


def plain(text: str) -> str:
    """The text without blanks around it or control characters, however its lines were broken."""
    lines = "\n".join(text.strip().splitlines())
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names) or "—"
