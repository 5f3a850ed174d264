"""What pairs are weighed against: today, the map, and how alike two occupations are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import asin, cos, radians, sin, sqrt

from node.domain.community import CommunityId
from node.domain.occupation import Kinship
from node.domain.person import OccupationCode

_EARTH_KM = 6371.0

Likeness = Callable[[OccupationCode, OccupationCode], tuple[float, Kinship]]
"""How alike two unit groups are, from 0 to 1 (1: the same), and why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a community lies: degrees north and east, and its time zone."""

    latitude: float
    longitude: float
    zone: str

    def km_to(self, other: "Spot") -> int:
        """Whole kilometres as the crow flies (haversine)."""
        north, other_north = radians(self.latitude), radians(other.latitude)
        half_north = sin((other_north - north) / 2)
        half_east = sin(radians(other.longitude - self.longitude) / 2)
        chord = half_north**2 + cos(north) * cos(other_north) * half_east**2
        return round(2 * _EARTH_KM * asin(sqrt(chord)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearings:
    """Today, the occupations, the communities that are on the map, and the zone of people who named none."""

    today: date
    likeness: Likeness
    spots: Mapping[CommunityId, Spot] = field(default_factory=dict)
    zone: str = "UTC"

    def km(self, one: CommunityId, other: CommunityId) -> int | None:
        """How far apart two communities are; None where one is not on the map."""
        if one == other:
            return 0
        spots = self.spots.get(one), self.spots.get(other)
        return spots[0].km_to(spots[1]) if spots[0] and spots[1] else None

    def zone_of(self, named: str, community: CommunityId) -> str:
        """A person's time zone: the one she named, else that of her community, else the program's."""
        spot = self.spots.get(community)
        return named or (spot.zone if spot else self.zone)
