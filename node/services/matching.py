"""Ranking mentors of one's own program for a mentee, and saying why. Nothing is assigned: people decide."""

from collections import Counter
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.matching import Assessment, Obstacle, Reason, assess
from node.domain.person import Kind, OccupationCode, PersonId
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionView:
    """One mentor for one mentee: the score, its reasons, and hard rules that keep the two apart."""

    mentor: PersonId
    name: str
    occupation: OccupationCode
    title_en: str
    title_fr: str
    fit: int
    free_seats: int
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HindranceView:
    """How many mentors one hard rule alone keeps away: what changing it would open."""

    obstacle: Obstacle
    mentors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsView:
    """Mentors for a mentee, best first, and what would open more."""

    mentee: PersonId
    suggestions: tuple[SuggestionView, ...]
    would_help: tuple[HindranceView, ...]


@dataclass(frozen=True, slots=True)
class SuggestMentors:
    """Rank the program's own mentors for one mentee."""

    reading: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, mentee_id: PersonId, limit: int) -> SuggestionsView:
        """Mentors no hard rule keeps away, best first; of equal ones, the one with most free seats.

        Raises: UnknownPersonError, NotAMenteeError.
        """
        actor.may(Action.MATCH)
        with self.reading() as work:
            mentee = work.people.get(mentee_id).as_mentee().as_candidate()
            seats = work.seats.free(self.clock.now())
            kept_apart = work.exclusions.of(mentee_id)
            assessed = [
                assess(mentee, mentor, free_seats=seats[mentor.id].free, kept_apart=kept_apart)
                for mentor in work.people.candidates(Kind.MENTOR)
            ]
            ranked = sorted(
                (found for found in assessed if not found.obstacles),
                key=lambda found: (-found.fit, -seats[found.mentor].free, found.mentor),
            )
            views = tuple(
                suggestion_view(work, found, seats[found.mentor].free, self.occupations) for found in ranked[:limit]
            )
        alone = Counter(found.obstacles[0] for found in assessed if len(found.obstacles) == 1)
        return SuggestionsView(
            mentee=mentee_id,
            suggestions=views,
            would_help=tuple(HindranceView(obstacle=rule, mentors=alone[rule]) for rule in Obstacle if alone[rule]),
        )


@dataclass(frozen=True, slots=True)
class ExplainPair:
    """Say everything that speaks for and against one pair."""

    reading: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, mentee_id: PersonId, mentor_id: PersonId) -> SuggestionView:
        """The pair, hard rules included.

        Raises: UnknownPersonError, NotAMenteeError, NotAMentorError.
        """
        actor.may(Action.MATCH)
        with self.reading() as work:
            mentee = work.people.get(mentee_id).as_mentee().as_candidate()
            mentor = work.people.get(mentor_id).as_mentor().as_candidate()
            free = work.seats.of(mentor_id, self.clock.now()).free
            found = assess(mentee, mentor, free_seats=free, kept_apart=work.exclusions.of(mentee_id))
            return suggestion_view(work, found, free, self.occupations)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """Two people and whether they are kept apart."""

    mentee: PersonId
    mentor: PersonId
    kept_apart: bool


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Never suggest this pair, or allow it again."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, mentee: PersonId, mentor: PersonId, *, apart: bool) -> PairView:
        """The pair. Raises: UnknownPersonError, NotAMenteeError, NotAMentorError and the errors of `Exclusions`."""
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            work.people.get(mentee).as_mentee()
            work.people.get(mentor).as_mentor()
            if apart:
                work.exclusions.add(mentee, mentor, now)
            else:
                work.exclusions.remove(mentee, mentor)
            remember(work, actor, Act.PAIR_EXCLUDED if apart else Act.PAIR_ALLOWED, mentee, now)
        return PairView(mentee=mentee, mentor=mentor, kept_apart=apart)


def suggestion_view(work: UnitOfWork, found: Assessment, free: int, occupations: Occupations) -> SuggestionView:
    """The view of an assessment, the mentor named."""
    mentor = work.people.get(found.mentor)
    occupation = occupations.get(mentor.profile.occupation)
    return SuggestionView(
        mentor=found.mentor,
        name=mentor.contact.name,
        occupation=occupation.code,
        title_en=occupation.title_en,
        title_fr=occupation.title_fr,
        fit=found.fit,
        free_seats=free,
        reasons_for=found.reasons_for,
        reasons_against=found.reasons_against,
        obstacles=found.obstacles,
    )
