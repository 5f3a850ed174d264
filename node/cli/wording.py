"""Reasons as sentences: the codes in their details worded like everything else."""

from node.services.matching.views import ReasonView
from node.words import Words, catalogue

_CODES = {"topics": "topic", "wishes": "wish", "language": "language"}
"""Details that are codes, one or several, and the family of words that says them."""


def reason(say: Words, view: ReasonView) -> str:
    """A reason in one language."""
    params = {name: _detail(say, name, value) for name, value in view.details}
    return say(f"reason.{view.code}", **params)


def _detail(say: Words, name: str, value: str | int) -> str:
    if name not in _CODES:
        return str(value)
    codes = [f"{_CODES[name]}.{code}" for code in str(value).split()]
    return ", ".join(say(code) if code in catalogue() else code.partition(".")[2] for code in codes)
