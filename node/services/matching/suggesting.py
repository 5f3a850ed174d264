"""Ranking the program's own mentors for one mentee, and saying everything about one pair."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.matching.finding import Obstacle
from node.domain.matching.pool import Ranking
from node.domain.person import Person, PersonId
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
from node.services.remember import remember_read


@dataclass(frozen=True, slots=True)
class SuggestMentors:
    """Rank the program's own mentors for one mentee; that somebody read of her and of them is remembered."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee_id: PersonId, limit: int) -> SuggestionsView:
        """Mentors no hard rule keeps away: pinned ones first, then by fit; of equal ones, who has more seats free.

        Raises: UnknownPersonError, NotAMenteeError, and the refusals of the rules.
        """
        actor.may(Action.REVIEW)
        with self.work() as work:
            mentee = work.people.get(mentee_id).as_mentee()
            found = suggestions(work, self.benches, mentee, limit)
            remember_read(work, actor, (mentee_id, *found.mentors()), self.benches.clock.now())
            return found


def suggestions(work: UnitOfWork, benches: Benches, mentee: Person, limit: int) -> SuggestionsView:
    """Mentors no hard rule keeps away, and what else there is; everybody who is named is opened in one query."""
    bench = benches.of(work)
    standing = situation(work, bench, mentee.as_candidate(), benches.clock)
    pinned = {mentor for pair, mentor in work.pins.all() if pair == mentee.id}
    ranking = bench.pool.ranking(mentee.as_candidate())
    places = [place for place, _ in ranking.best(limit, _open(standing))]
    wanted = [bench.places[mentor] for mentor in sorted(pinned) if mentor in bench.places]
    first = [place for place in wanted if not standing.bits[place]]
    shown = [*first, *(place for place in places if place not in first)][:limit]
    options = tuple(_options(standing, mentee, ranking))
    mentors = work.people.several(
        bench.pool.mentors[place].id for place in (*shown, *(option.best for option in options))
    )
    views = [
        suggestion_view(
            standing, mentee, mentors[bench.pool.mentors[place].id], benches.occupations, pinned=place in first
        )
        for place in shown
    ]
    views.sort(key=lambda view: (not view.pinned, -view.fit, -view.free_seats, view.mentor))
    alone = {rule: standing.alone(rule) for rule in Obstacle}
    return SuggestionsView(
        mentee=mentee.id,
        suggestions=tuple(views),
        would_help=tuple(HindranceView(obstacle=rule, mentors=count) for rule, count in alone.items() if count),
        next_best=tuple(option.named(mentors[bench.pool.mentors[option.best].id]) for option in options),
        notes=mentee.contact.notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """One next best option: how many mentors it has, and the place and the fit of the best of them."""

    option: Option
    mentors: int
    best: int
    fit: int

    def named(self, mentor: Person) -> OptionView:
        """The view of it."""
        return OptionView(
            option=self.option, mentors=self.mentors, best=mentor.id, name=mentor.contact.name, fit=self.fit
        )


def _options(standing: Situation, mentee: Person, ranking: Ranking) -> Iterator[_Best]:
    """What else there is: somebody of a similar occupation, a group, anybody who works in Canada."""
    pool, own = standing.bench.pool, mentee.profile.occupation
    free = {place for place, bits in enumerate(standing.bits) if not bits}
    related = pool.related(own)
    places = {
        Option.NEAR: (free & related).difference(pool.exact(own)),
        Option.GROUP: free & pool.circles,
        Option.ANYONE: free - related,
    }
    for option, found in places.items():
        for place, fit in ranking.best(1, found.__contains__) if found else ():
            yield _Best(option=option, mentors=len(found), best=place, fit=fit)


def _open(standing: Situation) -> Callable[[int], bool]:
    bits = standing.bits
    return lambda place: not bits[place]


@dataclass(frozen=True, slots=True)
class ExplainPair:
    """Say everything that speaks for and against one pair; that somebody looked at the two is remembered."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee_id: PersonId, mentor_id: PersonId) -> SuggestionView:
        """The pair, hard rules included.

        Raises: UnknownPersonError, NotAMenteeError, NotAMentorError, and the refusals of the rules.
        """
        actor.may(Action.REVIEW)
        with self.work() as work:
            mentee, mentor = work.people.get(mentee_id).as_mentee(), work.people.get(mentor_id).as_mentor()
            remember_read(work, actor, (mentee_id, mentor_id), self.benches.clock.now())
            standing = situation(work, self.benches.of(work), mentee.as_candidate(), self.benches.clock)
            pinned = (mentee_id, mentor_id) in work.pins.all()
            return suggestion_view(standing, mentee, mentor, self.benches.occupations, pinned=pinned)
