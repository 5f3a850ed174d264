from __future__ import annotations

import pytest

from protocol import jws
from protocol.documents import CriticalFieldError, FieldError
from protocol.errors import ProtocolError
from protocol.keys import Jwk, KeyFormError, SignatureError
from protocol.parsing import b64u
from protocol.statements import (
    LIFETIME,
    StatementError,
    StatementExpiredError,
    StatementForkError,
    StatementRef,
    StatementRollbackError,
    check_succession,
    sign_statement,
    verify_statement,
)
from tests.unit.protocol.builders import (
    AT,
    DAY,
    HOME,
    HOST,
    IDENTITY,
    NOW,
    OPEN,
    SIGN,
    later,
    signing,
    statement,
    verified_statement,
)


def check(token: bytes, **changes: object) -> ProtocolError:
    arguments = {"node": HOME, "identity": IDENTITY.public, "now": NOW} | changes
    with pytest.raises(ProtocolError) as refused:
        verify_statement(token, **arguments)  # type: ignore[arg-type]  # a test's shorthand
    return refused.value


def test_a_statement_names_the_keys_of_one_program_for_a_time() -> None:
    found = verified_statement()
    assert (found.node, found.version, found.keys) == (HOME, 1, {SIGN.key_id: SIGN.public})
    assert found.ref == StatementRef(version=1, hash=found.digest)
    assert found.is_current(NOW)
    assert not found.is_current(later(days=90))
    assert found.is_current(later(days=90, seconds=-1))


def test_only_the_pinned_identity_key_makes_a_statement() -> None:
    error = check(sign_statement(statement(), signing("thief")))
    assert error.code == "key-unknown"


def test_a_statement_for_another_program_is_refused() -> None:
    assert isinstance(check(sign_statement(statement(iss=HOST), IDENTITY)), StatementError)


@pytest.mark.parametrize("exp", [AT, AT - 1, AT + 90 * DAY + 1])
def test_a_statement_lives_ninety_days_at_most_and_not_backwards(exp: int) -> None:
    assert LIFETIME.days == 90
    assert check(sign_statement(statement(exp=exp), IDENTITY)).params["field"] == "exp"


def test_a_statement_past_its_time_is_refused() -> None:
    assert isinstance(check(sign_statement(statement(), IDENTITY), now=later(days=90)), StatementExpiredError)


def test_a_statement_from_the_future_is_refused_beyond_the_usual_skew() -> None:
    token = sign_statement(statement(), IDENTITY)
    verify_statement(token, node=HOME, identity=IDENTITY.public, now=later(seconds=-300))
    assert isinstance(check(token, now=later(seconds=-301)), StatementExpiredError)


def test_keys_below_the_roster_s_least_version_are_refused_after_a_rekey() -> None:
    error = check(sign_statement(statement(version=2), IDENTITY), min_version=3)
    assert isinstance(error, StatementRollbackError)
    assert error.params["least"] == 3


@pytest.mark.parametrize("field", ["sign", "seal"])
def test_a_statement_needs_one_to_four_keys_of_each_kind(field: str) -> None:
    for keys in ((), (SIGN.public.jwk,) * 5):
        payload = statement().model_copy(update={field: keys}).encode()
        assert isinstance(check(jws.sign(payload, typ=jws.Typ.KEYS, key=IDENTITY)), FieldError)


def test_a_small_order_key_in_a_statement_is_refused() -> None:
    for field, crv in (("sign", "Ed25519"), ("seal", "X25519")):
        weak = Jwk.model_validate({"crv": crv, "x": b64u(bytes(32))})
        assert isinstance(check(sign_statement(statement(**{field: (weak,)}), IDENTITY)), KeyFormError)


def test_a_key_of_the_wrong_curve_in_a_statement_is_refused() -> None:
    for field, key in (("sign", OPEN.public.jwk), ("seal", SIGN.public.jwk)):
        assert isinstance(check(sign_statement(statement(**{field: (key,)}), IDENTITY)), KeyFormError)


def test_a_statement_with_an_unknown_critical_field_is_refused() -> None:
    assert isinstance(check(sign_statement(statement(crit=("threshold",)), IDENTITY)), CriticalFieldError)


def test_a_changed_statement_does_not_hold() -> None:
    token = sign_statement(statement(), IDENTITY)
    head, _, signature = token.split(b".")
    other = sign_statement(statement(version=2), IDENTITY).split(b".")[1]
    assert isinstance(check(b".".join((head, other, signature))), SignatureError)


def test_rollback_of_keys_is_refused() -> None:
    with pytest.raises(StatementRollbackError):
        check_succession(StatementRef(version=2, hash="0" * 64), verified_statement())


def test_two_statements_under_one_version_are_a_fork() -> None:
    with pytest.raises(StatementForkError):
        check_succession(StatementRef(version=1, hash="0" * 64), verified_statement())


def test_a_statement_that_follows_another_one_than_we_saw_is_a_fork() -> None:
    first = verified_statement()
    check_succession(first.ref, verified_statement(version=2, prev=first.digest))
    with pytest.raises(StatementForkError):
        check_succession(first.ref, verified_statement(version=2, prev="1" * 64))


def test_the_first_statement_the_same_one_and_a_later_one_are_fine() -> None:
    found = verified_statement()
    check_succession(None, found)
    check_succession(found.ref, found)
    check_succession(found.ref, verified_statement(version=3, prev="1" * 64))
    check_succession(found.ref, verified_statement(version=2))  # a new identity key begins a new row
