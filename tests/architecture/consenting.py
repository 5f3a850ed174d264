"""The page of consent texts, written from the words a person is shown, so that an officer reads what she read."""

from collections.abc import Iterator
from pathlib import Path

from node.domain.consent import Purpose, standard_wording
from node.domain.person import Visibility
from node.words import catalogue

PAGE = Path("docs/privacy/consent-texts.md")


def page() -> str:
    """The page."""
    return "<!-- Written by `make docs` from the words of the program. -->\n\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What people are asked, word for word\n"
    yield "Each yes is written down with the day, the way it was given, until when it holds, and these words or those"
    yield "that somebody typed instead. It can be taken back at any moment."
    yield from _table("A mentor chooses how far other programs may see her", ["visibility.ask", *_levels()])
    yield from _table("A yes to one thing", [standard_wording(purpose) for purpose in Purpose])


def _levels() -> Iterator[str]:
    for level in Visibility:
        yield f"visibility.{level.value}"
        yield f"visibility.{level.value}.text"
        yield f"visibility.example.{level.value}"


def _table(heading: str, codes: list[str]) -> Iterator[str]:
    yield f"\n## {heading}\n"
    yield "| code | English | French |"
    yield "| --- | --- | --- |"
    for code in codes:
        yield "| " + " | ".join((f"`{code}`", *catalogue()[code])) + " |"
