"""Reasons as sentences: the codes in their details are worded like everything else. Leaves finding them to matching."""

from collections.abc import Iterable

from node.words import Words, catalogue

_CODES = {"topics": "topic", "wishes": "wish", "language": "language"}
"""Details that are codes, one or several, and the family of words that says them."""
_DUTIES = "terms"
"""What two occupations have in common, as the table of occupations says it in English, with commas between."""


def reason(say: Words, code: str, details: Iterable[tuple[str, str | int]]) -> str:
    """A reason in one language."""
    params = {name: _detail(say, name, value) for name, value in details}
    return say(f"reason.{code}", **params)


def _detail(say: Words, name: str, value: str | int) -> str:
    if name == _DUTIES:
        return duties(say, str(value).split(", "))
    if name not in _CODES:
        return str(value)
    codes = [f"{_CODES[name]}.{code}" for code in str(value).split()]
    return ", ".join(say(code) if code in catalogue() else code.partition(".")[2] for code in codes)


def duties(say: Words, terms: Iterable[str]) -> str:
    """What two occupations have in common, in one language; a term without a word of its own stays as it is."""
    codes = {term: f"duty.{term.replace(' ', '-')}" for term in terms}
    return ", ".join(say(code) if code in catalogue() else term for term, code in codes.items())
