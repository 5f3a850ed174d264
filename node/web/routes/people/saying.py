"""What is written of a person, in the words of the visit: codes as their names, lists as people say them."""

from collections.abc import Callable, Mapping

from node.domain.errors import DomainError
from node.domain.language import parse_languages
from node.domain.person import OccupationCode
from node.services.intake.columns import Column
from node.web.desk import Desk
from node.web.telling import Telling
from node.words import Words, catalogue

_FAMILIES = {
    Column.MODE: "mode",
    Column.STATE: "state",
    Column.KIND: "kind",
    Column.VISIBILITY: "visibility",
    Column.TOPICS: "topic",
    Column.WISHES: "wish",
}
_LIST = "; "


def languages(say: Words) -> list[tuple[str, str]]:
    """Codes and names of the languages we can name, by name."""
    codes = [
        code.removeprefix("language.") for code in catalogue() if code.startswith("language.") and code.count(".") == 1
    ]
    return sorted(((code, say(f"language.{code}")) for code in codes), key=lambda pair: pair[1].casefold())


def worded(desk: Desk, column: str, text: str) -> str:
    """A cell as people read it; what cannot be read stays as it was typed."""
    say = _SPECIAL.get(column, _listed)
    try:
        return say(desk, column, text) if text else ""
    except (DomainError, KeyError):
        return text


def _listed(desk: Desk, column: str, text: str) -> str:
    family = _FAMILIES.get(Column(column))
    return Telling(desk.say).listed(family, text.split(_LIST)) if family else text


def _occupation(desk: Desk, _column: str, text: str) -> str:
    return f"{desk.title(OccupationCode(text))} ({text})"


def _spoken(desk: Desk, _column: str, text: str) -> str:
    return Telling(desk.say).spoken(parse_languages(text))


def _slots(desk: Desk, _column: str, text: str) -> str:
    parts = (slot.split("-") for slot in text.split(_LIST))
    return ", ".join(" ".join(desk.say(f"folk.slot.{part}") for part in slot) for slot in parts)


_SPECIAL: Mapping[str, Callable[[Desk, str, str], str]] = {
    Column.OCCUPATION.value: _occupation,
    Column.LANGUAGES.value: _spoken,
    Column.SLOTS.value: _slots,
}
