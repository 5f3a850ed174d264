"""Reading one page of answers: what was typed into an answer, or what is to be mended. Leaves wording to the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.errors import UnreadableSlotError
from node.domain.intake.application import NO, YES, Answer
from node.domain.intake.question import CONSENTS, OWN, Ask
from node.domain.language import FLUENT, LEVELS, Spoken, write_languages
from node.domain.person import Visibility, Wish, parse_slots
from node.services.intake import cells
from node.services.intake.problems import CellError
from node.services.ports.occupations import Occupations
from protocol.vocabulary import Mode, Topic

LONGEST_WORDS = 1_000
MOST_LANGUAGES = 4
NONE_OF_THESE = "none"
Fields = Sequence[tuple[str, str]]


class Wrong(StrEnum):
    """What can be wrong on a page; `join.wrong.<wrong>` says what to do."""

    BLANK = "blank"
    REACH = "reach"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    OCCUPATION = "occupation"
    LANGUAGES = "languages"
    NUMBER = "number"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One field, and what is wrong in it."""

    field: str
    wrong: Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What answers are read against: the program's communities, its time zone, the words of the consent asked for."""

    towns: tuple[str, ...]
    zone: str
    wording: str
    occupations: Occupations


class AnswerReader:
    """Reads the fields of one page and collects every mistake."""

    def __init__(self, fields: Fields, setting: Setting) -> None:
        """Nothing is read yet."""
        self._fields = fields
        self._setting = setting
        self.mistakes: list[Mistake] = []

    def read(self, ask: Ask) -> Answer:
        """The answer; worth nothing where there are mistakes."""
        if ask in CONSENTS:
            return Answer(ask, (self._one("said", (YES, NO)), ("wording", self._setting.wording)))
        if ask in OWN or ask is Ask.NOTES:
            return Answer(ask, (self._words("words"),))
        return Answer(ask, _READERS[ask](self))

    def _text(self, name: str) -> str:
        return next((" ".join(text.split()) for field, text in self._fields if field == name), "")

    def _all(self, name: str) -> tuple[str, ...]:
        return tuple(text.strip() for field, text in self._fields if field == name and text.strip())

    def _wrong(self, field: str, wrong: Wrong) -> None:
        self.mistakes.append(Mistake(field, wrong))

    def _one(self, name: str, choices: Sequence[str]) -> tuple[str, str]:
        chosen = self._text(name)
        if chosen not in choices:
            self._wrong(name, Wrong.CHOICE)
        return name, chosen

    def _some(self, name: str, choices: Sequence[str]) -> tuple[str, str]:
        return name, "; ".join(dict.fromkeys(one for one in self._all(name) if one in choices))

    def _words(self, name: str, longest: int = LONGEST_WORDS) -> tuple[str, str]:
        text = next((text.strip() for field, text in self._fields if field == name), "")
        if len(text) > longest:
            self._wrong(name, Wrong.TOO_LONG)
        return name, text

    def _checked(self, name: str, read: Callable[[str], object], wrong: Wrong) -> tuple[str, str]:
        text = self._text(name)
        try:
            if text:
                read(text)
        except CellError:
            self._wrong(name, wrong)
        return name, text

    def name(self) -> Fields:
        """What she is called."""
        found = self._words("name", cells.LONGEST)
        if not found[1]:
            self._wrong("name", Wrong.BLANK)
        return (("name", self._text("name")),)

    def reach(self) -> Fields:
        """One way to reach her at least."""
        found = (
            self._checked("email", cells.read_email, Wrong.EMAIL),
            self._checked("phone", cells.read_phone, Wrong.PHONE),
        )
        if not any(text for _, text in found):
            self._wrong("email", Wrong.REACH)
        return found

    def community(self) -> Fields:
        """Where she lives, of the places the program serves."""
        return (self._one("community", self._setting.towns),)

    def occupation(self) -> Fields:
        """A code she chose, or her own words where none fits."""
        words, chosen = self._words("words", cells.LONGEST), self._text("occupation")
        if chosen == NONE_OF_THESE and words[1]:
            return (words, ("occupation", ""))
        found = self._setting.occupations.resolve(chosen if chosen != NONE_OF_THESE else "")
        if found is None:
            self._wrong("words", Wrong.OCCUPATION if words[1] else Wrong.BLANK)
            return (words,)
        return (words, ("occupation", found.code))

    def languages(self) -> Fields:
        """Up to four languages, each by what she can do in it, or by a level she knows."""
        rows: list[tuple[str, str]] = []
        spoken: dict[str, Spoken] = {}
        for number in range(1, MOST_LANGUAGES + 1):
            code, level, clb = (self._text(f"{part}_{number}") for part in ("language", "level", "clb"))
            rows += [(f"language_{number}", code), (f"level_{number}", level), (f"clb_{number}", clb)]
            if not code:
                continue
            known = [int(one) for one in (clb, level) if one.isascii() and one.isdigit() and int(one) in LEVELS]
            if (clb or level) and not known:
                self._wrong(f"clb_{number}", Wrong.LANGUAGES)
            spoken.setdefault(code, Spoken(code, (known or [FLUENT])[0]))
            if not level and not clb:
                self._wrong(f"level_{number}", Wrong.CHOICE)
        if not spoken:
            self._wrong("language_1", Wrong.BLANK)
        written = write_languages(tuple(sorted(spoken.values())))
        self._languages(written)
        return (*rows, ("languages", written))

    def _languages(self, written: str) -> None:
        try:
            cells.read_languages(written)
        except CellError:
            self._wrong("language_1", Wrong.LANGUAGES)

    def availability(self) -> Fields:
        """Parts of days in the program's time zone, and anything else in her words."""
        wanted = "; ".join(self._all("slots"))
        try:
            slots = parse_slots(wanted)
        except UnreadableSlotError:
            slots = ()
            self._wrong("slots", Wrong.CHOICE)
        return (("slots", "; ".join(slots)), ("zone", self._setting.zone), self._words("availability"))

    def number(self, name: str, read: Callable[[str], int]) -> Fields:
        """A whole number, or nothing."""
        return (self._checked(name, read, Wrong.NUMBER),)

    def some(self, name: str, choices: Sequence[str]) -> Fields:
        """Some of a closed list, or none."""
        return (self._some(name, choices),)

    def one(self, name: str, choices: Sequence[str]) -> Fields:
        """One of a closed list."""
        return (self._one(name, choices),)

    def words(self, name: str) -> Fields:
        """Her own words, or none."""
        return (self._words(name, cells.LONGEST),)


_READERS: Mapping[Ask, Callable[[AnswerReader], tuple[tuple[str, str], ...]]] = {
    Ask.NAME: lambda reader: tuple(reader.name()),
    Ask.REACH: lambda reader: tuple(reader.reach()),
    Ask.COMMUNITY: lambda reader: tuple(reader.community()),
    Ask.OCCUPATION: lambda reader: tuple(reader.occupation()),
    Ask.SPECIALISATION: lambda reader: tuple(reader.words("specialisation")),
    Ask.LANGUAGES: lambda reader: tuple(reader.languages()),
    Ask.TOPICS: lambda reader: tuple(reader.some("topics", tuple(Topic))),
    Ask.MODE: lambda reader: tuple(reader.one("mode", tuple(Mode))),
    Ask.AVAILABILITY: lambda reader: tuple(reader.availability()),
    Ask.WISHES: lambda reader: tuple(reader.some("wishes", tuple(Wish))),
    Ask.EXPERIENCE: lambda reader: tuple(reader.number("years", cells.read_years)),
    Ask.SEATS: lambda reader: tuple(reader.number("seats", cells.read_seats)),
    Ask.VISIBILITY: lambda reader: tuple(reader.one("visibility", tuple(str(level.value) for level in Visibility))),
}
