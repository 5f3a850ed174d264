"""Counts under noise on both databases: agreed to, drawn, charged and published, in that order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from node.adapters.sql.tables import PRIVACY, releases
from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.budget import Quarter
from node.domain.consent import Purpose
from node.domain.counts import MINOR_GROUPS, count
from node.domain.errors import NotAllowedError
from node.domain.person import Kind, Visibility
from node.domain.policy import PolicyNotAgreedError
from node.services.backup import Recovered, TakeUpRestored
from node.services.disclosures import Learned
from node.services.summary import CountsNotDrawnError
from protocol.vocabulary import Publishes
from tests.support.clock import NOON
from tests.support.crossing import CLERK, FakeProgram, Pair, introduced

NEXT_HOUR = NOON.replace(hour=9) + timedelta(days=1)


@pytest.fixture
def counting(pair: Pair) -> FakeProgram:
    """A program that declared counts, with three mentors who are counted and one who is not."""
    pair.host.publishes = Publishes.COUNTS
    for code in ("21300", "21301", "31102"):
        pair.host.mentor(occupation=code)
    pair.host.mentor(visibility=Visibility.ONLY_HERE)
    return pair.host


def drawn(program: FakeProgram, at: datetime = NEXT_HOUR) -> FakeProgram:
    """The same program after a yes and a draw."""
    program.agree_to_publish(CLERK)
    program.clock.set(at)
    assert program.draw.when_due(SYSTEM) == Quarter.of(at)
    return program


def numbers(program: FakeProgram) -> tuple[int, ...]:
    with program.work() as work:
        return work.draws.all()[0].numbers


def test_nothing_is_drawn_or_published_before_a_named_person_said_yes(counting: FakeProgram) -> None:
    assert counting.draw.when_due(SYSTEM) is None
    assert counting.publish.when_due(SYSTEM) is None
    with pytest.raises(PolicyNotAgreedError):
        counting.publish(CLERK)
    with pytest.raises(NotAllowedError):
        counting.agree_to_publish(SYSTEM)


def test_the_draw_comes_at_the_fixed_hour_after_the_yes_and_once_a_quarter(counting: FakeProgram) -> None:
    agreed = counting.agree_to_publish(CLERK)
    assert agreed.draw_at == NEXT_HOUR
    counting.clock.set(NEXT_HOUR - timedelta(seconds=1))
    assert counting.draw.when_due(SYSTEM) is None
    with pytest.raises(CountsNotDrawnError):
        counting.publish(CLERK)
    assert counting.publish.when_due(SYSTEM) is None

    drawn(counting)

    assert counting.draw.when_due(SYSTEM) is None
    assert counting.preview(CLERK).draw_at == datetime(2027, 4, 1, 9, tzinfo=UTC)


def test_what_is_drawn_is_the_exact_count_and_noise_in_every_cell(counting: FakeProgram) -> None:
    drawn(counting)

    with counting.work() as work:
        free = work.seats.free(NEXT_HOUR)
        exact = count((mentor, free[mentor.id].free) for mentor in work.people.candidates(Kind.MENTOR))
    assert (exact[MINOR_GROUPS.index("213")], exact[MINOR_GROUPS.index("311")], sum(exact)) == (2, 1, 3)
    assert len(numbers(counting)) == len(MINOR_GROUPS)
    assert 0 < max(abs(a - b) for a, b in zip(numbers(counting), exact, strict=True)) < 60


def test_a_draw_costs_its_quarter_whether_or_not_anything_is_published(counting: FakeProgram) -> None:
    drawn(counting)

    ledger = counting.ledger(CLERK)

    assert (ledger.spent_milli, ledger.left_milli, ledger.releases) == (250, 750, ())
    (draw,) = ledger.draws
    assert (draw.quarter, draw.cells, draw.epsilon_milli, draw.sensitivity, draw.proven) == (
        "2027-Q1",
        89,
        250,
        1,
        True,
    )


def test_a_whole_year_costs_one_and_the_next_begins_anew(counting: FakeProgram) -> None:
    counting.agree_to_publish(CLERK)
    for month, day in ((3, 2), (4, 1), (7, 1), (10, 1)):
        counting.clock.set(datetime(2027, month, day, 9, 5, tzinfo=UTC))
        assert counting.draw.when_due(SYSTEM) is not None
        assert counting.draw.when_due(SYSTEM) is None

    assert counting.ledger(CLERK).left_milli == 0
    assert counting.ledger(CLERK).right_in_100 == 73
    assert counting.preview(CLERK).draw_at == datetime(2028, 1, 1, 9, tzinfo=UTC)


def test_sending_again_sends_the_stored_numbers_and_the_quarter_they_are_of(counting: FakeProgram) -> None:
    drawn(counting)
    first = counting.publish(CLERK)
    counting.mentor(occupation="21300")
    counting.clock.advance(timedelta(days=7))
    again = counting.publish.when_due(SYSTEM)

    assert again is not None
    assert first.quarter == again.quarter == "2027-Q1"
    first_cells, second_cells = counting.carrier.offered
    assert first_cells == second_cells


def test_the_first_release_follows_by_itself_once_it_was_agreed_to_and_drawn(counting: FakeProgram) -> None:
    drawn(counting)

    assert counting.publish.when_due(SYSTEM) is not None
    assert counting.publish.when_due(SYSTEM) is None


def test_a_preview_shows_the_last_release_and_never_a_draw_that_nobody_was_sent(counting: FakeProgram) -> None:
    before = counting.preview(CLERK)
    assert (before.agreed_at, before.last, before.epsilon_milli, before.spent_milli) == (None, None, 250, 0)
    assert (before.inference.next, before.inference.year, before.inference.ever) == (56, 56, 56)
    drawn(counting)
    assert counting.preview(CLERK).last is None
    counting.publish(CLERK)

    after = counting.preview(CLERK)

    assert after.last is not None
    assert [one.group for one in after.last.counts] == list(MINOR_GROUPS)
    assert [one.number for one in after.last.counts] == [max(0, number) for number in numbers(counting)]
    assert (after.spent_milli, after.inference.year) == (250, 62)
    assert counting.verify(CLERK).holds


def test_a_changed_policy_asks_for_a_new_yes(pair: Pair) -> None:
    pair.host.agree_to_publish(CLERK)
    pair.host.publish(CLERK)
    pair.host.publishes = Publishes.COUNTS

    with pytest.raises(PolicyNotAgreedError):
        pair.host.publish(CLERK)
    pair.host.agree_to_publish(CLERK)
    pair.host.publishes = Publishes.BRACKET
    with pytest.raises(PolicyNotAgreedError):
        pair.host.publish(CLERK)


def test_a_program_of_a_declared_size_counts_nobody(pair: Pair) -> None:
    agreed = pair.host.agree_to_publish(CLERK)

    assert agreed.draw_at is None
    assert pair.host.draw.when_due(SYSTEM) is None
    pair.host.publish(CLERK)
    assert pair.host.carrier.offered == [None]
    assert pair.host.preview(CLERK).inference.ever == 50


def test_a_program_that_runs_twice_pays_for_what_its_copy_may_have_drawn(counting: FakeProgram) -> None:
    drawn(counting)
    counting.copied = True
    counting.clock.set(datetime(2027, 4, 1, 9, tzinfo=UTC))

    assert counting.draw.when_due(SYSTEM) == Quarter(2027, 2)

    latest, _ = counting.ledger(CLERK).draws
    assert (latest.quarter, latest.proven, latest.epsilon_milli) == ("2027-Q2", False, 250)
    assert counting.ledger(CLERK).spent_milli == 500
    assert counting.draw.when_due(SYSTEM) is None
    counting.copied = False
    counting.clock.set(datetime(2027, 7, 1, 9, tzinfo=UTC))
    assert counting.draw.when_due(SYSTEM) == Quarter(2027, 3)
    assert counting.verify(CLERK).holds


def test_a_restored_program_takes_the_quarter_as_drawn_and_publishes_no_counts_in_it(counting: FakeProgram) -> None:
    counting.agree_to_publish(CLERK)
    found = Recovered(made_at=NOON - timedelta(days=80), tombstones=(), complete_to=None, joined=False)
    TakeUpRestored(counting.work, counting.clock)(SYSTEM, found)
    counting.clock.set(NEXT_HOUR)

    assert counting.draw.when_due(SYSTEM) is None
    published = counting.publish(CLERK)

    ledger = counting.ledger(CLERK)
    assert [(draw.quarter, draw.proven) for draw in ledger.draws] == [("2027-Q1", False), ("2026-Q4", False)]
    assert (published.quarter, ledger.spent_milli) == ("", 250)
    (cells,) = counting.carrier.offered
    assert cells is not None
    assert cells.numbers == ()
    assert counting.preview(CLERK).draw_at == datetime(2027, 4, 1, 9, tzinfo=UTC)
    assert counting.verify(CLERK).holds


FORGERIES: dict[str, Callable[[FakeProgram], object]] = {
    "a cheaper draw": lambda _: update(PRIVACY.draws).values(epsilon_milli=100),
    "another number": lambda _: update(PRIVACY.draws).values(numbers="0 0 0"),
    "another release": lambda _: update(releases).values(receivers=0),
    "a release taken away": lambda _: text("delete from releases"),
    "an entry taken away": lambda _: text("delete from ledger where number = 2"),
    "another moment": lambda _: update(PRIVACY.ledger).where(PRIVACY.ledger.c.number == 1).values(at=NEXT_HOUR),
    "another level": lambda _: update(PRIVACY.visibilities).values(level=3),
    "another yes": lambda _: update(PRIVACY.policies).values(by="nobody"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_later_change_of_anything_shows(counting: FakeProgram, forgery: str) -> None:
    mary = counting.mentor()
    counting.set_visibility(CLERK, mary.id, Visibility.MAY_OFFER)
    drawn(counting).publish(CLERK)
    assert counting.verify(CLERK).holds

    with counting.work() as work:
        work.connection.execute(FORGERIES[forgery](counting))  # type: ignore[call-overload]

    assert not counting.verify(CLERK).holds


def test_an_end_that_was_cut_off_shows_to_whoever_wrote_down_the_last_hash(counting: FakeProgram) -> None:
    drawn(counting).publish(CLERK)
    noted = counting.verify(CLERK).head
    assert counting.verify(CLERK, noted).holds
    with counting.work() as work:
        work.connection.execute(text("delete from ledger where act = 'summary.published'"))
        work.connection.execute(text("delete from release_listings"))
        work.connection.execute(text("delete from releases"))

    assert counting.verify(CLERK).holds
    assert not counting.verify(CLERK, noted).holds


def test_erasing_a_mentor_leaves_the_ledger_whole_and_without_her(counting: FakeProgram) -> None:
    mary = counting.mentor()
    counting.set_visibility(CLERK, mary.id, Visibility.LISTED)
    counting.agrees(mary.id, Purpose.LISTING)
    drawn(counting).publish(CLERK)
    counting.erase(CLERK, mary.id)

    verified = counting.verify(CLERK)

    assert verified.holds
    with counting.work() as work:
        assert all(mary.id not in (entry.subject, entry.content) for entry in work.ledger.all())


def test_each_of_two_people_is_told_what_the_other_program_learned_and_when_she_agreed(pair: Pair) -> None:
    introduced(pair)
    with pair.home.work() as home, pair.host.work() as host:
        (mentee,), (mentor,) = home.people.candidates(Kind.MENTEE), host.people.candidates(Kind.MENTOR)

    at_home, at_host = pair.home.disclosures(CLERK, mentee.id), pair.host.disclosures(CLERK, mentor.id)

    assert [one.learned for one in at_home.learned] == [Learned.NEED, Learned.CONTACT]
    assert [one.learned for one in at_host.learned] == [Learned.OFFER, Learned.CONTACT]
    assert all(one.agreed_at == NOON for one in (*at_home.learned, *at_host.learned))
    assert (at_home.asked, at_host.asked, at_host.epsilon_milli) == (0, 1, 0)
    with pair.host.work() as host:
        assert Act.DISCLOSURES_SHOWN in {entry.act for entry in host.audit.since(NOON)}


def test_a_mentor_is_told_where_she_was_listed_and_what_counting_her_cost(counting: FakeProgram) -> None:
    mary = counting.mentor(visibility=Visibility.LISTED)
    counting.agrees(mary.id, Purpose.LISTING)
    drawn(counting).publish(CLERK)

    told = counting.disclosures(CLERK, mary.id)

    assert [(listed.at, listed.receivers) for listed in told.listed] == [(NEXT_HOUR, 2)]
    assert (told.epsilon_milli, told.year_milli, told.right_in_100) == (250, 250, 56)


def test_somebody_who_came_later_is_charged_for_nothing_before(counting: FakeProgram) -> None:
    drawn(counting)
    late = counting.mentor()
    with counting.work() as work:
        work.people.erase(late.id)
    later = counting.add(replace(late, added_at=NEXT_HOUR + timedelta(hours=1)))

    assert counting.disclosures(CLERK, later.id).epsilon_milli == 0
