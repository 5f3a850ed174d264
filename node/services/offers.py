"""What the other member programs offer: listings, counts as estimates with their interval, and where they are."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.counts import Estimate, minor_group
from node.domain.listing import Availability, Listing, nearness
from node.domain.matching.bearings import Spot
from node.domain.person import OccupationCode
from node.services.ports import Clock, OpenWork
from node.services.ports.matching import Atlas


@dataclass(frozen=True, slots=True)
class ListOffers:
    """Read what every other active program published last."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> tuple[Availability, ...]:
        """One entry a program; what is out of date says nothing. Raises: NotJoinedError."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return work.border.availability(self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedView:
    """One program: where it is, and what it offers near an occupation, or at all.

    `estimates` are noisy counts of mentors with a free seat: of the group of the occupation, or without one of every
    group that is there with 95 chances in 100.
    """

    program: Availability
    spot: Spot | None
    listings: tuple[Listing, ...]
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersView:
    """Every other active program, and where ours is."""

    programs: tuple[OfferedView, ...]
    name: str
    here: Spot | None


@dataclass(frozen=True, slots=True)
class MapOffers:
    """What others offer, on a map."""

    reading: OpenWork
    clock: Clock
    atlas: Atlas

    def __call__(self, actor: Actor, near: OccupationCode | None = None) -> OffersView:
        """Programs by name; with `near`, only what is near this occupation. Raises: NotJoinedError."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            program = work.programs.get()
            found = work.border.availability(self.clock.now())
        return OffersView(
            programs=tuple(self._view(one, near) for one in sorted(found, key=lambda one: one.name)),
            name=program.name,
            here=self._spot(program.name, program.region),
        )

    def _view(self, program: Availability, near: OccupationCode | None) -> OfferedView:
        listings = (one for one in program.listings if near is None or nearness(near, one.occupation) is not None)
        wanted = None if near is None else minor_group(near)
        return OfferedView(
            program=program,
            spot=self._spot(program.name, program.region),
            listings=tuple(sorted(listings, key=lambda one: (one.occupation, one.pseudonym))),
            estimates=tuple(one for one in program.counts if one.group == wanted or (wanted is None and one.least > 0)),
        )

    def _spot(self, name: str, region: str) -> Spot | None:
        """By its name, if that is a town's, else by what the roster says of where it works."""
        return self.atlas.locate(name, region) or self.atlas.locate(region, region)
