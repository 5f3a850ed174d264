"""What the doctor says of life among other programs."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from federation.ground.stop import Stop
from node.services.checks import Severity
from node.services.crossing_checks import CheckExchange, CheckRoster, CheckWarnings
from node.services.ports.federation import (
    Applicant,
    Freshness,
    JoinView,
    MembershipView,
    Probe,
    RosterView,
    Round,
    Warned,
)


@dataclass(frozen=True, slots=True)
class QuietFederation:
    """Fake of `Federation`: it only tells how old its roster is and what its clock says."""

    age: Freshness | None = None
    answer: Probe | None = None
    told: tuple[Warned, ...] = ()

    def join(self, code: str, applicant: Applicant) -> JoinView:
        raise NotImplementedError

    def attend(self, stop: Stop) -> None:
        raise NotImplementedError

    def sync(self) -> Round:
        raise NotImplementedError

    def go_on(self) -> None:
        raise NotImplementedError

    def roster(self) -> RosterView:
        raise NotImplementedError

    def membership(self) -> MembershipView | None:
        raise NotImplementedError

    def freshness(self) -> Freshness | None:
        return self.age

    def probe(self) -> Probe | None:
        return self.answer

    def warnings(self) -> tuple[Warned, ...]:
        return self.told


@pytest.mark.parametrize(
    ("age", "code", "severity"),
    [
        (None, "roster-none", Severity.FINE),
        (Freshness.FRESH, "roster-fresh", Severity.FINE),
        (Freshness.WARN, "roster-warn", Severity.WARNING),
        (Freshness.NO_NEW, "roster-no-new", Severity.PROBLEM),
        (Freshness.SILENT, "roster-silent", Severity.PROBLEM),
    ],
)
def test_an_old_roster_is_worse_the_older_it_is(age: Freshness | None, code: str, severity: Severity) -> None:
    found = CheckRoster(QuietFederation(age=age))()

    assert (found.code, found.severity) == (code, severity)


@pytest.mark.parametrize(
    ("answer", "code", "severity"),
    [
        (None, "exchange-none", Severity.FINE),
        (Probe(None), "exchange-away", Severity.WARNING),
        (Probe(-301), "exchange-clock", Severity.PROBLEM),
        (Probe(300), "exchange-answers", Severity.FINE),
    ],
)
def test_an_exchange_that_is_away_waits_and_a_wrong_clock_does_not(
    answer: Probe | None, code: str, severity: Severity
) -> None:
    found = CheckExchange(QuietFederation(answer=answer))()

    assert (found.code, found.severity) == (code, severity)


@pytest.mark.parametrize(
    ("told", "code", "severity"),
    [
        ((), "warnings-none", Severity.FINE),
        (("letter-expired",), "warnings-some", Severity.WARNING),
        (("letter-expired", "withholding-or-forked"), "exchange-withholds", Severity.PROBLEM),
    ],
)
def test_an_exchange_that_withholds_comes_before_every_other_warning(
    told: tuple[str, ...], code: str, severity: Severity
) -> None:
    at = datetime(2027, 3, 1, tzinfo=UTC)
    warned = tuple(Warned(code=each, subject="board", last_at=at, count=1) for each in told)

    found = CheckWarnings(QuietFederation(told=warned))()

    assert (found.code, found.severity) == (code, severity)
