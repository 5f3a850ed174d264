"""The unit groups of NOC 2021 from the table beside this module. Leaves official indexes of titles to a later loader.

Codes and titles: Statistics Canada, National Occupational Classification 2021.
"""

import csv
import re
from functools import cached_property
from importlib import resources

from rapidfuzz import fuzz, process

from node.domain.errors import UnknownOccupationError
from node.domain.occupation import Occupation
from node.domain.person import OccupationCode
from node.domain.traces import fold

_CODE = re.compile(r"^(?:noc|cnp)?\s*(\d{1,5})(?:\.0+)?$")
_DIGITS = 5
_LEAST = 0.3
_BEST = 100


class OccupationTable:
    """All unit groups, with their folded titles; read when first asked, since most commands never ask."""

    @cached_property
    def _groups(self) -> dict[OccupationCode, Occupation]:
        text = resources.files("node.adapters.occupations").joinpath("noc2021.tsv").read_text("utf-8")
        rows = csv.DictReader(text.splitlines(), dialect="excel-tab")
        return {
            OccupationCode(row["code"]): Occupation(
                code=OccupationCode(row["code"]),
                title_en=row["title_en"],
                title_fr=row["title_fr"],
                teer=int(row["teer"]),
            )
            for row in rows
        }

    @cached_property
    def _titles(self) -> list[tuple[str, Occupation]]:
        return [(_plain(title), group) for group in self._groups.values() for title in (group.title_en, group.title_fr)]

    @cached_property
    def _exact(self) -> dict[str, Occupation]:
        return dict(self._titles)

    def get(self, code: OccupationCode) -> Occupation:
        """One unit group. Raises: UnknownOccupationError."""
        if code not in self._groups:
            raise UnknownOccupationError(occupation=code)
        return self._groups[code]

    def resolve(self, typed: str) -> Occupation | None:
        """The unit group of a code (a spreadsheet may have eaten leading zeros) or of a whole title."""
        code = _CODE.match(typed.strip().lower())
        if code is not None:
            return self._groups.get(OccupationCode(code.group(1).zfill(_DIGITS)))
        return self._exact.get(_plain(typed))

    def search(self, text: str, limit: int) -> tuple[tuple[Occupation, float], ...]:
        """Unit groups whose titles fit, best first; a code finds itself."""
        meant = self.resolve(text)
        best: dict[OccupationCode, float] = {meant.code: 1.0} if meant else {}
        query = _plain(text)
        choices = [title for title, _ in self._titles]
        for _, score, position in process.extract(query, choices, scorer=_fit, limit=None):
            group = self._titles[position][1]
            best[group.code] = max(best.get(group.code, 0.0), score / _BEST)
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return tuple((self._groups[code], round(score, 4)) for code, score in ranked[:limit] if score >= _LEAST)


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(title)).split())


def _fit(query: str, title: str, *, score_cutoff: float | None = None) -> float:  # noqa: ARG001 - rapidfuzz passes it
    """How well a title fits: every typed word against the title's best word, beginnings counted, length a little."""
    words, held = query.split(), title.split()
    if not words or not held:
        return 0.0
    return 0.9 * sum(max(_word_fit(word, other) for other in held) for word in words) / len(words) + 0.1 * fuzz.ratio(
        query, title
    )


def _word_fit(word: str, other: str) -> float:
    if word == other:
        return _BEST
    if len(word) > 1 and other.startswith(word):
        return 90.0
    ratio = fuzz.ratio(word, other)
    return ratio if ratio >= 80 else 0.0  # noqa: PLR2004 - four letters of five: a typing error, not another word
