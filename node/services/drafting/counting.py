"""What is counted over everybody in a draft, kept while nobody in it changes: no look at a board counts again."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.domain.drafts import Draft
from node.domain.person import Kind, PersonId
from node.services.drafting.comparing import Comparison, against, one_by_one
from node.services.drafting.freshness import stamp_of
from node.services.latest import Latest
from node.services.matching.bench import Bench
from node.services.ports import UnitOfWork
from node.services.ports.draft_boards import Filled, Tally


@dataclass(frozen=True, slots=True)
class Counted:
    """A draft in numbers: how many stand how, whom mentors get, and how it compares with two other ways to choose."""

    tallies: tuple[Tally, ...]
    filled: Mapping[PersonId, Filled]
    simple: Comparison | None
    last: Comparison | None


class Counts:
    """Counts drafts, and keeps what it counted last. A draft has a new version after every change by hand."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._counted = Latest[Counted]()
        self._barred = Latest[frozenset[PersonId]]()

    def of(self, work: UnitOfWork, bench: Bench, draft: Draft) -> Counted:
        """The draft in numbers; whoever was erased is not in it any more."""
        last = work.drafts.before(draft)

        def count() -> Counted:
            tallies, filled = work.drafts.boards.tallies(draft.id), work.drafts.boards.filled(draft.id)
            beside = against(work, draft, last) if last else None
            return Counted(tallies, filled, one_by_one(work, draft, tallies), beside)

        return self._counted.of((draft, last, stamp_of(work, bench.scale.rules)), count)

    def barred(self, work: UnitOfWork, bench: Bench, draft: Draft) -> frozenset[PersonId]:
        """Mentees whom a hard rule keeps from the mentor of this draft, since one of the two or the rules changed."""
        stamp = stamp_of(work, bench.scale.rules)
        if draft.made_of == stamp:
            return frozenset()

        def weigh() -> frozenset[PersonId]:
            mentees = {mentee.id: mentee for mentee in work.people.candidates(Kind.MENTEE)}
            return frozenset(
                mentee
                for mentee, mentor in work.drafts.boards.couples(draft.id)
                if mentee in mentees
                and mentor in bench.places
                and bench.scale.obstacles(mentees[mentee], bench.pool.mentors[bench.places[mentor]])
            )

        return self._barred.of((draft, stamp, bench.scale.bearings.today), weigh)
