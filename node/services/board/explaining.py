"""Why a request from outside is worth what it is to one of our mentors: public points that anybody can recompute."""

from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.community import CommunityId
from node.domain.matching.finding import Obstacle
from node.domain.matching.points import Bonuses
from node.domain.matching.rules import PUBLIC
from node.domain.person import Candidate, PersonId, Profile
from node.domain.request import Need
from node.services.matching.bench import Benches
from node.services.matching.views import PartView, part_view
from node.services.ports import OpenWork, UnitOfWork
from protocol.ids import Digest, ThreadId
from protocol.vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePointsView:
    """The points of a request with a mentor: `points` is the fit and both bonuses together.

    The fit is weighed by the rules that are the same everywhere; what the request does not say counts half. One to our
    name says neither how long she waits nor whom she has at home, and gets no bonus.
    """

    request: Digest | ThreadId
    mentor: PersonId
    name: str
    fit: int
    parts: tuple[PartView, ...]
    obstacles: tuple[Obstacle, ...]
    for_waiting: int
    for_no_exact_mentor: int
    points: int


@dataclass(frozen=True, slots=True)
class ExplainOutside:
    """Say how a request and one of our mentors come to their points."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId) -> OutsidePointsView:
        """Of an anonymous one. Raises: UnknownCardError, UnknownPersonError, NotAMentorError, NotJoinedError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            found, bonuses = work.cards.get(card).as_card(work.border.board.released()), work.border.board.bonuses()
            view = self._view(work, card, found.as_candidate(), mentor)
        points = found.points(view.fit, bonuses)
        return _with_bonuses(view, points - view.fit - bonuses.no_exact_mentor, bonuses)

    def named(self, actor: Actor, thread: ThreadId, mentor: PersonId) -> OutsidePointsView:
        """Of one to our name. Raises: UnknownRequestError, UnknownPersonError, NotAMentorError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            return self._view(work, thread, _somebody(work.requests.get(thread).need), mentor)

    def _view(
        self, work: UnitOfWork, request: Digest | ThreadId, mentee: Candidate, mentor: PersonId
    ) -> OutsidePointsView:
        person = work.people.get(mentor).as_mentor()
        scale = self.benches.under(work, PUBLIC).scale
        parts = scale.parts(mentee, person.as_candidate())
        fit = sum(part.points for part in parts)
        return OutsidePointsView(
            request=request,
            mentor=mentor,
            name=person.contact.name,
            fit=fit,
            parts=tuple(map(part_view, parts)),
            obstacles=scale.obstacles(mentee, person.as_candidate()),
            for_waiting=0,
            for_no_exact_mentor=0,
            points=fit,
        )


def _with_bonuses(view: OutsidePointsView, waiting: int, bonuses: Bonuses) -> OutsidePointsView:
    points = view.fit + waiting + bonuses.no_exact_mentor
    return replace(view, for_waiting=waiting, for_no_exact_mentor=bonuses.no_exact_mentor, points=points)


def _somebody(need: Need) -> Candidate:
    """Somebody of whom a request to our name tells what it does; people of two programs meet online."""
    profile = Profile(
        community=CommunityId(""),
        occupation=need.occupation,
        languages=need.languages,
        mode=Mode.ONLINE,
        topics=need.topics,
        time_zone=need.time_zone,
    )
    return Candidate(id=PersonId(""), profile=profile)
