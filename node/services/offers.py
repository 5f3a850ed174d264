"""What the other member programs offer: listings, and counts as estimates with their interval."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.listing import Availability
from node.services.ports import Clock, OpenWork


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
