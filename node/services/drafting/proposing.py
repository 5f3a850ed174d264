"""Where somebody of a draft could go, and what a move would mean, before anything is kept."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.drafts import DraftId, DraftPair, Standing
from node.domain.matching.finding import Obstacle
from node.domain.person import PersonId
from node.services.drafting.editing import chosen
from node.services.drafting.standings import obstacle_of, pair_view, standings
from node.services.matching.bench import Benches, situation
from node.services.matching.views import SuggestionView, suggestion_view
from node.services.ports import OpenWork

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
    """Say what a move would mean, before it is kept."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, draft: DraftId, mentee: PersonId, mentor: PersonId | None) -> MoveView:
        """The move. Raises: UnknownDraftError, NotInDraftError, UnknownPersonError, NotAMentorError."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            found = chosen(work, draft)
            stands = standings(work, found.id)
            before = stands.of(found.id, mentee)
            person = work.people.get(mentee).as_mentee()
            view = None if mentor is None else pair_view(work, self.benches, person, mentor)
        promised = 0 if mentor is None else stands.promised(mentor, mentee)
        had = before if isinstance(before, DraftPair) else None
        fit_before, fit_after = had.fit if had else 0, view.fit if view else 0
        total = sum(pair.fit for pair in stands.pairs.values())
        return MoveView(
            draft=found.id,
            version=found.version,
            mentee=mentee,
            name=person.contact.name,
            before=had.mentor if had else None,
            suggestion=view,
            obstacle=None if view is None else obstacle_of(view, promised),
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
    """Where somebody of a draft could go, the closest fit first."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, draft: DraftId, mentee: PersonId, start: int = 0) -> PlacesView:
        """The places. Raises: UnknownDraftError, NotInDraftError."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            found = chosen(work, draft)
            stands = standings(work, found.id)
            current = stands.of(found.id, mentee)
            person = work.people.get(mentee).as_mentee()
            bench = self.benches.of(work)
            standing = situation(work, bench, person.as_candidate(), self.benches.clock)
            promised = list(standing.free)
            for pair in stands.pairs.values():
                if pair.mentee != mentee and pair.mentor in bench.places:
                    promised[bench.places[pair.mentor]] -= 1
            ranked = bench.pool.best(
                person.as_candidate(),
                start + PLACES + 1,
                lambda place: not standing.bits[place] and promised[place] > 0,
            )
            shown = [place for place, _ in ranked[start : start + PLACES]]
            here = current.mentor if isinstance(current, DraftPair) else None
            ids = [bench.pool.mentors[place].id for place in shown]
            mentors = work.people.several([*ids, *([here] if here else [])])
            pinned = {pair for pair in work.pins.all() if pair[0] == mentee}
            places = [
                PlaceView(
                    suggestion=suggestion_view(
                        standing, person, mentors[mentor], self.benches.occupations, pinned=(mentee, mentor) in pinned
                    ),
                    free=promised[place],
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
