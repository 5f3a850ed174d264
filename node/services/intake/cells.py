"""Reading single cells: what people type, in English or French, into the values of the domain."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from node.domain.consent import Given
from node.domain.errors import DomainError
from node.domain.language import Spoken, parse_languages
from node.domain.person import Kind, PersonState, Visibility, Wish, parse_slots
from node.domain.traces import fold
from node.services.intake.problems import CellError, ProblemCode
from protocol.vocabulary import Mode, Topic

LONGEST = 200
LONGEST_TEXT = 10_000
_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+$")
_PHONE = re.compile(r"^\+?[\d\s().-]{7,}(?:\s*(?:x|ext\.?|poste)\s*\d{1,6})?$", re.IGNORECASE)
_MOST_SEATS = 50
_MOST_YEARS = 70

_MODES = {
    Mode.IN_PERSON: "in person|en personne|inperson|presentiel",
    Mode.ONLINE: "online|en ligne|virtual|virtuel|video|remote|a distance",
    Mode.EITHER: "either|both|any|les deux|peu importe|either one|in person or online|en personne ou en ligne",
}
_STATES = {
    PersonState.ACTIVE: "active|actif|active participant|taking part|participe",
    PersonState.PAUSED: "paused|pause|en pause",
    PersonState.LEFT: "left|parti|a quitte|quitte",
}
_KINDS = {
    Kind.MENTEE: "mentee|mentees|mentore|mentoree|personne mentoree|mentores",
    Kind.MENTOR: "mentor|mentors|mentore e|mentorat",
}
_GIVEN = {
    Given.IN_PERSON: "in person|en personne",
    Given.PHONE: "phone|by phone|telephone|par telephone",
    Given.EMAIL_REPLY: "email|e mail|email reply|by e mail|e mail reply|by e mail reply|courriel|par courriel",
    Given.PAPER: "paper|on paper|papier|sur papier|form|formulaire",
    Given.WEB: "web|on the page",
}
_VISIBILITIES = {
    Visibility.ONLY_HERE: "0|only here|seulement ici",
    Visibility.ASK_FIRST: "1|ask me first|demandez moi d abord",
    Visibility.MAY_OFFER: "2|you may offer me|vous pouvez me proposer",
    Visibility.LISTED: "3|listed|affiche",
}
_LANGUAGES = {
    "english": "en",
    "anglais": "en",
    "french": "fr",
    "francais": "fr",
    "arabic": "ar",
    "arabe": "ar",
    "spanish": "es",
    "espagnol": "es",
    "ukrainian": "uk",
    "ukrainien": "uk",
    "tagalog": "tl",
    "punjabi": "pa",
    "pendjabi": "pa",
    "hindi": "hi",
    "mandarin": "zh",
    "portuguese": "pt",
    "portugais": "pt",
    "russian": "ru",
    "russe": "ru",
    "somali": "so",
    "tigrinya": "ti",
    "urdu": "ur",
    "ourdou": "ur",
    "farsi": "fa",
    "persian": "fa",
}
_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum | Visibility)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def choose(choices: Mapping[_Choice, str], code: ProblemCode) -> Callable[[str], _Choice]:
    """A reader of one of a few words."""
    known = {word: value for value, words in choices.items() for word in words.split("|")}

    def read(text: str) -> _Choice:
        if _plain(text) not in known:
            raise CellError(code, tuple(words.split("|")[0] for words in choices.values()))
        return known[_plain(text)]

    return read


read_mode = choose(_MODES, ProblemCode.MODE)
read_state = choose(_STATES, ProblemCode.STATE)
read_kind = choose(_KINDS, ProblemCode.KIND_UNCLEAR)
read_given = choose(_GIVEN, ProblemCode.CONSENT)
read_visibility = choose(_VISIBILITIES, ProblemCode.VISIBILITY)


def read_text(text: str, longest: int = LONGEST) -> str:
    """Free text within a length. Raises: CellError."""
    if len(text) > longest:
        raise CellError(ProblemCode.TOO_LONG)
    return text


def read_notes(text: str) -> str:
    """Free text of any usual length. Raises: CellError."""
    return read_text(text, LONGEST_TEXT)


def read_email(text: str) -> str:
    """An e-mail address. Raises: CellError."""
    if not _EMAIL.match(text):
        raise CellError(ProblemCode.EMAIL)
    return read_text(text)


def read_phone(text: str) -> str:
    """A phone number as it was typed. Raises: CellError."""
    if not _PHONE.match(text):
        raise CellError(ProblemCode.PHONE)
    return read_text(text)


def read_languages(text: str) -> tuple[Spoken, ...]:
    """Languages by code or by usual name. Raises: CellError."""
    coded = re.sub(r"[^\W\d_]{4,}", lambda word: _LANGUAGES.get(word.group(), word.group()), fold(text))
    return _domain(parse_languages, coded, ProblemCode.LANGUAGES)


def read_topics(text: str) -> tuple[Topic, ...]:
    """Topics by code, with spaces or underscores. Raises: CellError."""
    wanted = [_plain(part).replace(" ", "_") for part in re.split(r"[;,|]", text) if part.strip()]
    try:
        return tuple(dict.fromkeys(Topic(part) for part in wanted))
    except ValueError as error:
        raise CellError(ProblemCode.TOPIC, tuple(Topic)) from error


def read_wishes(text: str) -> tuple[Wish, ...]:
    """Preferences by code, with spaces or underscores. Raises: CellError."""
    wanted = [_plain(part).replace(" ", "_") for part in re.split(r"[;,|]", text) if part.strip()]
    try:
        return tuple(dict.fromkeys(Wish(part) for part in wanted))
    except ValueError as error:
        raise CellError(ProblemCode.WISH, tuple(Wish)) from error


def read_slots(text: str) -> tuple[str, ...]:
    """Weekly hours. Raises: CellError."""
    return _domain(parse_slots, text, ProblemCode.SLOT)


def read_time_zone(text: str) -> str:
    """A time zone of the tz database. Raises: CellError."""
    if text not in _time_zones():
        raise CellError(ProblemCode.TIME_ZONE)
    return text


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # walks through a tree of files, too slow for every row


def read_seats(text: str) -> int:
    """How many mentees a mentor takes at once. Raises: CellError."""
    return _number(text, _MOST_SEATS)


def read_years(text: str) -> int:
    """Whole years of experience. Raises: CellError."""
    return _number(text, _MOST_YEARS)


def _number(text: str, most: int) -> int:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or int(digits) > most:
        raise CellError(ProblemCode.NUMBER)
    return int(digits)


def _domain(read: Callable[[str], _Value], text: str, code: ProblemCode) -> _Value:
    try:
        return read(text)
    except DomainError as error:
        raise CellError(code) from error
