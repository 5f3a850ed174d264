"""The record of acts can be added to, and nothing else."""

import json

import pytest

from federation.governance.domain.acts import START, Verb, check_chain, head_of, next_line
from federation.governance.domain.errors import RecordBrokenError
from protocol.ids import sha256_hex
from tests.support.clock import NOON


def record(*whats: str) -> tuple[bytes, ...]:
    lines: tuple[bytes, ...] = ()
    for what in whats:
        lines += (next_line(lines, at=NOON, by="Ada", verb=Verb.SIGNED, what=what, subject="x"),)
    return lines


def test_every_line_names_the_one_before() -> None:
    lines = record("a", "b", "c")
    acts = check_chain(lines)
    assert [(act.n, act.what) for act in acts] == [(1, "a"), (2, "b"), (3, "c")]
    assert acts[1].prev == sha256_hex(lines[0])
    assert head_of(lines) == sha256_hex(lines[2])
    assert head_of(()) == START


def test_a_changed_line_is_found_at_the_next_one() -> None:
    first, second = record("a", "b")
    forged = json.dumps({**json.loads(first), "what": "z"}).encode()
    with pytest.raises(RecordBrokenError) as refusal:
        check_chain((forged, second))
    assert refusal.value.params["line"] == 2


def test_a_removed_line_is_found() -> None:
    first, _, third = record("a", "b", "c")
    with pytest.raises(RecordBrokenError):
        check_chain((first, third))


def test_a_line_with_another_number_is_found() -> None:
    (first,) = record("a")
    with pytest.raises(RecordBrokenError):
        check_chain((json.dumps({**json.loads(first), "n": 2}).encode(),))


def test_a_line_that_is_no_act_is_found() -> None:
    with pytest.raises(RecordBrokenError):
        check_chain((b"{}",))


def test_nothing_is_added_to_a_broken_record() -> None:
    with pytest.raises(RecordBrokenError):
        next_line((b"not json",), at=NOON, by="Ada", verb=Verb.SIGNED, what="", subject="")
