"""Languages people speak, with a level: what mentor and mentee can talk in."""

import re
from dataclasses import dataclass

from node.domain.errors import UnreadableLanguageError

_PART = re.compile(r"^([a-z]{2,3})(?:\s*:\s*(\d{1,2}))?$")
LEVELS = range(1, 13)
"""Levels of the Canadian Language Benchmarks; fluent is 12."""
FLUENT = 12
TALKING = 4
"""The least level at which a conversation about work is worth trying."""


@dataclass(frozen=True, slots=True, order=True)
class Spoken:
    """A language (ISO 639 code, lower case) and its level from 1 to 12."""

    code: str
    level: int = FLUENT


def parse_languages(text: str) -> tuple[Spoken, ...]:
    """Read `en:8; fr:4`; a language without a level is spoken fluently.

    Raises: UnreadableLanguageError.
    """
    found: dict[str, Spoken] = {}
    for part in re.split(r"[;,|\s]+", re.sub(r"\s*:\s*", ":", text.strip().lower())):
        if not part:
            continue
        match = _PART.match(part)
        level = int(match.group(2) or FLUENT) if match else 0
        if match is None or level not in LEVELS or match.group(1) in found:
            raise UnreadableLanguageError
        found[match.group(1)] = Spoken(match.group(1), level)
    return tuple(sorted(found.values()))


def write_languages(languages: tuple[Spoken, ...]) -> str:
    """The text `parse_languages` reads."""
    return "; ".join(f"{spoken.code}:{spoken.level}" for spoken in languages)


def in_common(ours: tuple[Spoken, ...], theirs: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """Languages both can talk in, each at the lower of the two levels, best first."""
    levels = {spoken.code: spoken.level for spoken in theirs}
    shared = (Spoken(s.code, min(s.level, levels[s.code])) for s in ours if s.code in levels)
    return tuple(sorted((s for s in shared if s.level >= TALKING), key=lambda s: (-s.level, s.code)))
