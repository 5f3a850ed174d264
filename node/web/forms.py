"""What was typed into a form, and what the form says of its own mistakes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from datetime import time as clock
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from federation.ground.refusal import Explained, Refusal
from node.domain.errors import DomainError
from node.web.visit import language_of
from node.words import Words, catalogue

_Choice = TypeVar("_Choice", bound=str)


class UnknownChoiceError(DomainError):
    """None of what the field offers was chosen: the form was changed on its way, or comes from an older page."""

    code = "unknown-choice"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field, and what is to be corrected there, in the language of the visit."""

    field: str
    text: str


def words_of(request: Request) -> Words:
    """The words of this visit."""
    return Words(language_of(request))


def worded(say: Words, refusal: Explained) -> tuple[str, str]:
    """Why, and what to do next on a page: there nobody types commands."""
    why, what_next = say.refusal(refusal)
    here = f"error.{refusal.code}.page"
    return why, say(here, **dict(refusal.params)) if here in catalogue() else what_next


def field_refused(request: Request, field: str, refusal: Refusal) -> FieldError:
    """A rule refused what was typed in a field."""
    return FieldError(field, " ".join(worded(words_of(request), refusal)))


def blanks(request: Request, code: str, **typed: str) -> tuple[FieldError, ...]:
    """Fields that were left blank, worded by `<code>.<field>.blank`."""
    say = words_of(request)
    return tuple(FieldError(field, say(f"{code}.{field}.blank")) for field, text in typed.items() if not text.strip())


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as they were typed, so that a page can show them again; a field left out is blank."""

    fields: tuple[tuple[str, str], ...] = ()

    def __call__(self, name: str) -> str:
        """The text of a field, without blanks around it."""
        return next((text.strip() for field, text in self.fields if field == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Everything ticked or typed under one name."""
        return tuple(text.strip() for field, text in self.fields if field == name and text.strip())

    def one_of(self, name: str, choices: Iterable[_Choice]) -> _Choice:
        """What was chosen. Raises: UnknownChoiceError, for what no form of ours offers."""
        chosen = next((one for one in choices if one == self(name)), None)
        if chosen is None:
            raise UnknownChoiceError(field=name)
        return chosen

    def number(self, name: str) -> int | None:
        """A whole number; None for anything else."""
        text = self(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None

    def moment(self, day: str, time: str, zone: tzinfo) -> datetime | None:
        """A day and a time of day in a zone, as browsers send them; None for anything else."""
        try:
            return datetime.combine(date.fromisoformat(self(day)), clock.fromisoformat(self(time)), zone)
        except ValueError:
            return None

    def day(self, name: str) -> date | None:
        """A day as browsers send it (ISO 8601); None for anything else."""
        try:
            return date.fromisoformat(self(name))
        except ValueError:
            return None

    def no_day(self, name: str) -> bool:
        """Whether something was typed that is no day."""
        return bool(self(name)) and self.day(name) is None


_DIGITS = 9


async def _typed(request: Request) -> Typed:
    form = await request.form()
    return Typed(tuple((name, text) for name, text in form.multi_items() if isinstance(text, str)))


TypedHere = Annotated[Typed, Depends(_typed)]


def asked(request: Request) -> Typed:
    """What a filter asks for in the address of a page: codes and numbers, never a name (it would be logged)."""
    return Typed(tuple(request.query_params.multi_items()))


AskedHere = Annotated[Typed, Depends(asked)]
