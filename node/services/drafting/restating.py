"""After a change by hand: why a draft leaves somebody without a mentor, said anew over the pairs as they stand.

Only of those whom the change concerns: her who was moved, and whoever could have a place with a mentor it touched.
Pairs that were put together by hand count as wanted, as pinned ones do.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from node.domain.assignment import Offering, Problem, Waiting
from node.domain.drafts import DraftId, DraftPair, Unmatched, Why
from node.domain.person import Candidate, PersonId
from node.services.drafting.explaining import explain
from node.services.drafting.posing import Scene, kept_of, pairs_of, scene_of
from node.services.matching.bench import Bench
from node.services.ports import UnitOfWork


def restate(  # noqa: PLR0917 - a change is who was moved in which draft, and between whom
    work: UnitOfWork, bench: Bench, draft: DraftId, moved: PersonId, between: Collection[PersonId], now: datetime
) -> None:
    """Say anew why those are left out whom a change of a draft concerns."""
    scene = scene_of(work, bench, now)
    waiting = {mentee.id: mentee for mentee in scene.waiting}
    left = {one.mentee: one for one in work.drafts.unmatched(draft)}
    concerned = [
        one
        for one in left.values()
        if one.mentee in waiting and (one.mentee == moved or _touches(bench, waiting[one.mentee], between))
    ]
    said = {one.mentee: one for one in _explained(scene, waiting, concerned, work.drafts.pairs(draft))}
    if moved in left and moved not in said:
        # She does not wait any more: of the pairs as they stand nothing can be said of her.
        said[moved] = replace(left[moved], why=Why.CHANGED, cutoff=None, own=None)
    for mentee, one in said.items():
        now_said = replace(one, one_by_one=left[mentee].one_by_one)
        if now_said != left[mentee]:
            work.drafts.take_out(draft, now_said)


def _touches(bench: Bench, mentee: Candidate, between: Collection[PersonId]) -> bool:
    """Whether she could have a place with one of these mentors."""
    near = bench.pool.related(mentee.profile.occupation).intersection(
        bench.places[mentor] for mentor in between if mentor in bench.places
    )
    return bool(near) and not near.isdisjoint(bench.pool.open_to(mentee))


def _explained(
    scene: Scene, waiting: dict[PersonId, Candidate], left: Sequence[Unmatched], pairs: Sequence[DraftPair]
) -> Iterator[Unmatched]:
    """As if the pairs were an answer to a problem of those who hold a seat and those who are left."""
    by_hand = [pair for pair in pairs if pair.by_hand]
    free = Counter(scene.free)
    free.subtract(pair.mentor for pair in by_hand if pair.mentor in scene.free)
    kept = scene.kept(free)
    held = dict(_held(scene, waiting, kept, [pair for pair in pairs if not pair.by_hand]))
    full = Counter(offering for offering, _ in held.values())
    seats: dict[str, int] = {mentor: free[mentor] - kept[mentor] for mentor in scene.free}
    seats |= {kept_of(mentor): count for mentor, count in kept.items() if count}
    problem = Problem(
        mentees=(
            *(Waiting(one.mentee, one.tier) for one in left),
            *(Waiting(mentee, pair.tier) for mentee, (_, pair) in held.items()),
        ),
        mentors=tuple(Offering(offering, max(full[offering], count)) for offering, count in seats.items()),
        pairs=(
            *pairs_of(scene, (waiting[one.mentee] for one in left), kept),
            *((mentee, offering, pair.fit) for mentee, (offering, pair) in held.items()),
        ),
    )
    answer = problem.assess((mentee, offering) for mentee, (offering, _) in held.items())
    yield from explain(problem, answer, by_hand)


def _held(
    scene: Scene, waiting: dict[PersonId, Candidate], kept: dict[PersonId, int], pairs: Sequence[DraftPair]
) -> Iterator[tuple[PersonId, tuple[str, DraftPair]]]:
    """Which seats each pair takes: those kept for locals first, where the mentee is one."""
    left = Counter(kept)
    homes = {mentor.id: mentor.profile.community for mentor in scene.bench.pool.mentors}
    for pair in pairs:
        if pair.mentor not in scene.free:
            continue
        is_local = pair.mentee in waiting and waiting[pair.mentee].profile.community == homes[pair.mentor]
        if is_local and left[pair.mentor] > 0:
            left[pair.mentor] -= 1
            yield pair.mentee, (kept_of(pair.mentor), pair)
        else:
            yield pair.mentee, (pair.mentor, pair)
