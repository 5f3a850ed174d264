"""What happens to a question after it was put: reminders, its end, a mentor's rest, and choosing among offers at home.

A mentee keeps her waiting date whatever lapses: nothing here takes it from her.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.matching.scale import Scale
from node.domain.person import Candidate, PersonId
from node.domain.rounds.card import lot
from protocol.ids import Digest

HOLD = timedelta(days=14)
"""A seat waits so long for an answer, the mentor's and the mentee's together."""
REMINDERS = (timedelta(days=3), timedelta(days=7), timedelta(days=12))
REST = timedelta(days=28)
"""A mentor who let a question lapse in silence is left in peace for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that was put to a mentor. `answered` is set with her yes or no, and with her standing consent."""

    card: Digest
    mentor: PersonId
    on: date
    answered: bool = False

    @property
    def lapses_on(self) -> date:
        """From this day on the seat is free again."""
        return self.on + HOLD

    def lapsed(self, today: date) -> bool:
        """Whether its time is over without an answer."""
        return not self.answered and today >= self.lapses_on

    def reminders_due(self, today: date) -> int:
        """How many of the three reminders should have been sent by now; none once she answered or it lapsed."""
        if self.answered or today >= self.lapses_on:
            return 0
        return sum(today >= self.on + after for after in REMINDERS)


def rests_until(asked: Iterable[Asked], today: date) -> date | None:
    """Until when one mentor is asked nothing, after silence; None where she is not resting.

    Who answered a question that was put to her at that time or later was not silent: she chose whom to answer.
    """
    known = tuple(asked)
    spoke = max((one.on for one in known if one.answered), default=date.min)
    until = max((one.lapses_on + REST for one in known if one.on > spoke and one.lapsed(today)), default=today)
    return until if until > today else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A host's offer for a card of ours. `mentor` is what it tells of her: no name, no town."""

    id: str
    mentor: Candidate
    hold_until: date


def choose(mentee: Candidate, offers: Iterable[Offered], scale: Scale, today: date) -> tuple[Offered, ...]:
    """Offers that she could accept, best first; she is shown one at a time, the next when she says no.

    Weighed with everything her own program knows of her. What no hard rule allows, or is over, is left out.
    """
    usable = [one for one in offers if one.hold_until > today and not scale.obstacles(mentee, one.mentor)]
    return tuple(sorted(usable, key=lambda one: (-scale.fit(mentee, one.mentor), lot(mentee.id, one.id), one.id)))
