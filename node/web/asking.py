"""How a question is put, and an answer read back: on a page, on the sheet to print, and to a coordinator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_name

from node.domain.intake.application import YES, Answer
from node.domain.intake.question import ALWAYS, CONSENTS, OWN, TRUTHFUL, Ask, Question
from node.domain.language import parse_languages
from node.domain.person import Kind, OccupationCode, Visibility, Wish
from node.services.applying.reading import MOST_LANGUAGES
from node.words import Words, catalogue
from protocol.vocabulary import Mode, Topic

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
LEVELS = (12, 8, 6, 4, 2)
"""Levels told by what somebody can do, after the descriptors of the Canadian Language Benchmarks."""
_LANGUAGE_CODES = tuple(
    code.partition(".")[2] for code in catalogue() if code.startswith("language.") and code.count(".") == 1
)


_COUNTED = frozenset({Visibility.ASK_FIRST, Visibility.MAY_OFFER})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one kind of people in one language."""

    say: Words
    kind: Kind
    question: Question

    @property
    def ask(self) -> Ask:
        """Which question it is."""
        return self.question.ask

    @property
    def usual(self) -> str:
        """Our own words for it."""
        return self._worded("title")

    @property
    def title(self) -> str:
        """The question."""
        return self.question.title(self.say.language) or self.usual

    @property
    def more(self) -> str:
        """What the program adds."""
        return self.question.more(self.say.language)

    @property
    def always(self) -> bool:
        """Whether it cannot be left out."""
        return self.ask in ALWAYS

    @property
    def truthful(self) -> bool:
        """Whether its words cannot be replaced."""
        return self.ask in TRUTHFUL

    @property
    def consent(self) -> bool:
        """Whether it asks for a yes or a no."""
        return self.ask in CONSENTS

    @property
    def own(self) -> bool:
        """Whether it is the program's own."""
        return self.ask in OWN

    @property
    def optional(self) -> bool:
        """Whether its page may be left empty."""
        return self.ask not in ALWAYS and self.ask is not Ask.MODE

    @property
    def wording(self) -> str:
        """The words a yes is given to; blank for what is no consent."""
        return self.say(f"wording.{CONSENTS[self.ask]}") if self.consent else ""

    @property
    def example(self) -> str:
        """What others would see after a yes."""
        return self.say(f"join.{self.ask}.example") if self.consent else ""

    @property
    def recorded(self) -> str:
        """Everything she read before she said yes or no, as it is kept with her yes."""
        if not self.consent:
            return ""
        shown = f"{self.say('join.consent.example')} {self.example}"
        return "\n".join(text for text in (self.title, self.wording, shown, self.more) if text)

    def help(self, zone: str = "") -> str:
        """How it is meant."""
        return self._worded("help", zone=self._clock(zone) if zone else "")

    def _clock(self, zone: str) -> str:
        try:
            return get_timezone_name(zone, locale=Locale(self.say.language, "CA"))
        except UnknownLocaleError:
            return get_timezone_name(zone, locale=Locale.parse(self.say.language))

    def _worded(self, part: str, **params: object) -> str:
        known = catalogue()
        codes = (f"join.{self.kind}.{self.ask}.{part}", f"join.{self.ask}.{part}")
        return next((self.say(code, **params) for code in codes if code in known), "")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen where something is chosen, in the words of a language."""

    say: Words
    counted: bool

    @property
    def topics(self) -> list[tuple[str, str]]:
        """What to talk about."""
        return [(topic.value, self._first(f"topic.{topic}")) for topic in Topic]

    @property
    def modes(self) -> list[tuple[str, str]]:
        """Ways to meet."""
        return [(mode.value, self.say(f"join.mode.{mode}")) for mode in Mode]

    @property
    def wishes(self) -> list[tuple[str, str]]:
        """What may be wished."""
        return [(wish.value, self._first(f"wish.{wish}")) for wish in Wish]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Languages by name."""
        named = [(code, self._first(f"language.{code}")) for code in _LANGUAGE_CODES]
        first = [pair for pair in named if pair[0] in {"en", "fr"}]
        return [*first, *sorted((pair for pair in named if pair not in first), key=lambda pair: pair[1])]

    @property
    def levels(self) -> list[tuple[str, str]]:
        """What somebody can do in a language."""
        return [(str(level), self.say(f"join.languages.{level}")) for level in LEVELS]

    @property
    def visibilities(self) -> list[tuple[str, str, str]]:
        """The four words, each with what it means and an example of what others would see."""
        group, line = self.say("join.visibility.group"), self.say("join.visibility.line")
        return [
            (
                str(level.value),
                self.say(f"visibility.{level.value}"),
                " ".join(
                    (
                        self.say(f"visibility.{level.value}.text"),
                        self.say(example_of(level, counted=self.counted), group=group, line=line),
                    )
                ),
            )
            for level in Visibility
        ]

    @property
    def days(self) -> list[tuple[str, str]]:
        """The days of a week."""
        return [(day, self._first(f"date.weekday.{number}")) for number, day in enumerate(DAYS, 1)]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The parts of a day."""
        return [(part, self._first(f"join.part.{part}")) for part in PARTS]

    @property
    def rows(self) -> range:
        """How many languages there is room for."""
        return range(1, MOST_LANGUAGES + 1)

    def _first(self, code: str) -> str:
        text = self.say(code)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads an answer back, line by line; `occupation` says what a code is called."""

    say: Words
    occupation: Callable[[OccupationCode], str]

    def __call__(self, answer: Answer) -> list[str]:
        """What was answered; nothing where it was left empty."""
        if answer.ask in CONSENTS:
            return [self.say("join.yes" if answer("said") == YES else "join.no")]
        read = {
            Ask.OCCUPATION: self._occupation,
            Ask.LANGUAGES: self._languages,
            Ask.TOPICS: lambda found: self._coded(found("topics"), "topic"),
            Ask.WISHES: lambda found: self._coded(found("wishes"), "wish"),
            Ask.MODE: lambda found: self._coded(found("mode"), "join.mode"),
            Ask.VISIBILITY: lambda found: self._coded(found("visibility"), "visibility"),
            Ask.AVAILABILITY: self._hours,
        }.get(answer.ask, _texts)
        return [line for line in read(answer) if line]

    def _coded(self, text: str, family: str) -> Iterator[str]:
        said = (self.say(f"{family}.{code.strip()}") for code in text.split(";") if code.strip())
        return (text[:1].upper() + text[1:] for text in said)

    def _occupation(self, answer: Answer) -> Iterator[str]:
        code = answer("occupation")
        yield self.occupation(OccupationCode(code)) if code else answer("words")

    def _languages(self, answer: Answer) -> Iterator[str]:
        for spoken in parse_languages(answer("languages")):
            code = f"language.{spoken.code}"
            name = self.say(code) if code in catalogue() else spoken.code
            can = f"join.languages.{spoken.level}"
            level = self.say(can) if spoken.level in LEVELS else str(spoken.level)
            yield self.say("join.languages.said", name=name[:1].upper() + name[1:], level=level)

    def _hours(self, answer: Answer) -> Iterator[str]:
        for slot in answer("slots").split("; ") if answer("slots") else ():
            day, _, part = slot.partition("-")
            named = self.say(f"date.weekday.{DAYS.index(day) + 1}")
            told = self.say("join.availability.cell", day=named, part=self.say(f"join.part.{part}"))
            yield told[:1].upper() + told[1:]
        yield answer("availability")


def _texts(answer: Answer) -> Iterator[str]:
    return (text for _, text in answer.fields)


def example_of(level: Visibility, *, counted: bool) -> str:
    """The code of an example of what others see; in a program that gives no counts there is none to see."""
    return f"visibility.example.{level.value if counted or level not in _COUNTED else 'none'}"
