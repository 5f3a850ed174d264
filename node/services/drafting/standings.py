"""How everybody stands in a draft, and how a pair would."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.domain.drafts import DraftId, DraftPair, NotInDraftError, Standing, Unmatched
from node.domain.matching.finding import Obstacle
from node.domain.person import Person, PersonId
from node.services.matching.bench import Benches, situation
from node.services.matching.views import SuggestionView, suggestion_view
from node.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody's standing in a draft."""

    pairs: Mapping[PersonId, DraftPair]
    left: Mapping[PersonId, Unmatched]

    def of(self, draft: DraftId, mentee: PersonId) -> Standing:
        """How one stands. Raises: NotInDraftError."""
        found = self.pairs.get(mentee) or self.left.get(mentee)
        if found is None:
            raise NotInDraftError(draft=draft, mentee=mentee)
        return found

    def promised(self, mentor: PersonId, mentee: PersonId) -> int:
        """How many others a draft puts with a mentor."""
        return sum(pair.mentor == mentor and pair.mentee != mentee for pair in self.pairs.values())


def standings(work: UnitOfWork, draft: DraftId) -> Standings:
    """Read them."""
    return Standings(
        {pair.mentee: pair for pair in work.drafts.pairs(draft)},
        {left.mentee: left for left in work.drafts.unmatched(draft)},
    )


def pair_view(work: UnitOfWork, benches: Benches, mentee: Person, mentor: PersonId) -> SuggestionView:
    """Everything that speaks for and against a pair, as it stands now."""
    standing = situation(work, benches.of(work), mentee.as_candidate(), benches.clock)
    other = work.people.get(mentor).as_mentor()
    pinned = (mentee.id, mentor) in work.pins.all()
    return suggestion_view(standing, mentee, other, benches.occupations, pinned=pinned)


def obstacle_of(view: SuggestionView, promised: int) -> Obstacle | None:
    """What forbids a pair in a draft that promised so many of the mentor's seats to others."""
    return next(iter(view.obstacles), Obstacle.SEAT if promised >= view.free_seats else None)
