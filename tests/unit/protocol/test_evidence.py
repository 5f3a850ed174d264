from __future__ import annotations

import pytest

from protocol import jws
from protocol.bodies import Kind, ThreadResync
from protocol.evidence import NoContradictionError, prove_equivocation
from protocol.ids import sha256_hex, uuid7
from protocol.jws import Typ, UnknownKeyError
from protocol.messages import HeaderMismatchError, sign_message
from protocol.statements import sign_statement
from protocol.summaries import sign_summary
from tests.unit.protocol.builders import (
    AT,
    HOME,
    HOST,
    IDENTITY,
    KEYS,
    NOW,
    OTHER,
    REQUEST,
    SIGN,
    claims,
    inner,
    seed,
    signing,
    statement,
    tombstone,
)
from tests.unit.protocol.test_receipts import RECEIVER, receipt
from tests.unit.protocol.test_summaries import summary

PINNED = jws.by_id(IDENTITY.public)


def innocent(first: bytes, second: bytes, typ: Typ) -> None:
    keys = PINNED if typ is Typ.KEYS else KEYS
    with pytest.raises(NoContradictionError):
        prove_equivocation(first, second, typ=typ, keys=keys, author=HOME)


def test_two_statements_under_one_version_prove_a_forked_program() -> None:
    first, second = (sign_statement(statement(iat=at), IDENTITY) for at in (AT, AT + 1))
    proof = prove_equivocation(first, second, typ=Typ.KEYS, keys=PINNED, author=HOME)
    assert (proof.author, proof.typ) == (HOME, Typ.KEYS)
    assert (proof.first, proof.second) == (sha256_hex(first), sha256_hex(second))
    innocent(first, first, Typ.KEYS)
    innocent(first, sign_statement(statement(version=2), IDENTITY), Typ.KEYS)
    theirs = sign_statement(statement(iss=OTHER), IDENTITY)
    innocent(theirs, sign_statement(statement(iss=OTHER, iat=AT + 1), IDENTITY), Typ.KEYS)


def test_two_summaries_under_one_number_prove_a_forked_program() -> None:
    first, second = (sign_summary(summary(cards_posted=cards), SIGN) for cards in (1, 2))
    assert prove_equivocation(first, second, typ=Typ.SUMMARY, keys=KEYS, author=HOME).typ is Typ.SUMMARY
    innocent(first, sign_summary(summary(seq=summary().seq + 1), SIGN), Typ.SUMMARY)
    theirs = sign_summary(summary(iss=OTHER), SIGN)
    innocent(theirs, sign_summary(summary(iss=OTHER, cards_posted=9), SIGN), Typ.SUMMARY)


def test_two_messages_at_one_place_prove_a_forked_program() -> None:
    first = tombstone(Kind.REQUEST_WITHDRAW, 2, "0" * 64)
    second = tombstone(Kind.PERSON_ERASE, 2, "0" * 64)
    assert prove_equivocation(first, second, typ=Typ.MESSAGE, keys=KEYS, author=HOME).first == sha256_hex(first)
    innocent(first, tombstone(Kind.PERSON_ERASE, 3, "0" * 64), Typ.MESSAGE)
    innocent(first, tombstone(Kind.PERSON_ERASE, 2, "0" * 64, thread=uuid7(NOW, seed("x"))), Typ.MESSAGE)
    innocent(inner(), inner(to=OTHER), Typ.MESSAGE)


def test_repairs_stand_outside_the_chains_and_prove_nothing() -> None:
    tokens = [sign_message(claims(n=0, type="thread.resync"), ThreadResync(n=n, hash=None), SIGN) for n in (1, 2)]
    innocent(tokens[0], tokens[1], Typ.MESSAGE)


def test_objects_without_a_place_prove_nothing() -> None:
    tokens = [jws.sign(receipt(iat=at).encode(), typ=Typ.RECEIPT, key=RECEIVER) for at in (AT, AT + 1)]
    with pytest.raises(NoContradictionError):
        prove_equivocation(*tokens, typ=Typ.RECEIPT, keys=jws.by_id(RECEIVER.public), author=HOST)


def test_nobody_is_accused_with_a_signature_that_is_not_theirs() -> None:
    forged = sign_message(claims(iat=AT + 1), REQUEST, signing("thief"))
    with pytest.raises(UnknownKeyError):
        prove_equivocation(inner(), forged, typ=Typ.MESSAGE, keys=KEYS, author=HOME)
    with pytest.raises(HeaderMismatchError):
        prove_equivocation(inner(), inner(iat=AT + 1), typ=Typ.MESSAGE, keys=KEYS, author=OTHER)
