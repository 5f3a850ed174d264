"""The ports `Draws`, `Policies`, `Visibilities`, `Ledger`, `Randomness` and `Printer`."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from node.adapters.noise import SystemRandomness
from node.adapters.printer import TypstPrinter
from node.domain.actor import UserId
from node.domain.audit import Act
from node.domain.budget import Quarter
from node.domain.ledger import next_entry
from node.domain.person import Visibility
from node.domain.policy import Agreement
from node.domain.release import Draw
from node.domain.visibility import VisibilityChange
from node.services.ports.privacy import Randomness
from tests.support.chance import SeededRandomness
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_mentor

OLGA = UserId("olga")
FIRST = Draw(quarter=Quarter(2027, 1), at=NOON, epsilon_milli=250, numbers=(3, 0, -2))
UNPROVEN = Draw(quarter=Quarter(2027, 2), at=NOON, epsilon_milli=250, numbers=())


def test_a_draw_is_kept_to_the_last_number_and_a_quarter_is_drawn_once(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.draws.add(FIRST)
        unit.draws.add(UNPROVEN)

        assert unit.draws.all() == (UNPROVEN, FIRST)
    with pytest.raises(IntegrityError), work() as unit:
        unit.draws.add(FIRST)


def test_every_yes_is_kept_in_its_order(work: OpenSqlWork) -> None:
    yeses = tuple(Agreement(policy=policy * 64, at=NOON, by=OLGA) for policy in "aba")
    with work() as unit:
        for yes in yeses:
            unit.policies.add(yes)

        assert unit.policies.all() == yeses


def test_a_history_goes_with_its_person_and_what_was_witnessed_tells_nothing_then(work: OpenSqlWork) -> None:
    mary, other = a_mentor(), a_mentor()
    changes = [
        VisibilityChange(person=person.id, level=level, at=NOON, by=OLGA)
        for person, level in ((mary, Visibility.ASK_FIRST), (other, Visibility.LISTED), (mary, Visibility.ONLY_HERE))
    ]
    with work() as unit:
        unit.people.add([mary, other])
        assert unit.visibilities.add([]) == ()
        hashes = unit.visibilities.add(changes)

    with work() as unit:
        assert unit.visibilities.of(mary.id) == (changes[0], changes[2])
        assert unit.visibilities.witnessed() == frozenset(hashes)
        unit.people.erase(mary.id)
        assert unit.visibilities.of(mary.id) == ()
        assert unit.visibilities.witnessed() == {hashes[1]}


def test_the_same_change_of_the_same_person_is_witnessed_under_another_hash(work: OpenSqlWork) -> None:
    mary = a_mentor()
    change = VisibilityChange(person=mary.id, level=Visibility.LISTED, at=NOON, by=OLGA)
    with work() as unit:
        unit.people.add([mary])

        assert len(set(unit.visibilities.add([change, change]))) == 2


def test_the_ledger_comes_back_as_it_was_written(work: OpenSqlWork) -> None:
    with work() as unit:
        assert unit.ledger.last() is unit.ledger.newest() is None
        first = next_entry(None, NOON, Act.SUMMARY_PUBLISHED, "release", "content")
        second = next_entry(first, NOON + timedelta(hours=1), Act.CONSENT_ADDED, "grant", "")
        unit.ledger.add([])
        unit.ledger.add([first, second])

    with work() as unit:
        assert unit.ledger.all() == (first, second)
        assert unit.ledger.last() == unit.ledger.newest() == second
        assert unit.ledger.times(NOON, NOON + timedelta(hours=1)) == {Act.SUMMARY_PUBLISHED: 1}
        assert unit.ledger.times(NOON, NOON + timedelta(days=1)) == {Act.SUMMARY_PUBLISHED: 1, Act.CONSENT_ADDED: 1}


@pytest.mark.parametrize("make", [SystemRandomness, lambda: SeededRandomness(b"any")])
def test_chance_gives_as_many_bytes_as_are_asked_for_and_never_the_same(make: Callable[[], Randomness]) -> None:
    chance = make()

    assert [len(chance(size)) for size in (0, 1, 7, 100)] == [0, 1, 7, 100]
    assert chance(32) != chance(32)


def test_a_table_becomes_a_file_that_runs_nothing_and_is_the_same_for_the_same_moment() -> None:
    """What `Printer` promises."""
    printer = TypstPrinter()
    rows = [("2027-03-01", '#panic("a cell is a command")'), ("$x$", "Noël — « oui »")]

    first, again = (printer.table("Ledger", ("when", "what"), rows, NOON) for _ in range(2))

    assert first.startswith(b"%PDF-")
    assert first == again
