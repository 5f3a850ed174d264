"""What would be published, and what somebody could learn from it: shown before the draw, never the draw."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.budget import YEAR_CAP_MILLI, Quarter, right_in_100, spent
from node.domain.counts import Estimate, estimates
from node.domain.listing import Listing
from node.domain.release import Draw, Release
from node.services.drawing import agreed_since, next_draw, policy_of
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.summary import listings
from protocol.vocabulary import Publishes, SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """How often in 100 somebody who knows everyone else is right at most, asked whether one mentor is counted.

    After the next draw alone, after all of this year's together, after all there ever were. A coin is right 50 times.
    """

    next: int
    year: int
    ever: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastView:
    """What every member program reads already."""

    at: datetime
    digest: str
    quarter: str
    listed: int
    counts: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """The form of what would be published, its cost, and its listings exactly; nobody is named."""

    publishes: Publishes
    size: SizeBracket
    policy: str
    agreed_at: datetime | None
    draw_at: datetime | None
    epsilon_milli: int
    spent_milli: int
    cap_milli: int
    listings: tuple[Listing, ...]
    last: LastView | None
    inference: Inference


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """Show what would be published."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> SummaryView:
        """The summary as it would be today, without its counts. Raises: NotJoinedError."""
        actor.may(Action.READ_PROGRAM)
        now = self.clock.now()
        with self.reading() as work:
            policy = policy_of(work)
            draws = work.draws.all()
            year = spent((draw.charge for draw in draws), Quarter.of(now).year)
            ever = sum(draw.epsilon_milli for draw in draws)
            to_come = min(policy.epsilon_milli, YEAR_CAP_MILLI - year)
            return SummaryView(
                publishes=policy.publishes,
                size=policy.size,
                policy=policy.digest,
                agreed_at=agreed_since(work, policy),
                draw_at=next_draw(work, policy, now),
                epsilon_milli=policy.epsilon_milli,
                spent_milli=year,
                cap_milli=YEAR_CAP_MILLI,
                listings=tuple(listing for _, listing in listings(work, now)),
                last=_last(work, draws),
                inference=Inference(
                    next=right_in_100(policy.epsilon_milli),
                    year=right_in_100(year + to_come),
                    ever=right_in_100(ever + policy.epsilon_milli),
                ),
            )


def _last(work: UnitOfWork, draws: tuple[Draw, ...]) -> LastView | None:
    """The newest release with the counts that it carried; a draw that nobody was sent stays unseen."""
    releases = work.releases.all()
    if not releases:
        return None
    release = releases[0]
    return LastView(
        at=release.at,
        digest=release.digest,
        quarter=str(release.quarter or ""),
        listed=release.listed,
        counts=_carried(release, draws),
    )


def _carried(release: Release, draws: tuple[Draw, ...]) -> tuple[Estimate, ...]:
    found = (draw for draw in draws if draw.quarter == release.quarter)
    return tuple(one for draw in found for one in estimates(draw.cells.by_group, draw.epsilon_milli))
