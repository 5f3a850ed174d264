"""Ranking the program's own mentors for one mentee, and saying everything about one pair."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.matching.finding import Obstacle
from node.domain.matching.pool import Ranking
from node.domain.person import Person, PersonId, Wish
from node.services.matching.bench import Benches, Situation, situation
from node.services.matching.views import (
    HindranceView,
    Option,
    OptionView,
    SuggestionsView,
    SuggestionView,
    suggestion_view,
)
from node.services.ports import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class SuggestMentors:
    """Rank the program's own mentors for one mentee."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee_id: PersonId, limit: int) -> SuggestionsView:
        """Mentors no hard rule keeps away: pinned ones first, then by fit; of equal ones, who has more seats free.

        Raises: UnknownPersonError, NotAMenteeError, and the refusals of the rules.
        """
        actor.may(Action.MATCH)
        with self.reading() as work:
            mentee = work.people.get(mentee_id).as_mentee()
            bench = self.benches.of(work)
            standing = situation(work, bench, mentee.as_candidate(), self.benches.clock)
            pinned = {mentor for pair, mentor in work.pins.all() if pair == mentee_id}
            ranking = bench.pool.ranking(mentee.as_candidate())
            places = [place for place, _ in ranking.best(limit, _open(standing))]
            wanted = [bench.places[mentor] for mentor in sorted(pinned) if mentor in bench.places]
            first = [place for place in wanted if not standing.bits[place]]
            views = [
                self._view(work, standing, mentee, place, pinned)
                for place in [*first, *(place for place in places if place not in first)][:limit]
            ]
            views.sort(key=lambda view: (not view.pinned, -view.fit, -view.free_seats, view.mentor))
            options = tuple(self._options(work, standing, mentee, ranking))
        alone = {rule: standing.alone(rule) for rule in Obstacle}
        return SuggestionsView(
            mentee=mentee_id,
            suggestions=tuple(views),
            would_help=tuple(HindranceView(obstacle=rule, mentors=count) for rule, count in alone.items() if count),
            next_best=options,
            notes=mentee.contact.notes,
        )

    def _view(
        self, work: UnitOfWork, standing: Situation, mentee: Person, place: int, pinned: set[PersonId]
    ) -> SuggestionView:
        mentor = work.people.get(standing.bench.pool.mentors[place].id)
        return suggestion_view(standing, mentee, mentor, self.benches.occupations, pinned=mentor.id in pinned)

    def _options(self, work: UnitOfWork, standing: Situation, mentee: Person, ranking: Ranking) -> Iterator[OptionView]:
        """What else there is: somebody of a similar occupation, a group, anybody who works in Canada."""
        pool, own = standing.bench.pool, mentee.profile.occupation
        similar = pool.similar(own)
        places: dict[Option, set[int]] = {option: set() for option in Option}
        for place, (mentor, bits) in enumerate(zip(pool.mentors, standing.bits, strict=True)):
            if bits:
                continue
            if mentor.profile.occupation not in similar:
                places[Option.ANYONE].add(place)
            elif mentor.profile.occupation != own:
                places[Option.NEAR].add(place)
            if Wish.CIRCLE in mentor.profile.wishes:
                places[Option.GROUP].add(place)
        for option, found in places.items():
            for place, fit in ranking.best(1, found.__contains__) if found else ():
                best = work.people.get(pool.mentors[place].id)
                yield OptionView(option=option, mentors=len(found), best=best.id, name=best.contact.name, fit=fit)


def _open(standing: Situation) -> Callable[[int], bool]:
    bits = standing.bits
    return lambda place: not bits[place]


@dataclass(frozen=True, slots=True)
class ExplainPair:
    """Say everything that speaks for and against one pair."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee_id: PersonId, mentor_id: PersonId) -> SuggestionView:
        """The pair, hard rules included.

        Raises: UnknownPersonError, NotAMenteeError, NotAMentorError, and the refusals of the rules.
        """
        actor.may(Action.MATCH)
        with self.reading() as work:
            mentee, mentor = work.people.get(mentee_id).as_mentee(), work.people.get(mentor_id).as_mentor()
            standing = situation(work, self.benches.of(work), mentee.as_candidate(), self.benches.clock)
            pinned = (mentee_id, mentor_id) in work.pins.all()
            return suggestion_view(standing, mentee, mentor, self.benches.occupations, pinned=pinned)
