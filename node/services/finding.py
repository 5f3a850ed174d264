"""Searching for somebody without her name in an address: what was typed is hidden under a key of the node."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.services.ports.vault import Cover

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class HideSearch:
    """Turn what was typed into what may stand in an address, and back."""

    cover: Cover

    def __call__(self, actor: Actor, typed: str) -> str:
        """The hidden text; blank where nothing was typed."""
        actor.may(Action.READ_PEOPLE)
        text = " ".join(typed.split())[:LONGEST_SEARCH]
        return self.cover.hide(text) if text else ""

    def reveal(self, actor: Actor, hidden: str) -> str:
        """What was typed. Raises: HiddenTextError."""
        actor.may(Action.READ_PEOPLE)
        return self.cover.reveal(hidden) if hidden else ""
