"""What a form says of its own mistakes."""

from dataclasses import dataclass

from starlette.requests import Request

from federation.ground.refusal import Refusal
from node.web.visit import language_of
from node.words import Words


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field, and what is to be corrected there, in the language of the visit."""

    field: str
    text: str


def words_of(request: Request) -> Words:
    """The words of this visit."""
    return Words(language_of(request))


def field_refused(request: Request, field: str, refusal: Refusal) -> FieldError:
    """A rule refused what was typed in a field."""
    return FieldError(field, " ".join(words_of(request).refusal(refusal)))


def blanks(request: Request, code: str, **typed: str) -> tuple[FieldError, ...]:
    """Fields that were left blank, worded by `<code>.<field>.blank`."""
    say = words_of(request)
    return tuple(FieldError(field, say(f"{code}.{field}.blank")) for field, text in typed.items() if not text.strip())
