"""Where a member of staff can go: the places in the bar at the top. A room adds its line here."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One place: `place.<code>` words it; it is offered to who may do `action`."""

    code: str
    path: str
    action: Action

    def holds(self, path: str) -> bool:
        """Whether a page lies in this place."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


PLACES = (
    Place("today", "/", Action.READ_PEOPLE),
    Place("people", "/people", Action.READ_PEOPLE),
    Place("matching", "/matching", Action.REVIEW),
    Place("others", "/others", Action.READ_PEOPLE),
    Place("mentorships", "/mentorships", Action.READ_PEOPLE),
    Place("privacy", "/privacy", Action.READ_PROGRAM),
    Place("settings", "/settings", Action.EDIT_RULES),
)


def open_to(actor: Actor) -> tuple[Place, ...]:
    """The places somebody may go to."""
    return tuple(place for place in PLACES if actor.can(place.action))
