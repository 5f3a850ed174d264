"""What the verbs need from the world, in their own words."""

from federation.ground.clock import Clock
from node.services.ports.ids import Ids
from node.services.ports.people import Exclusions, People, PeopleFilter
from node.services.ports.vault import Guard, KeyState, KeyVault
from node.services.ports.work import OpenWork, UnitOfWork

__all__ = [
    "Clock",
    "Exclusions",
    "Guard",
    "Ids",
    "KeyState",
    "KeyVault",
    "OpenWork",
    "People",
    "PeopleFilter",
    "UnitOfWork",
]
