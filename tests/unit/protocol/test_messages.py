from __future__ import annotations

import json

import pytest

from protocol import jws
from protocol.bodies import BODIES, CONTROL, Kind, ThreadResync, Tombstone
from protocol.documents import CriticalFieldError, FieldError
from protocol.errors import ProtocolError
from protocol.ids import uuid7
from protocol.jws import KindError, UnknownKeyError
from protocol.keys import SignatureError
from protocol.messages import (
    FutureError,
    HeaderMismatchError,
    MessageError,
    MessageTypeError,
    StaleError,
    WrongRecipientError,
    check_freshness,
    claimed_statement,
    open_envelope,
    sign_message,
    verify_message,
)
from protocol.sealing import UnsealError
from tests.unit.protocol.builders import (
    AT,
    DAY,
    HOME,
    HOST,
    KEYS,
    MESSAGE,
    NOW,
    OPEN,
    OTHER,
    REF,
    REQUEST,
    SIGN,
    THREAD,
    claims,
    envelope,
    inner,
    later,
    opening,
    seed,
    signing,
    tombstone,
)


def payload(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = json.loads(jws.claimed_payload(inner(), typ=jws.Typ.MESSAGE))
    return {name: value for name, value in (whole | changes).items() if value != "absent"}


def signed(**changes: object) -> bytes:
    return jws.sign(json.dumps(payload(**changes)).encode(), typ=jws.Typ.MESSAGE, key=SIGN)


def refused(token: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        verify_message(token, keys=KEYS, sender=HOME)
    return found.value


def test_a_message_says_who_wrote_what_to_whom() -> None:
    message = open_envelope(envelope(), key=OPEN, sender_keys=KEYS, node=HOST, now=NOW)
    assert (message.sender, message.message_id, message.thread) == (HOME, MESSAGE, THREAD)
    assert (message.kind, message.body, message.issued_at) == (Kind.REQUEST_OPEN, REQUEST, NOW)
    assert message.inner == inner()
    assert message.claims == claims()


def test_unknown_fields_survive_because_the_signed_bytes_are_kept() -> None:
    token = signed(future={"a": 1}, body=payload()["body"] | {"b": 2})  # type: ignore[operator]  # an object
    assert verify_message(token, keys=KEYS, sender=HOME).inner == token


def test_an_unknown_critical_field_refuses_the_message() -> None:
    assert isinstance(refused(signed(crit=["future"], future=1)), CriticalFieldError)
    body = payload()["body"]
    assert isinstance(body, dict)
    assert isinstance(refused(signed(body=body | {"crit": ["future"]})), CriticalFieldError)


def test_a_message_signed_by_another_member_is_refused() -> None:
    with pytest.raises(UnknownKeyError):
        verify_message(sign_message(claims(), REQUEST, signing("thief")), keys=KEYS, sender=HOME)
    assert isinstance(refused(inner(iss=OTHER)), HeaderMismatchError)


def test_a_receipt_or_a_summary_is_no_message() -> None:
    assert isinstance(refused(jws.sign(json.dumps(payload()).encode(), typ=jws.Typ.RECEIPT, key=SIGN)), KindError)


def test_a_message_of_an_unknown_type_is_refused_by_name() -> None:
    assert isinstance(refused(signed(type="request.order")), MessageTypeError)
    with pytest.raises(MessageTypeError):
        inner(Tombstone())
    with pytest.raises(MessageTypeError):
        inner(type="request.order")


@pytest.mark.parametrize(
    "change",
    [
        {"n": 0},
        {"n": 1, "prev": "0" * 64},
        {"n": 2},
        {"n": 0, "type": "thread.resync", "prev": "0" * 64, "body": {"n": 0, "hash": None}},
        {"n": 1, "type": "thread.resync", "body": {"n": 0, "hash": None}},
    ],
)
def test_the_place_in_the_chain_must_make_sense(change: dict[str, object]) -> None:
    error = refused(signed(**change))
    assert isinstance(error, MessageError)
    assert error.params == {"field": "n"}


@pytest.mark.parametrize(
    "change",
    [
        {"seen_peer": {"n": 0, "hash": "0" * 64}},
        {"seen_peer": {"n": 1}},
        {"prev": "absent"},
        {"seen_peer": "absent"},
        {"thread": "1"},
        {"keys": "absent"},
        {"seen": "absent"},
        {"body": []},
        {"body": "absent"},
        {"iat": 1.5},
        {"to": None},
    ],
)
def test_a_message_with_another_field_is_refused(change: dict[str, object]) -> None:
    assert refused(signed(**change)).code in {"field-invalid", "json-number"}


def test_a_repair_stands_outside_the_chain() -> None:
    token = sign_message(claims(n=0, type="thread.resync"), ThreadResync(n=0, hash=None), SIGN)
    assert verify_message(token, keys=KEYS, sender=HOME).kind in CONTROL


def test_a_later_message_names_the_one_before() -> None:
    token = tombstone(Kind.REQUEST_WITHDRAW, 2, "0" * 64, seen_peer={"n": 1, "hash": "1" * 64})
    message = verify_message(token, keys=KEYS, sender=HOME)
    assert (message.claims.n, message.claims.prev) == (2, "0" * 64)


def test_every_kind_has_a_body() -> None:
    assert set(BODIES) == set(Kind)


def test_the_named_key_statement_is_read_before_any_key_is_known() -> None:
    assert claimed_statement(inner()) == REF


def test_freshness_forgives_five_minutes_at_the_start_and_nothing_at_the_end() -> None:
    check_freshness(claims(), later(seconds=-300))
    check_freshness(claims(), later(days=14, seconds=-1))
    with pytest.raises(FutureError):
        check_freshness(claims(), later(seconds=-301))
    with pytest.raises(StaleError):
        check_freshness(claims(), later(days=14))


@pytest.mark.parametrize("exp", [AT, AT - 1, AT + 14 * DAY + 1])
def test_a_message_lives_fourteen_days_at_most(exp: int) -> None:
    with pytest.raises(MessageError) as found:
        check_freshness(claims(exp=exp), NOW)
    assert found.value.params == {"field": "exp"}


def opened(content: bytes, **header: object) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        open_envelope(envelope(content, **header), key=OPEN, sender_keys=KEYS, node=HOST, now=NOW)
    return found.value


def test_a_message_to_another_member_that_was_passed_on_is_refused() -> None:
    assert isinstance(opened(inner(to=OTHER)), WrongRecipientError)


@pytest.mark.parametrize(
    "header",
    [
        {"id": uuid7(NOW, seed("other"))},
        {"expires_at": AT + 13 * DAY},
        {"to": OTHER},
        {"sender": OTHER},
        {"sent_at": AT - 1},
    ],
)
def test_an_envelope_that_says_other_than_its_message_is_refused(header: dict[str, object]) -> None:
    assert isinstance(opened(inner(), **header), HeaderMismatchError)


def test_a_letter_may_be_sealed_later_than_it_was_written() -> None:
    open_envelope(envelope(sent_at=AT + DAY), key=OPEN, sender_keys=KEYS, node=HOST, now=later(days=1))


def test_the_receiver_checks_seal_then_signature_then_header_then_freshness() -> None:
    broken = inner(to=OTHER, exp=AT + 1)[:-8] + b"AAAAAAAA"
    late = later(days=20)
    envelopes = [
        (envelope(broken), opening("another"), UnsealError),
        (envelope(broken), OPEN, SignatureError),
        (envelope(inner(to=OTHER, exp=AT + 1)), OPEN, WrongRecipientError),
        (envelope(inner(exp=AT + 1)), OPEN, HeaderMismatchError),
        (envelope(inner(exp=AT + 1), expires_at=AT + 1), OPEN, StaleError),
    ]
    for each, key, error in envelopes:
        with pytest.raises(error):
            open_envelope(each, key=key, sender_keys=KEYS, node=HOST, now=late)


def test_a_body_is_read_strictly() -> None:
    assert isinstance(refused(signed(body={})), FieldError)
