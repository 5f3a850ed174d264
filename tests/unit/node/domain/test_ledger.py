"""The ledger: a later change shows, whether of an entry, of an order, or of what it vouches for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.audit import Act
from node.domain.ledger import LedgerEntry, first_broken, next_entry
from tests.support.clock import NOON

RECORDS: Mapping[tuple[Act, str], str] = {(Act.SUMMARY_PUBLISHED, "r1"): "one", (Act.COUNTS_DRAWN, "2027-Q1"): "7 0 -2"}


def chain(records: Mapping[tuple[Act, str], str] = RECORDS) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for number, ((act, subject), content) in enumerate([*records.items(), ((Act.CONSENT_ADDED, "g"), "")]):
        last = entries[-1] if entries else None
        entries.append(next_entry(last, NOON + timedelta(hours=number), act, subject, content))
    return entries


def test_an_honest_ledger_holds() -> None:
    assert first_broken(chain(), RECORDS) is None
    assert first_broken([], {}) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda entry: replace(entry, at=entry.at + timedelta(microseconds=1)),
        lambda entry: replace(entry, act=Act.REQUEST_OFFERED),
        lambda entry: replace(entry, subject="other"),
        lambda entry: replace(entry, content="0" * 64),
        lambda entry: replace(entry, digest="0" * 64),
        lambda entry: replace(entry, number=7),
    ],
)
@given(place=st.integers(0, 2))
def test_any_change_of_an_entry_shows(forge: object, place: int) -> None:
    assert callable(forge)
    entries = chain()
    entries[place] = forge(entries[place])

    assert first_broken(entries, RECORDS) is not None


def test_an_entry_taken_out_shows_and_so_does_another_order() -> None:
    first, second, third = chain()

    assert first_broken([first, third], RECORDS) == 2
    assert first_broken([second, first, third], RECORDS) == 1


def test_a_record_that_was_changed_or_taken_away_breaks_its_entry() -> None:
    changed = {**RECORDS, (Act.COUNTS_DRAWN, "2027-Q1"): "8 0 -2"}
    gone = {key: content for key, content in RECORDS.items() if key[0] is not Act.SUMMARY_PUBLISHED}

    assert first_broken(chain(), changed) == 2
    assert first_broken(chain(), gone) == 1


def test_a_forged_end_is_noticed_by_whoever_wrote_down_the_last_hash() -> None:
    noted = chain()[-1].digest
    other = chain({**RECORDS, (Act.COUNTS_DRAWN, "2027-Q1"): "9"})

    assert noted not in {entry.digest for entry in other}


def test_an_erased_person_is_not_named() -> None:
    assert next_entry(None, NOON, Act.PERSON_ERASED, "somebody", "").subject == ""
