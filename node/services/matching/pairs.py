"""What a coordinator decides about single pairs: kept apart, or wanted."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.person import PersonId
from node.services.mentorship.approving import KeptApartError
from node.services.ports import Clock, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """Two people, whether they are kept apart, and whether a coordinator wants them together."""

    mentee: PersonId
    mentor: PersonId
    kept_apart: bool
    pinned: bool


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Never suggest this pair, or allow it again. Whoever is kept apart is wanted together no longer."""

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
            if apart and (mentee, mentor) in work.pins.all():
                work.pins.remove(mentee, mentor)
                remember(work, actor, Act.PAIR_UNPINNED, mentee, now)
        return PairView(mentee=mentee, mentor=mentor, kept_apart=apart, pinned=False)


@dataclass(frozen=True, slots=True)
class PinPair:
    """Put this mentee with this mentor in every draft, or let the pair go."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, mentee: PersonId, mentor: PersonId, *, pinned: bool) -> PairView:
        """The pair.

        Raises: UnknownPersonError, NotAMenteeError, NotAMentorError, KeptApartError and the errors of `Pins`.
        """
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            work.people.get(mentee).as_mentee()
            work.people.get(mentor).as_mentor()
            apart = mentor in work.exclusions.of(mentee)
            if pinned and apart:
                raise KeptApartError(mentee=mentee, mentor=mentor)
            if pinned:
                work.pins.add(mentee, mentor, now)
            else:
                work.pins.remove(mentee, mentor)
            remember(work, actor, Act.PAIR_PINNED if pinned else Act.PAIR_UNPINNED, mentee, now)
        return PairView(mentee=mentee, mentor=mentor, kept_apart=apart, pinned=pinned)
