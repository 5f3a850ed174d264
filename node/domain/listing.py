"""Mentors who agreed to be listed, and finding one among other programs' listings. Leaves signing to the border."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from node.domain.counts import Estimate, minor_group
from node.domain.language import Spoken, in_common
from node.domain.person import Candidate, OccupationCode, PersonId, Profile, Visibility, can_meet
from node.domain.request import Need
from protocol.ids import NodeId
from protocol.vocabulary import Mode, SeatBand, SizeBracket

MOST_LANGUAGES = 8
MOST_LISTINGS = 1_000


class Nearness(IntEnum):
    """How near a listed occupation is to the one that is looked for; the nearest first."""

    SAME_OCCUPATION = 0
    SAME_GROUP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What every member program reads of a mentor who agreed to it; her pseudonym changes with every release."""

    occupation: OccupationCode
    languages: tuple[str, ...]
    mode: Mode
    seats: SeatBand
    pseudonym: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What another program published, or that what it published is out of date and says nothing; its declared size."""

    program: NodeId
    name: str
    region: str
    known: bool
    size: SizeBracket = SizeBracket.UNDER_25
    listings: tuple[Listing, ...] = ()
    counts: tuple[Estimate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A listing that may serve a mentee, and why."""

    program: NodeId
    name: str
    region: str
    nearness: Nearness
    listing: Listing
    languages_in_common: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suited:
    """A mentor of ours who could serve a need from outside, and why."""

    mentor: PersonId
    nearness: Nearness
    free: int
    languages: tuple[str, ...]


def is_listed(profile: Profile) -> bool:
    """Whether the mentor chose to be listed."""
    return profile.visibility is Visibility.LISTED


def band(free: int) -> SeatBand:
    """Free seats as they are published; there is at least one."""
    return SeatBand.ONE if free == 1 else SeatBand.TWO_OR_MORE


def listing_of(mentor: Candidate, free: int) -> Listing:
    """What is published of a listed mentor."""
    profile = mentor.profile
    spoken = tuple(s.code for s in sorted(profile.languages, key=lambda s: (-s.level, s.code)))
    return Listing(
        occupation=profile.occupation, languages=spoken[:MOST_LANGUAGES], mode=profile.mode, seats=band(free)
    )


def nearness(ours: OccupationCode, theirs: OccupationCode) -> Nearness | None:
    """How near two unit groups are: the same one, the same minor group, or not near."""
    if ours == theirs:
        return Nearness.SAME_OCCUPATION
    return Nearness.SAME_GROUP if minor_group(ours) == minor_group(theirs) else None


def leads(profile: Profile, programs: Iterable[Availability]) -> tuple[Lead, ...]:
    """Listings that share a language and a way to meet with this mentee: her own unit group first, then near ones."""
    found = [
        Lead(
            program=program.program,
            name=program.name,
            region=program.region,
            nearness=near,
            listing=listing,
            languages_in_common=common,
        )
        for program in programs
        for listing in program.listings
        if (near := nearness(profile.occupation, listing.occupation)) is not None
        if (common := _common(profile, listing)) and can_meet(profile.mode, listing.mode)
    ]
    return tuple(sorted(found, key=lambda lead: (lead.nearness, lead.name, lead.listing.pseudonym)))


def _common(profile: Profile, listing: Listing) -> tuple[str, ...]:
    theirs = tuple(Spoken(code) for code in listing.languages)
    return tuple(spoken.code for spoken in in_common(profile.languages, theirs))


def suited(need: Need, mentors: Iterable[tuple[Candidate, int]]) -> tuple[Suited, ...]:
    """Own mentors with a free seat who could serve a need from outside, nearest occupation first.

    A mentor of *Only here* is never suggested to anybody outside.
    """
    found = [
        Suited(mentor=mentor.id, nearness=near, free=free, languages=tuple(spoken.code for spoken in common))
        for mentor, free in mentors
        if free > 0 and mentor.profile.visibility is not Visibility.ONLY_HERE
        if (near := nearness(need.occupation, mentor.profile.occupation)) is not None
        if (common := in_common(need.languages, mentor.profile.languages))
        if can_meet(need.mode, mentor.profile.mode)
    ]
    return tuple(sorted(found, key=lambda one: (one.nearness, -one.free, one.mentor)))


def suggested(need: Need, mentors: Iterable[tuple[Candidate, int]]) -> tuple[PersonId, ...]:
    """The same mentors, without why."""
    return tuple(one.mentor for one in suited(need, mentors))
