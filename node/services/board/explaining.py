"""Why an anonymous request is worth what it is to one of our mentors: public points that anybody can recompute."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.matching.finding import Obstacle
from node.domain.matching.rules import PUBLIC
from node.domain.person import PersonId
from node.services.matching.bench import Benches
from node.services.matching.views import PartView, part_view
from node.services.ports import OpenWork
from protocol.ids import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePointsView:
    """The points of an anonymous request with a mentor: `points` is the fit and both bonuses together.

    The fit is weighed by the rules that are the same everywhere; what the request does not say counts half.
    """

    card: Digest
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
    """Say how an anonymous request and one of our mentors come to their points."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, card: Digest, mentor: PersonId) -> OutsidePointsView:
        """The points. Raises: UnknownCardError, UnknownPersonError, NotAMentorError, NotJoinedError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            found = work.cards.get(card).as_card(work.border.board.released())
            bonuses = work.border.board.bonuses()
            person = work.people.get(mentor).as_mentor()
            scale = self.benches.under(work, PUBLIC).scale
        pair = found.as_candidate(), person.as_candidate()
        parts = scale.parts(*pair)
        fit = sum(part.points for part in parts)
        points = found.points(fit, bonuses)
        return OutsidePointsView(
            card=card,
            mentor=mentor,
            name=person.contact.name,
            fit=fit,
            parts=tuple(map(part_view, parts)),
            obstacles=scale.obstacles(*pair),
            for_waiting=points - fit - bonuses.no_exact_mentor,
            for_no_exact_mentor=bonuses.no_exact_mentor,
            points=points,
        )
