"""The unit groups of NOC 2021: the table that ships with the program, and official files where a program loaded them.

Codes and titles: Statistics Canada, National Occupational Classification 2021. The bands of size are derived from the
employment of 2023 in the Canadian Occupational Projection System of Employment and Social Development Canada. Contains
information licensed under the Open Government Licence - Canada. Everything is read when first asked, since most
commands never ask.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from node.domain.errors import UnknownOccupationError
from node.domain.occupation import Kinship, LoadedOccupations, Occupation, nearness
from node.domain.person import OccupationCode
from node.domain.traces import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from node.adapters.occupations.index import SearchIndex, Title
    from node.adapters.occupations.likeness import Described
    from node.adapters.occupations.official import Official
    from node.adapters.occupations.shelf import Loaded

_CODE = re.compile(r"^(?:noc|cnp)?\s*(\d{1,5})(?:\.0+)?$")
_DIGITS = 5
_LEAST = 0.00005
_SHARED = 3


class OccupationTable:
    """All unit groups. With a data folder, what was loaded into it deepens search and similarity."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @cached_property
    def _groups(self) -> dict[OccupationCode, Occupation]:
        return {
            OccupationCode(row["code"]): Occupation(
                code=OccupationCode(row["code"]),
                title_en=row["title_en"],
                title_fr=row["title_fr"],
                teer=int(row["teer"]),
            )
            for row in _rows("noc2021.tsv")
        }

    @cached_property
    def _places(self) -> dict[OccupationCode, int]:
        return {code: place for place, code in enumerate(self._groups)}

    @cached_property
    def _exact(self) -> dict[str, Occupation]:
        return {_plain(title): group for group in self._groups.values() for title in (group.title_en, group.title_fr)}

    @cached_property
    def _written(self) -> dict[str, dict[str, str]]:
        return {row["code"]: row for row in _rows("work.tsv")}

    @cached_property
    def _sizes(self) -> list[int]:
        return [int(self._written[code]["size"]) for code in self._groups]

    @cached_property
    def _work(self) -> dict[OccupationCode, frozenset[str]]:
        return {code: frozenset(_terms(self._written[code]["work"])) for code in self._groups}

    @cached_property
    def _loaded(self) -> "Loaded | None":
        if self._folder is None:
            return None
        from node.adapters.occupations.shelf import read  # noqa: PLC0415 - numpy, which few commands wait for

        return read(self._folder)

    @cached_property
    def _likeness(self) -> "NDArray[np.float32]":
        return self._loaded.likeness if self._loaded is not None else _shipped_likeness()

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
        """Unit groups that may be meant, each with its probability; a code or a whole title finds itself."""
        meant = self.resolve(text)
        chances = dict(zip(self._groups, map(float, self._index.search(text)), strict=True))
        if meant is not None:
            chances[meant.code] = 1.0
        ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
        return tuple((self._groups[code], round(chance, 4)) for code, chance in ranked[:limit] if chance >= _LEAST)

    def similarity(self, one: OccupationCode, other: OccupationCode) -> tuple[float, Kinship]:
        """How alike two unit groups are, and the nearness and the work that speak for it."""
        near = nearness(self.get(one).code, self.get(other).code)
        value = round(float(self._likeness[self._places[one], self._places[other]]), 4)
        shared = sorted(self._work[one] & self._work[other], key=lambda term: (self._spread[term], term))
        return value, Kinship(near, tuple(shared[:_SHARED]) if one != other else ())

    def similar(self, code: OccupationCode, limit: int) -> tuple[tuple[Occupation, float], ...]:
        """The other unit groups, most alike first."""
        row = self._likeness[self._places[self.get(code).code]]
        found = [(group, float(row[self._places[other]])) for other, group in self._groups.items() if other != code]
        ranked = sorted(found, key=lambda pair: (-pair[1], pair[0].code))[:limit]
        return tuple((group, round(value, 4)) for group, value in ranked)

    def load(self, folder: Path, files: Sequence[Path]) -> LoadedOccupations:
        """Build official files into the data folder, in place of what was loaded before.

        Raises: UnknownOccupationFileError, UnreadableOccupationRowError, NoOccupationFilesError.
        """
        from node.adapters.occupations.official import read_official  # noqa: PLC0415 - as above
        from node.adapters.occupations.shelf import Loaded, save  # noqa: PLC0415 - as above

        official = read_official(files, {code: group.title_en for code, group in self._groups.items()})
        save(folder, Loaded(index=self._build(official), likeness=self._compare(official)))
        return LoadedOccupations(
            files=tuple(official.files),
            titles_en=sum(not french for _, _, french in official.titles),
            titles_fr=sum(french for _, _, french in official.titles),
            work=len(official.work),
            ratings=len(official.ratings),
        )

    @cached_property
    def _spread(self) -> dict[str, int]:
        spread: dict[str, int] = {}
        for terms in self._work.values():
            for term in terms:
                spread[term] = spread.get(term, 0) + 1
        return spread

    @cached_property
    def _index(self) -> "SearchIndex":
        return self._loaded.index if self._loaded is not None else _shipped_index()

    def _titles(self, official: "Official | None") -> "Iterator[Title]":
        from node.adapters.occupations.index import Title  # noqa: PLC0415 - as above

        for place, group in enumerate(self._groups.values()):
            yield Title(place, group.title_en, french=False, ours=True)
            yield Title(place, group.title_fr, french=True, ours=True)
            for title in _terms(self._written[group.code]["titles"]):
                yield Title(place, title, french=False, ours=True)
        for name, ours in (("words", True), ("titles", False)):
            for code, title, french in _listed(name):
                yield Title(self._places[code], title, french=french, ours=ours)
        for found, title, french in official.titles if official else ():
            yield Title(self._places[OccupationCode(found)], title, french=french, ours=False)

    def _build(self, official: "Official | None") -> "SearchIndex":
        from node.adapters.occupations.index import Material, SearchIndex  # noqa: PLC0415 - as above

        work = [(place, self._written[code]["work"]) for code, place in self._places.items()]
        work += [(self._places[OccupationCode(code)], text) for code, text in (official.work if official else ())]
        return SearchIndex.build(
            Material(
                codes=tuple(self._groups),
                titles=tuple(self._titles(official)),
                work=work,
                sizes=self._sizes,
            )
        )

    def _described(self, official: "Official | None") -> "Described":
        from node.adapters.occupations.likeness import Described  # noqa: PLC0415 - as above

        texts: list[list[str]] = [[self._written[code]["work"]] for code in self._groups]
        for title in self._titles(official):
            if not title.french:
                texts[title.owner].append(title.text)
        for code, text in official.work if official else ():
            texts[self._places[OccupationCode(code)]].append(text)
        ratings = official.ratings if official else {}
        return Described(codes=tuple(self._groups), texts=texts, ratings=ratings, sizes=self._sizes)

    def _compare(self, official: "Official | None") -> "NDArray[np.float32]":
        from node.adapters.occupations.likeness import likeness  # noqa: PLC0415 - as above

        return likeness(self._described(official))


# What ships is the same for every table, and is built once in a process: a third of a second each.
@cache
def _shipped_likeness() -> "NDArray[np.float32]":
    return OccupationTable()._compare(None)  # noqa: SLF001 - its own module


@cache
def _shipped_index() -> "SearchIndex":
    return OccupationTable()._build(None)  # noqa: SLF001 - its own module


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("node.adapters.occupations").joinpath(name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE)


def _listed(name: str) -> Iterator[tuple[OccupationCode, str, bool]]:
    """Code, title, and whether it is French, of a table that is kept in one file a broad category."""
    for broad in range(10):
        for row in _rows(f"{name}/{name}{broad}.tsv"):
            for language in ("en", "fr"):
                for title in _terms(row[language]):
                    yield OccupationCode(row["code"]), title, language == "fr"


def _terms(listed: str) -> list[str]:
    return [term.strip() for term in listed.split(";") if term.strip()]


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(title)).split())
