"""Draws places on a small map: numbers for an inline SVG, without tiles and without asking anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from node.domain.matching.bearings import Spot

WIDTH, HEIGHT, MARGIN = 640, 500, 72
_KM_NORTH, _KM_EAST = 110.6, 111.3
"""Kilometres of a degree of latitude, and of one of longitude at the equator."""
_LEAST_KM = 150
"""A map shows this much at least, so that one town alone is not blown up."""
_BARS = (1_000, 500, 200, 100, 50)
_NEAR = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where something is drawn; its label stands to its left where there is no room on the right."""

    x: int
    y: int
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Points in the order of the spots, and a bar of so many kilometres."""

    points: tuple[Point, ...]
    bar_km: int
    bar: int


def plan(spots: Sequence[Spot]) -> Plan:
    """North is up, and distances are true to a percent or so within a province; two in one town stand side by side."""
    middle = sum(spot.latitude for spot in spots) / max(len(spots), 1)
    east = [spot.longitude * _KM_EAST * cos(radians(middle)) for spot in spots]
    south = [-spot.latitude * _KM_NORTH for spot in spots]
    scale = min(_scale(east, WIDTH), _scale(south, HEIGHT))
    points: list[Point] = []
    for x, y in zip(_placed(east, scale, WIDTH), _placed(south, scale, HEIGHT), strict=True):
        while any(abs(x - there.x) < _NEAR and abs(y - there.y) < _NEAR for there in points):
            y += _NEAR  # noqa: PLW2901 - a place is looked for until one is free
        points.append(Point(x=x, y=y, left=x > WIDTH * 0.6))
    bar_km = next((km for km in _BARS if km * scale < WIDTH / 3), _BARS[-1])
    return Plan(points=tuple(points), bar_km=bar_km, bar=round(bar_km * scale))


def _scale(kilometres: Sequence[float], size: int) -> float:
    span = max(kilometres, default=0.0) - min(kilometres, default=0.0)
    return (size - 2 * MARGIN) / max(span, _LEAST_KM)


def _placed(kilometres: Sequence[float], scale: float, size: int) -> list[int]:
    middle = (max(kilometres, default=0.0) + min(kilometres, default=0.0)) / 2
    return [round(size / 2 + (one - middle) * scale) for one in kilometres]
