"""How a pair of a draft would stand."""

from node.domain.drafts import DraftId
from node.domain.matching.finding import Obstacle
from node.domain.person import Person, PersonId
from node.services.matching.bench import Benches, situation
from node.services.matching.views import SuggestionView, suggestion_view
from node.services.ports import UnitOfWork


def promised(work: UnitOfWork, draft: DraftId, mentor: PersonId, mentee: PersonId) -> int:
    """How many others than a mentee a draft puts with a mentor."""
    return sum(pair.mentee != mentee for pair in work.drafts.boards.seated(draft, [mentor]))


def pair_view(work: UnitOfWork, benches: Benches, mentee: Person, mentor: PersonId) -> SuggestionView:
    """Everything that speaks for and against a pair, as it stands now."""
    standing = situation(work, benches.of(work), mentee.as_candidate(), benches.clock)
    other = work.people.get(mentor).as_mentor()
    pinned = (mentee.id, mentor) in work.pins.all()
    return suggestion_view(standing, mentee, other, benches.occupations, pinned=pinned)


def obstacle_of(view: SuggestionView, promised: int) -> Obstacle | None:
    """What forbids a pair in a draft that promised so many of the mentor's seats to others."""
    return next(iter(view.obstacles), Obstacle.SEAT if promised >= view.free_seats else None)
