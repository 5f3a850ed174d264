from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import jws
from protocol.documents import FieldError
from protocol.errors import ProtocolError
from protocol.jws import KindError, UnknownKeyError
from protocol.statements import StatementRef
from protocol.summaries import (
    Bracket,
    Cells,
    Listing,
    Position,
    Summary,
    SummaryError,
    SummaryForkError,
    SummaryFutureError,
    SummaryRollbackError,
    VerifiedSummary,
    check_declared,
    check_order,
    claimed_summary,
    next_seq,
    quarter_before,
    sign_summary,
    surplus,
    verify_summary,
)
from protocol.vocabulary import Mode, Publishes, SeatBand, SizeBracket, vocabulary_hash
from tests.unit.protocol.builders import AT, DAY, HOME, HOST, KEYS, NOW, SEEN, SIGN, inner, later, signing
from tests.unit.protocol.test_roster import member

MILLISECONDS = AT * 1_000
CELLS = Cells(epsilon_milli=250, cells=(("213", 4), ("311", -1)))
LISTING = Listing(
    pseudonym="abcdefgh234567ab", occupation="21331", languages=("en",), mode=Mode.ONLINE, seats=SeatBand.ONE
)


def summary(**changes: object) -> Summary:
    fields: dict[str, object] = {
        "iss": HOME,
        "seq": MILLISECONDS,
        "iat": AT,
        "exp": AT + 8 * DAY,
        "quarter": "2026-Q1",
        "vocabulary": vocabulary_hash(),
        "seen": SEEN,
        "policy": "2026-01",
        "counts": CELLS,
        "listings": (LISTING,),
        "cards_posted": 3,
        "keys": StatementRef(version=1, hash="0" * 64),
    }
    return Summary.model_validate(fields | changes)


def verified(**changes: object) -> VerifiedSummary:
    return verify_summary(sign_summary(summary(**changes), SIGN), keys=KEYS, node=HOME, now=later(days=1))


def refused(**changes: object) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        verify_summary(sign_summary(summary(**changes), SIGN), keys=KEYS, node=HOME, now=NOW)
    return found.value


def test_a_summary_travels_and_comes_back() -> None:
    found = verified()
    assert (found.node, found.summary, found.position) == (HOME, summary(), Position(1, MILLISECONDS))
    assert claimed_summary(found.token) == summary()


def test_an_expired_summary_reads_as_unknown_and_not_as_an_error() -> None:
    late = verify_summary(sign_summary(summary(), SIGN), keys=KEYS, node=HOME, now=later(days=8))
    assert not late.is_current(later(days=8))
    assert late.is_current(later(days=8, seconds=-1))


def test_only_the_program_itself_signs_its_summary() -> None:
    with pytest.raises(UnknownKeyError):
        verify_summary(sign_summary(summary(), signing("thief")), keys=KEYS, node=HOME, now=NOW)
    assert refused(iss=HOST).params["field"] == "iss"
    with pytest.raises(KindError):
        verify_summary(inner(), keys=KEYS, node=HOME, now=NOW)


@pytest.mark.parametrize("exp", [AT, AT - 1, AT + 8 * DAY + 1])
def test_a_summary_lives_eight_days_at_most(exp: int) -> None:
    assert isinstance(refused(exp=exp), SummaryError)


def test_a_summary_signed_in_the_future_is_refused() -> None:
    assert refused(iat=AT + 301, exp=AT + DAY).params["field"] == "exp"


def test_a_number_more_than_a_day_ahead_is_refused_so_that_nobody_fast_forwards() -> None:
    assert isinstance(refused(seq=MILLISECONDS + DAY * 1_000 + 1), SummaryFutureError)
    verify_summary(sign_summary(summary(seq=MILLISECONDS + DAY * 1_000), SIGN), keys=KEYS, node=HOME, now=NOW)


def test_a_lower_number_is_a_rollback() -> None:
    seen = verified(seq=MILLISECONDS + 1)
    with pytest.raises(SummaryRollbackError):
        check_order(seen.position, seen.digest, verified())


def test_keys_of_a_lower_version_are_a_rollback_whatever_the_number() -> None:
    with pytest.raises(SummaryRollbackError):
        check_order(Position(2, 0), None, verified())


def test_one_number_with_two_contents_is_a_fork() -> None:
    seen = verified(cards_posted=4)
    with pytest.raises(SummaryForkError):
        check_order(seen.position, seen.digest, verified())


def test_the_first_the_same_and_a_higher_one_are_fine() -> None:
    found = verified()
    check_order(None, None, found)
    check_order(found.position, found.digest, found)
    check_order(found.position, found.digest, verified(seq=MILLISECONDS + 1))
    check_order(found.position, found.digest, verified(seq=0, keys=StatementRef(version=2, hash="0" * 64)))


@given(st.none() | st.integers(0, 2**52))
def test_the_next_number_is_above_the_last_and_not_below_the_clock(last: int | None) -> None:
    number = next_seq(last, NOW)
    assert number >= MILLISECONDS
    assert last is None or number > last
    assert number in {MILLISECONDS, (last or 0) + 1}


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {"kind": "cells", "epsilon_milli": 250, "cells": [["213", 1], ["213", 2]]}},
        {"counts": {"kind": "cells", "epsilon_milli": 250, "cells": [["311", 1], ["213", 2]]}},
        {"counts": {"kind": "cells", "epsilon_milli": 1_001, "cells": []}},
        {"counts": {"kind": "cells", "epsilon_milli": 250, "cells": [["2133", 1]]}},
        {"counts": {"kind": "bracket", "size": "17"}},
        {"counts": {"kind": "people", "size": 17}},
        {"counts": {"size": "under_25"}},
        {"quarter": "2026-Q5"},
        {"listings": [{"pseudonym": "Amina"}]},
        {"cards_posted": -1},
    ],
)
def test_a_summary_of_another_form_is_refused(change: dict[str, object]) -> None:
    whole = json.loads(summary().encode()) | change
    token = jws.sign(json.dumps(whole).encode(), typ=jws.Typ.SUMMARY, key=SIGN)
    with pytest.raises(FieldError):
        verify_summary(token, keys=KEYS, node=HOME, now=NOW)


def test_a_program_publishes_what_it_declared_and_nothing_else() -> None:
    small = member()
    large = member(publishes=Publishes.COUNTS, size=SizeBracket.UNDER_500)
    check_declared(summary(counts=Bracket(size=SizeBracket.UNDER_25)), small)
    check_declared(summary(), large)
    for counts, who in (
        (CELLS, small),
        (Bracket(size=SizeBracket.UNDER_100), small),
        (Bracket(size=SizeBracket.UNDER_500), large),
    ):
        with pytest.raises(SummaryError):
            check_declared(summary(counts=counts), who)


@pytest.mark.parametrize(
    ("quarter", "before"), [("2026-Q1", "2025-Q4"), ("2026-Q4", "2026-Q3"), ("0001-Q1", "0000-Q4")]
)
def test_cards_are_declared_in_the_quarter_after(quarter: str, before: str) -> None:
    assert quarter_before(quarter) == before


def test_more_cards_than_anybody_declares_are_an_alarm() -> None:
    declared = [summary(), summary(iss=HOST, cards_posted=4), summary(), summary(iss=HOST, quarter="2025-Q4")]
    assert surplus(7, declared, quarter="2025-Q4") == 0
    assert surplus(9, declared, quarter="2025-Q4") == 2
    assert surplus(0, declared, quarter="2025-Q4") == 0
    assert surplus(5, declared, quarter="2025-Q3") == 2  # only the host declared that one
