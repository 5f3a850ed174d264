"""Occupations: unit groups of the National Occupational Classification 2021, and how near two of them are.

A code has five digits: broad category, TEER (training, education, experience, responsibilities), sub-major group, minor
group, unit group.
"""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.person import OccupationCode
from node.domain.program import Tongue

_MINOR = 4
_SUB_MAJOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """One unit group."""

    code: OccupationCode
    title_en: str
    title_fr: str
    teer: int

    def title(self, language: Tongue) -> str:
        """The title in a language."""
        return self.title_fr if language is Tongue.FRENCH else self.title_en


class Nearness(StrEnum):
    """How near two unit groups are in the classification."""

    SAME = "same_unit_group"
    MINOR = "same_minor_group"
    SUB_MAJOR = "same_sub_major_group"
    APART = "other_occupation"


@dataclass(frozen=True, slots=True)
class Kinship:
    """Why two unit groups are alike: where they stand in the classification, and the terms that both are known by."""

    nearness: Nearness
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedOccupations:
    """What was found in official files: their names; how many titles, descriptions of work, tables of ratings."""

    files: tuple[str, ...]
    titles_en: int
    titles_fr: int
    work: int
    ratings: int


def nearness(one: OccupationCode, other: OccupationCode) -> Nearness:
    """How near two unit groups are."""
    if one == other:
        return Nearness.SAME
    if one[:_MINOR] == other[:_MINOR]:
        return Nearness.MINOR
    return Nearness.SUB_MAJOR if one[:_SUB_MAJOR] == other[:_SUB_MAJOR] else Nearness.APART
