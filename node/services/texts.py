"""The texts of a program's own letters and forms: to read, to look at and to change."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.program import Tongue
from node.domain.texts import (
    PARTS,
    LetterKind,
    OwnTexts,
    TextsRefusedError,
    Wording,
    is_line,
    letter_of,
    own_wordings,
    placeholders,
)
from node.services.ports import Clock, OpenWork
from node.services.ports.texts import Specimen, Stationery
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """One text in one language: what it says, and what it says unless the program says otherwise."""

    code: str
    language: Tongue
    text: str
    usual: str
    in_line: bool
    placeholders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsView:
    """The texts of one letter, and how it looks in each language."""

    letter: LetterKind
    texts: tuple[TextView, ...]
    specimens: tuple[Specimen, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One letter in the list, and how many of its texts are the program's own."""

    letter: LetterKind
    own: int


@dataclass(frozen=True, slots=True)
class ListTexts:
    """The letters people get."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[LetterLine, ...]:
        """Each letter."""
        actor.may(Action.EDIT_TEXTS)
        with self.reading() as work:
            own = [wording.code for wording in work.programs.texts.all()]
        return tuple(LetterLine(letter=one, own=sum(code in PARTS[one] for code in own)) for one in LetterKind)


@dataclass(frozen=True, slots=True)
class ShowTexts:
    """One letter: as it stands, or as it would be."""

    reading: OpenWork
    clock: Clock
    stationery: Stationery

    def __call__(self, actor: Actor, letter: LetterKind, tried: Sequence[Wording] | None = None) -> TextsView:
        """Its texts; with `tried` it looks as if they were stored. Raises: TextsRefusedError."""
        actor.may(Action.EDIT_TEXTS)
        usual = self.stationery.usual
        with self.reading() as work:
            own, everything, program = (
                work.programs.texts.get(letter),
                work.programs.texts.all(),
                work.programs.get().name,
            )
        said = {(one.code, one.language): one.text for one in own.wordings}
        if tried is not None:
            others = [one for one in everything if one.code not in PARTS[letter]]
            everything = [*others, *own_wordings(tried, usual)]
        now = self.clock.now()
        return TextsView(
            letter=letter,
            texts=tuple(
                _view(code, language, said.get((code, language), ""), usual(code, language))
                for code in PARTS[letter]
                for language in Tongue
            ),
            specimens=tuple(self.stationery.specimen(letter, one, program, everything, now) for one in Tongue),
            version=own.version,
        )


@dataclass(frozen=True, slots=True)
class SayOwn:
    """Say one text on a page that is open to everybody."""

    reading: OpenWork

    def __call__(self, code: str, language: str) -> str:
        """The program's own words, in English to who reads neither official language; blank where it has none."""
        tongue = Tongue.FRENCH if language == Tongue.FRENCH else Tongue.ENGLISH
        with self.reading() as work:
            said = work.programs.texts.get(letter_of(code)).wordings
        return next((one.text for one in said if (one.code, one.language) == (code, tongue)), "")


@dataclass(frozen=True, slots=True)
class ChangeTexts:
    """Say it otherwise in one letter, or as usual again."""

    work: OpenWork
    clock: Clock
    stationery: Stationery

    def __call__(self, actor: Actor, letter: LetterKind, wordings: Sequence[Wording], version: int) -> None:
        """From now on letters say these, and the usual where nothing is said; `version` is the one that was read.

        Raises: TextsRefusedError, ChangedMeanwhileError.
        """
        actor.may(Action.EDIT_TEXTS)
        own = own_wordings([one for one in wordings if one.code in PARTS[letter]], self.stationery.usual)
        with self.work() as work:
            work.programs.texts.replace(OwnTexts(letter=letter, wordings=own, version=version))
            remember(work, actor, Act.TEXTS_CHANGED, letter, self.clock.now())


@dataclass(frozen=True, slots=True)
class ChangeText:
    """Say one text otherwise, or as usual again."""

    work: OpenWork
    clock: Clock
    stationery: Stationery

    def __call__(self, actor: Actor, wording: Wording) -> TextView:
        """The text from now on; a blank one brings the usual back. The other texts of its letter stay as they are.

        Raises: UnknownTextError, TextTooLongError, LineBreakError, UnknownPlaceholderError, PlaceholderNeededError.
        """
        actor.may(Action.EDIT_TEXTS)
        letter = letter_of(wording.code)
        try:
            own = own_wordings([wording], self.stationery.usual)
        except TextsRefusedError as refused:
            raise refused.faults[0].refusal from refused
        with self.work() as work:
            before = work.programs.texts.get(letter)
            place = wording.code, wording.language
            others = tuple(one for one in before.wordings if (one.code, one.language) != place)
            work.programs.texts.replace(OwnTexts(letter=letter, wordings=(*others, *own), version=before.version))
            remember(work, actor, Act.TEXTS_CHANGED, letter, self.clock.now())
        return _view(*place, own[0].text if own else "", self.stationery.usual(*place))


def _view(code: str, language: Tongue, own: str, usual: str) -> TextView:
    return TextView(
        code=code,
        language=language,
        text=own or usual,
        usual=usual,
        in_line=is_line(code),
        placeholders=placeholders(usual),
    )
