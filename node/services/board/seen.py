"""Anonymous requests as somebody at her desk sees them: ours with the names of our mentees, and what was attested."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.budget import Quarter
from node.services.board.posting import AttestedView, PostedView, open_cards_of_ours, posted_views
from node.services.board.room import count_waiting
from node.services.ports import Clock, OpenWork
from node.services.remember import remember_read

MOST_ENDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedLine:
    """One anonymous request of ours, and for whom it is."""

    posted: PostedView
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """Ours, open ones first; `attested` is what was said this quarter, `waiting` how many mentees wait right now."""

    lines: tuple[PostedLine, ...]
    attested: AttestedView | None
    waiting: int


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """Our side of the board; whom it named is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> BoardView:
        """Open requests, then those that ended last."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            every = work.postings.all()
            going = [card for card in every if card.ended_at is None]
            gone = [card for card in every if card.ended_at is not None]
            views = posted_views(work, [*going, *gone[: -MOST_ENDED - 1 : -1]])
            names = work.desk.names(view.person for view in views)
            remember_read(work, actor, names, now)
            said = work.postings.attested(str(Quarter.of(now)))
            opened = open_cards_of_ours(work)
            return BoardView(
                lines=tuple(PostedLine(posted=view, name=names[view.person]) for view in views),
                attested=None
                if said is None
                else AttestedView(quarter=said.quarter, waiting=said.waiting, open=opened, at=said.at),
                waiting=count_waiting(work),
            )
