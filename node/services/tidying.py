"""Taking out of files what no row holds any more: drafts of forgotten letters, deleted rows in the database's files."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.letter import LetterId, LetterState, UnknownLetterError
from node.domain.signin import LINK_TERM
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.letters import DraftFolder
from node.services.ports.shredder import Shredded, Shredder


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyView:
    """How many drafts were destroyed, and what is left in the database's files."""

    drafts: int
    files: Shredded


@dataclass(frozen=True, slots=True)
class Tidy:
    """Destroy what nobody needs any more."""

    reading: OpenWork
    clock: Clock
    drafts: DraftFolder
    shredder: Shredder

    def __call__(self, actor: Actor) -> TidyView:
        """What was done."""
        actor.may(Action.SEND_LETTERS)
        lying = self.drafts.letters()
        with self.reading() as work:
            useless = [letter for letter in lying if _is_useless(work, letter, self.clock.now())]
        for letter in useless:
            self.drafts.discard(letter)
        return TidyView(drafts=len(useless), files=self.shredder.shred())


def _is_useless(work: UnitOfWork, letter: LetterId, now: datetime) -> bool:
    """Whether somebody sent it, it is about somebody who is forgotten or to nobody who is here, or its link is dead."""
    try:
        found = work.letters.get(letter)
    except UnknownLetterError:
        return True
    dead = found.proposal is None and found.written_at + LINK_TERM <= now
    return dead or found.is_forgotten or found.state is LetterState.SENT
