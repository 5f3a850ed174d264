"""Receipts: a receiver's signed word that it stored, or refused, one envelope. Never receipted themselves.

Only a receipt says "delivered"; an exchange's answer does not. Specification: docs/protocol/05-messages.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import StringConstraints, model_validator

from protocol import jws
from protocol.documents import Crit, DigestText, Document, Moment, NodeIdText, UuidText, from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, KeyId, MessageId, NodeId
from protocol.statements import CLOCK_SKEW, StatementRef

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from protocol.keys import SigningKey, VerifyingKey

LIMIT = 4_096


class ReceiptError(ProtocolError):
    """A receipt does not fit the message it names."""

    code = "receipt-invalid"
    title = "A receipt does not fit the letter it names."
    remedy = "Nothing was changed; report the other program to the stewards if it stays."


class ReceiptOutcome(StrEnum):
    """What became of the message at its receiver."""

    STORED = "stored"
    REFUSED = "refused"


class Receipt(Document):
    """`mentorweave-receipt+jwt`."""

    iss: NodeIdText
    to: NodeIdText
    jti: UuidText
    message: UuidText
    envelope: DigestText
    outcome: ReceiptOutcome
    error: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")] | None = None
    iat: Moment
    keys: StatementRef
    crit: Crit = ()

    @model_validator(mode="after")
    def _refused_with_a_reason(self) -> Self:
        if (self.error is not None) != (self.outcome is ReceiptOutcome.REFUSED):
            raise ValueError("error")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedReceipt:
    """A receipt whose signature held. Only `verify_receipt` makes one."""

    receiver: NodeId
    message: MessageId
    envelope: Digest
    outcome: ReceiptOutcome
    error: str | None
    at: datetime
    token: bytes


def sign_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """`receipt` as a compact JWS."""
    return jws.sign(receipt.encode(), typ=jws.Typ.RECEIPT, key=key)


def read_receipt(token: bytes) -> Receipt:
    """The claims of a not yet verified receipt: only to route it, or to find out which keys to fetch."""
    return Receipt.parse(jws.claimed_payload(token, typ=jws.Typ.RECEIPT), limit=LIMIT)


def verify_receipt(
    token: bytes, *, keys: Mapping[KeyId, VerifyingKey], receiver: NodeId, sender: NodeId, now: datetime
) -> VerifiedReceipt:
    """Check that `receiver` signed `token` for `sender` (05-messages 5.7). Raises: JWS, field errors, ReceiptError."""
    verified = jws.verify(token, typ=jws.Typ.RECEIPT, keys=keys)
    claims = Receipt.parse(verified.payload, limit=LIMIT)
    if claims.iss != receiver or claims.to != sender:
        raise ReceiptError(message=claims.message)
    if from_moment(claims.iat) > now + CLOCK_SKEW:
        raise ReceiptError(message=claims.message, field="iat")
    return VerifiedReceipt(
        receiver=receiver,
        message=MessageId(claims.message),
        envelope=Digest(claims.envelope),
        outcome=claims.outcome,
        error=claims.error,
        at=from_moment(claims.iat),
        token=token,
    )
