from __future__ import annotations

import pytest

from protocol import jws
from protocol.documents import FieldError
from protocol.errors import ProtocolError
from protocol.ids import uuid7
from protocol.jws import KindError, UnknownKeyError
from protocol.receipts import Receipt, ReceiptError, ReceiptOutcome, read_receipt, sign_receipt, verify_receipt
from tests.unit.protocol.builders import AT, HOME, HOST, MESSAGE, NOW, OTHER, REF, inner, later, seed, signing

RECEIVER = signing("host")
KEYS = jws.by_id(RECEIVER.public)


def receipt(**changes: object) -> Receipt:
    fields: dict[str, object] = {
        "iss": HOST,
        "to": HOME,
        "jti": uuid7(NOW, seed("receipt")),
        "message": MESSAGE,
        "envelope": "0" * 64,
        "outcome": ReceiptOutcome.STORED,
        "iat": AT,
        "keys": REF,
    }
    return Receipt.model_validate(fields | changes)


def refused(token: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        verify_receipt(token, keys=KEYS, receiver=HOST, sender=HOME, now=NOW)
    return found.value


def test_a_receipt_says_which_envelope_was_stored_and_when() -> None:
    found = verify_receipt(sign_receipt(receipt(), RECEIVER), keys=KEYS, receiver=HOST, sender=HOME, now=NOW)
    assert (found.message, found.envelope, found.at) == (MESSAGE, "0" * 64, NOW)
    assert (found.outcome, found.error) == (ReceiptOutcome.STORED, None)


def test_a_refusal_names_the_rule() -> None:
    token = sign_receipt(receipt(outcome=ReceiptOutcome.REFUSED, error="thread-illegal"), RECEIVER)
    found = verify_receipt(token, keys=KEYS, receiver=HOST, sender=HOME, now=NOW)
    assert (found.outcome, found.error) == (ReceiptOutcome.REFUSED, "thread-illegal")


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "refused"},
        {"error": "thread-illegal"},
        {"outcome": "refused", "error": "She was rude to us"},
        {"outcome": "read"},
        {"envelope": "0" * 63},
    ],
)
def test_a_refusal_without_its_rule_and_free_text_are_refused(change: dict[str, object]) -> None:
    payload = receipt().model_copy(update=change).model_dump_json(warnings=False).encode()
    assert isinstance(refused(jws.sign(payload, typ=jws.Typ.RECEIPT, key=RECEIVER)), FieldError)


def test_only_the_receiver_gives_a_receipt() -> None:
    assert isinstance(refused(sign_receipt(receipt(), signing("exchange"))), UnknownKeyError)
    assert isinstance(refused(sign_receipt(receipt(iss=OTHER), RECEIVER)), ReceiptError)


def test_a_receipt_for_another_sender_is_refused() -> None:
    assert isinstance(refused(sign_receipt(receipt(to=OTHER), RECEIVER)), ReceiptError)


def test_a_receipt_from_the_future_is_refused_beyond_the_usual_skew() -> None:
    token = sign_receipt(receipt(iat=AT + 301), RECEIVER)
    assert refused(token).params["field"] == "iat"
    verify_receipt(token, keys=KEYS, receiver=HOST, sender=HOME, now=later(seconds=1))


def test_a_message_is_no_receipt() -> None:
    assert isinstance(refused(inner()), KindError)


def test_a_receipt_is_routed_before_its_keys_are_known() -> None:
    assert read_receipt(sign_receipt(receipt(), RECEIVER)) == receipt()
