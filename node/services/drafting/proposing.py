"""Where somebody of a draft could go, and what a move would mean, before anything is kept."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.drafts import DraftId, DraftPair, Standing
from node.domain.matching.finding import Obstacle
from node.domain.person import PersonId
from node.services.drafting.counting import Counts
from node.services.drafting.editing import chosen
from node.services.drafting.standings import obstacle_of, pair_view, promised
from node.services.matching.bench import Benches, situation
from node.services.matching.views import SuggestionView, suggestion_view
from node.services.ports import OpenWork
from node.services.remember import remember_read

PLACES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """What a move would mean: reasons, what forbids it, the points of the mentee and of the whole draft.

    `suggestion` is None where the mentee would be left without a mentor; `before` is the mentor she has in the draft.
    """

    draft: DraftId
    version: int
    mentee: PersonId
    name: str
    before: PersonId | None
    suggestion: SuggestionView | None
    obstacle: Obstacle | None
    fit_before: int
    fit_after: int
    total_before: int
    total_after: int


@dataclass(frozen=True, slots=True)
class PreviewMove:
    """Say what a move would mean, before it is kept; that somebody read of the two is remembered."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, draft: DraftId, mentee: PersonId, mentor: PersonId | None) -> MoveView:
        """The move. Raises: UnknownDraftError, NotInDraftError, UnknownPersonError, NotAMentorError."""
        actor.may(Action.MATCH)
        with self.work() as work:
            found = chosen(work, draft)
            before = work.drafts.boards.standing(found.id, mentee)
            person = work.people.get(mentee).as_mentee()
            view = None if mentor is None else pair_view(work, self.benches, person, mentor)
            taken = 0 if mentor is None else promised(work, found.id, mentor, mentee)
            total = work.drafts.boards.reached(found.id)[1]
            shown = (mentee,) if mentor is None else (mentee, mentor)
            remember_read(work, actor, shown, self.benches.clock.now())
        had = before if isinstance(before, DraftPair) else None
        fit_before, fit_after = had.fit if had else 0, view.fit if view else 0
        return MoveView(
            draft=found.id,
            version=found.version,
            mentee=mentee,
            name=person.contact.name,
            before=had.mentor if had else None,
            suggestion=view,
            obstacle=None if view is None else obstacle_of(view, taken),
            fit_before=fit_before,
            fit_after=fit_after,
            total_before=total,
            total_after=total - fit_before + fit_after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A mentor with whom a mentee of a draft could be put, and how many of her seats the draft leaves free."""

    suggestion: SuggestionView
    free: int
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesView:
    """Where a mentee of a draft could go: the best places that are free, so many after `start`, and the next start."""

    draft: DraftId
    version: int
    mentee: PersonId
    name: str
    occupation_en: str
    occupation_fr: str
    current: Standing
    current_mentor: str
    places: tuple[PlaceView, ...]
    start: int
    next_start: int | None


@dataclass(frozen=True, slots=True)
class ShowPlaces:
    """Where somebody of a draft could go, the closest fit first; that somebody read of them is remembered."""

    work: OpenWork
    benches: Benches
    counts: Counts

    def __call__(self, actor: Actor, draft: DraftId, mentee: PersonId, start: int = 0) -> PlacesView:
        """The places. Raises: UnknownDraftError, NotInDraftError."""
        actor.may(Action.MATCH)
        with self.work() as work:
            found = chosen(work, draft)
            current = work.drafts.boards.standing(found.id, mentee)
            person = work.people.get(mentee).as_mentee()
            bench = self.benches.of(work)
            standing = situation(work, bench, person.as_candidate(), self.benches.clock)
            here = current.mentor if isinstance(current, DraftPair) else None
            free = list(standing.free)
            for mentor, filled in self.counts.of(work, bench, found).filled.items():
                if mentor in bench.places:
                    free[bench.places[mentor]] -= filled.people - (mentor == here)
            ranked = bench.pool.best(
                person.as_candidate(),
                start + PLACES + 1,
                lambda place: not standing.bits[place] and free[place] > 0,
            )
            shown = [place for place, _ in ranked[start : start + PLACES]]
            ids = [bench.pool.mentors[place].id for place in shown]
            mentors = work.people.several([*ids, *([here] if here else [])])
            remember_read(work, actor, (mentee, *mentors), self.benches.clock.now())
            pinned = {pair for pair in work.pins.all() if pair[0] == mentee}
            places = [
                PlaceView(
                    suggestion=suggestion_view(
                        standing, person, mentors[mentor], self.benches.occupations, pinned=(mentee, mentor) in pinned
                    ),
                    free=free[place],
                    is_here=mentor == here,
                )
                for place, mentor in zip(shown, ids, strict=True)
            ]
        occupation = self.benches.occupations.get(person.profile.occupation)
        return PlacesView(
            draft=found.id,
            version=found.version,
            mentee=mentee,
            name=person.contact.name,
            occupation_en=occupation.title_en,
            occupation_fr=occupation.title_fr,
            current=current,
            current_mentor=mentors[here].contact.name if here else "",
            places=tuple(places),
            start=start,
            next_start=start + PLACES if len(ranked) > start + PLACES else None,
        )
