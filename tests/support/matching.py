"""Builders for tests of matching: people with a few traits, and a small map."""

from dataclasses import replace
from datetime import date

from node.domain.community import CommunityId
from node.domain.matching.bearings import Bearings, Spot
from node.domain.matching.rules import Rules
from node.domain.matching.scale import Scale
from node.domain.occupation import Kinship, Nearness, nearness
from node.domain.person import Candidate, Kind, OccupationCode, PersonId, Profile
from tests.support.node import a_person

HAT, REDCLIFF, CALGARY, NOWHERE = (CommunityId(name) for name in ("hat", "redcliff", "calgary", "nowhere"))
MAPLE_CREEK, ST_JOHNS = CommunityId("maple creek"), CommunityId("st johns")
SPOTS = {
    HAT: Spot(50.04, -110.68, "America/Edmonton"),
    REDCLIFF: Spot(50.08, -110.78, "America/Edmonton"),
    CALGARY: Spot(51.05, -114.07, "America/Edmonton"),
    MAPLE_CREEK: Spot(49.91, -109.48, "America/Regina"),
    ST_JOHNS: Spot(47.56, -52.71, "America/St_Johns"),
}
TODAY = date(2026, 12, 24)
_NEAR = {Nearness.SAME: 1.0, Nearness.MINOR: 0.7, Nearness.SUB_MAJOR: 0.5, Nearness.APART: 0.0}


def likeness(one: OccupationCode, other: OccupationCode) -> tuple[float, Kinship]:
    """By the digits of the codes; farmers and agronomists share what they do."""
    if {one, other} == {"80020", "21112"}:
        return 0.6, Kinship(Nearness.APART, ("soil sampling", "irrigation"))
    near = nearness(one, other)
    return _NEAR[near], Kinship(near)


BEARINGS = Bearings(today=TODAY, likeness=likeness, spots=SPOTS, zone="America/Edmonton")


def a_scale(rules: Rules | None = None) -> Scale:
    """A scale over the small map."""
    return Scale(rules or Rules(), BEARINGS)


def a_candidate(kind: Kind = Kind.MENTEE, **traits: object) -> Candidate:
    """Somebody of Medicine Hat with these traits, who says nothing of anything else."""
    plain = a_person(kind)
    blank = Profile(
        community=HAT,
        occupation=plain.profile.occupation,
        languages=plain.profile.languages,
        seats=1 if kind is Kind.MENTOR else 0,
    )
    return Candidate(id=PersonId(plain.id), profile=replace(blank, **traits))  # type: ignore[arg-type] # names of fields
