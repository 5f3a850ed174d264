"""The questions a program asks who wants to take part: a closed set of kinds, in an order and in words it chooses.

What matching cannot do without, and every consent, is always asked. The wording of a consent is kept with the yes, so
it cannot be replaced; a program may add to it. Leaves the usual words to `node.words`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from node.domain.actor import UserId
from node.domain.consent import Purpose
from node.domain.errors import DomainError
from node.domain.person import Kind
from node.domain.program import Tongue

LONGEST_TITLE = 200
LONGEST_MORE = 1_000


class Ask(StrEnum):
    """What can be asked; each is one page, and one part of the printed sheet."""

    NAME = "name"
    REACH = "reach"
    COMMUNITY = "community"
    OCCUPATION = "occupation"
    SPECIALISATION = "specialisation"
    LANGUAGES = "languages"
    TOPICS = "topics"
    MODE = "mode"
    AVAILABILITY = "availability"
    WISHES = "wishes"
    EXPERIENCE = "experience"
    SEATS = "seats"
    OWN_1 = "own_1"
    OWN_2 = "own_2"
    OWN_3 = "own_3"
    NOTES = "notes"
    VISIBILITY = "visibility"
    STANDING = "standing"
    LISTING = "listing"
    OUTSIDE = "outside"
    CONTACT = "contact"


CONSENTS: Mapping[Ask, Purpose] = {
    Ask.STANDING: Purpose.STANDING,
    Ask.LISTING: Purpose.LISTING,
    Ask.OUTSIDE: Purpose.OUTSIDE,
    Ask.CONTACT: Purpose.CONTACT,
}
"""Questions whose answer is a yes or a no to one purpose."""
OWN = (Ask.OWN_1, Ask.OWN_2, Ask.OWN_3)
"""Questions in the program's own words alone; what is answered there becomes a note."""
TRUTHFUL = frozenset({Ask.VISIBILITY, *CONSENTS})
"""Questions whose wording is ours: it says what really happens."""
ALWAYS = TRUTHFUL | {Ask.NAME, Ask.REACH, Ask.COMMUNITY, Ask.OCCUPATION, Ask.LANGUAGES}
"""Questions that cannot be left out."""
NEEDED = ALWAYS - {Ask.COMMUNITY}
"""Questions that want an answer; where somebody lives may be the only community there is."""

_COMMON = (Ask.NAME, Ask.REACH, Ask.COMMUNITY, Ask.OCCUPATION, Ask.SPECIALISATION)
_MEETING = (Ask.LANGUAGES, Ask.TOPICS, Ask.MODE, Ask.AVAILABILITY)
_USUAL: Mapping[Kind, tuple[Ask, ...]] = {
    Kind.MENTEE: (*_COMMON, Ask.EXPERIENCE, *_MEETING, Ask.WISHES, *OWN, Ask.NOTES, Ask.OUTSIDE, Ask.CONTACT),
    Kind.MENTOR: (
        *(*_COMMON, Ask.EXPERIENCE, *_MEETING, Ask.SEATS, *OWN, Ask.NOTES),
        *(Ask.VISIBILITY, Ask.STANDING, Ask.LISTING, Ask.CONTACT),
    ),
}
_HIDDEN: Mapping[Kind, frozenset[Ask]] = {
    Kind.MENTEE: frozenset({Ask.SPECIALISATION, Ask.EXPERIENCE, Ask.WISHES, *OWN}),
    Kind.MENTOR: frozenset(OWN),
}


class QuestionNeededError(DomainError):
    """Matching needs this question, or a person's own choice depends on it."""

    code = "question-needed"


class WordingFixedError(DomainError):
    """The wording of this question is kept with every yes; it can be added to, not replaced."""

    code = "wording-fixed"


class QuestionUnwordedError(DomainError):
    """A question of the program's own needs words in both languages before it is asked."""

    code = "question-unworded"


class QuestionTooLongError(DomainError):
    """Nobody reads so much on a phone."""

    code = "question-too-long"


class UnknownQuestionError(DomainError):
    """The form holds no such question."""

    code = "unknown-question"


@dataclass(frozen=True, slots=True)
class Texts:
    """What a program says in its own words, in both languages; blank where it says nothing."""

    en: str = ""
    fr: str = ""

    def __call__(self, language: str) -> str:
        """In one language; a further language reads the English."""
        return self.fr if language == Tongue.FRENCH else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `title` takes the place of the usual one where it may; `more` stands below it."""

    ask: Ask
    shown: bool = True
    title: Texts = Texts()
    more: Texts = Texts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Everything a program asks one kind of people, in order. Version 0 is what nobody has changed yet."""

    kind: Kind
    questions: tuple[Question, ...]
    version: int = 0
    changed_at: datetime | None = None
    changed_by: UserId | None = None

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions people are shown."""
        return tuple(question for question in self.questions if question.shown)

    def question(self, ask: Ask) -> Question:
        """One question. Raises: UnknownQuestionError."""
        for question in self.questions:
            if question.ask is ask:
                return question
        raise UnknownQuestionError(question=ask)

    def changed(self, change: "Change", by: UserId, at: datetime) -> Self:
        """The next version of the form. Raises: the refusals of the change."""
        questions = change.applied(self)
        return replace(self, questions=questions, version=self.version + 1, changed_at=at, changed_by=by)

    def with_question(self, changed: Question) -> tuple[Question, ...]:
        """The questions, one of them changed."""
        return tuple(changed if question.ask is changed.ask else question for question in self.questions)


@dataclass(frozen=True, slots=True)
class Moved:
    """A question goes one place up or down."""

    ask: Ask
    up: bool

    def applied(self, form: Form) -> tuple[Question, ...]:
        """The questions in their new order. Raises: UnknownQuestionError."""
        here = form.questions.index(form.question(self.ask))
        there = min(max(here + (-1 if self.up else 1), 0), len(form.questions) - 1)
        order = list(form.questions)
        order.insert(there, order.pop(here))
        return tuple(order)


@dataclass(frozen=True, slots=True)
class Shown:
    """A question is asked from now on, or no longer."""

    ask: Ask
    shown: bool

    def applied(self, form: Form) -> tuple[Question, ...]:
        """The questions. Raises: UnknownQuestionError, QuestionNeededError, QuestionUnwordedError."""
        question = form.question(self.ask)
        if not self.shown and self.ask in ALWAYS:
            raise QuestionNeededError(question=self.ask)
        if self.shown and self.ask in OWN and not (question.title.en and question.title.fr):
            raise QuestionUnwordedError(question=self.ask)
        return form.with_question(replace(question, shown=self.shown))


@dataclass(frozen=True, slots=True)
class Worded:
    """The program says a question in its own words, or adds some; blank texts bring the usual ones back."""

    ask: Ask
    title: Texts
    more: Texts

    def applied(self, form: Form) -> tuple[Question, ...]:
        """The questions.

        Raises: UnknownQuestionError, WordingFixedError, QuestionTooLongError, QuestionUnwordedError.
        """
        question = form.question(self.ask)
        if self.ask in TRUTHFUL and (self.title.en or self.title.fr):
            raise WordingFixedError(question=self.ask)
        if max(len(self.title.en), len(self.title.fr)) > LONGEST_TITLE:
            raise QuestionTooLongError(most=LONGEST_TITLE)
        if max(len(self.more.en), len(self.more.fr)) > LONGEST_MORE:
            raise QuestionTooLongError(most=LONGEST_MORE)
        if self.ask in OWN and question.shown and not (self.title.en and self.title.fr):
            raise QuestionUnwordedError(question=self.ask)
        return form.with_question(replace(question, title=self.title, more=self.more))


Change = Moved | Shown | Worded


def usual_form(kind: Kind) -> Form:
    """What is asked until a program changes it."""
    hidden = _HIDDEN[kind]
    return Form(kind=kind, questions=tuple(Question(ask, shown=ask not in hidden) for ask in _USUAL[kind]))
