"""What the node checks of its life among other programs: the roster's age, the exchange and the clocks, what waits."""

from dataclasses import dataclass

from node.domain.letter import LetterState
from node.services.checks import Finding, Severity
from node.services.ports import OpenWork
from node.services.ports.federation import Federation, Freshness

SECOND_SELF = "second-self"
"""The warning that somebody else speaks in our name."""
WITHHOLDING = "withholding-or-forked"
"""The warning that the exchange shows others what it does not show us."""
MOST_SKEW = 300
"""Seconds by which two clocks may differ before the exchange refuses what is signed here."""
_SEVERITIES = {
    Freshness.FRESH: Severity.FINE,
    Freshness.WARN: Severity.WARNING,
    Freshness.NO_NEW: Severity.PROBLEM,
    Freshness.SILENT: Severity.PROBLEM,
}
_BY_HAND = frozenset({LetterState.DRAFTED, LetterState.UNCLEAR, LetterState.REFUSED})


@dataclass(frozen=True, slots=True)
class CheckRoster:
    """An old list of members stops first what is new, then everything but withdrawals."""

    federation: Federation

    def __call__(self) -> Finding:
        """How old the verified list is."""
        freshness = self.federation.freshness()
        if freshness is None:
            return Finding("roster-none", Severity.FINE)
        return Finding(f"roster-{freshness.replace('_', '-')}", _SEVERITIES[freshness])


@dataclass(frozen=True, slots=True)
class CheckExchange:
    """Whether the exchange answers, and whether its clock and ours agree."""

    federation: Federation

    def __call__(self) -> Finding:
        """What the exchange says of the time."""
        probe = self.federation.probe()
        if probe is None:
            return Finding("exchange-none", Severity.FINE)
        if probe.clock_ahead is None:
            return Finding("exchange-away", Severity.WARNING)
        if abs(probe.clock_ahead) > MOST_SKEW:
            return Finding("exchange-clock", Severity.PROBLEM, {"seconds": probe.clock_ahead})
        return Finding("exchange-answers", Severity.FINE, {"seconds": probe.clock_ahead})


@dataclass(frozen=True, slots=True)
class CheckOutbox:
    """What waits too long for another program wants a person."""

    reading: OpenWork

    def __call__(self) -> Finding:
        """How much was refused, expired, or tried in vain."""
        with self.reading() as work:
            stuck = sum(item.needs_a_person for item in work.border.waiting())
        return Finding("outbox-stuck" if stuck else "outbox-clear", _warn_if(stuck), {"count": stuck})


@dataclass(frozen=True, slots=True)
class CheckLetters:
    """Letters that somebody has to send or ask about."""

    reading: OpenWork

    def __call__(self) -> Finding:
        """How many letters wait for a person."""
        with self.reading() as work:
            waiting = len(work.letters.ids(_BY_HAND))
        return Finding("letters-by-hand" if waiting else "letters-clear", _warn_if(waiting), {"count": waiting})


@dataclass(frozen=True, slots=True)
class CheckIdentity:
    """A copy of this node that runs, too, tells others a second story in its name."""

    federation: Federation

    def __call__(self) -> Finding:
        """Whether other programs hold words of ours that were never said here."""
        count = sum(warned.code == SECOND_SELF for warned in self.federation.warnings())
        if count:
            return Finding("identity-twice", Severity.PROBLEM, {"count": count})
        return Finding("identity-ours", Severity.FINE)


@dataclass(frozen=True, slots=True)
class CheckWarnings:
    """What went wrong between programs and was not seen to."""

    federation: Federation

    def __call__(self) -> Finding:
        """How much there is to look at; first of all whether the exchange shows others what it hides from us."""
        warnings = self.federation.warnings()
        if any(warned.code == WITHHOLDING for warned in warnings):
            return Finding("exchange-withholds", Severity.PROBLEM)
        count = len(warnings)
        return Finding("warnings-some" if count else "warnings-none", _warn_if(count), {"count": count})


def speaks_twice(federation: Federation) -> bool:
    """Whether other programs hold words of ours that were never said here."""
    return any(warned.code == SECOND_SELF for warned in federation.warnings())


def _warn_if(count: int) -> Severity:
    return Severity.WARNING if count else Severity.FINE
