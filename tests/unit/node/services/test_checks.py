"""Checks of a page that is opened often."""

from dataclasses import dataclass, field

from node.services.checks import ASKED_AGAIN, Finding, Recently, Severity
from tests.support.clock import FakeClock


@dataclass(slots=True)
class Slow:
    """Finds what a test says, and counts how often it was asked."""

    finding: Finding = field(default_factory=lambda: Finding("exchange-clock", Severity.PROBLEM, {"seconds": 900}))
    asked: int = 0

    def __call__(self) -> Finding:
        self.asked += 1
        return self.finding


def test_a_slow_check_is_asked_again_after_a_while_only() -> None:
    slow, clock = Slow(), FakeClock()
    check = Recently(slow, clock)

    assert check() == check() == slow.finding
    assert slow.asked == 1
    clock.advance(ASKED_AGAIN)
    assert check() == slow.finding
    assert slow.asked == 2


def test_what_is_less_than_a_problem_is_fine_here() -> None:
    away = Slow(Finding("exchange-away", Severity.WARNING))

    assert Recently(away, FakeClock())() == Finding("exchange-away", Severity.FINE)
