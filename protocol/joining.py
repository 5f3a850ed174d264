"""Joining a federation: code, request, challenge and answer, each signed as a kind of its own.

Who decides, and how words are compared over the phone, is the stewards' work.
Specification: docs/protocol/06-roster.md.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from protocol import jws
from protocol.documents import Crit, DigestText, Document, Label, Moment, NodeIdText, UuidText, Version, from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, JoinId, KeyId, NodeId
from protocol.keys import Jwk, VerifyingKey
from protocol.parsing import b64u, unb64u
from protocol.roster import Url
from protocol.sealing import SealLabel, seal, unseal
from protocol.statements import CLOCK_SKEW, LIMIT, VerifiedStatement, verify_statement
from protocol.vocabulary import Publishes, SizeBracket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocol.keys import OpeningKey, SealingKey, SigningKey

CODE_LIFETIME = timedelta(days=7)
SECRET_BYTES = 32
_MAC_LABEL = b"mentorweave/1 join mac"
_REQUEST_LIMIT = 2 * LIMIT

Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
Sealed = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")]


class JoinError(ProtocolError):
    """A step of joining is not acceptable."""

    code = "join-invalid"
    title = "A step of joining the federation does not hold."
    remedy = "Ask a steward for a new join code and start again."


class JoinCodeError(JoinError):
    """The join code is damaged, expired, or not by this federation's stewards."""

    code = "join-code"
    title = "The join code is damaged, out of date, or not by this federation's stewards."


class JoinCode(Document):
    """`mentorweave-join-code+jwt`, signed by an admissions key."""

    jti: UuidText
    exchange: Url
    root_version: Version
    root_sha256: DigestText
    secret: Secret
    iat: Moment
    exp: Moment
    crit: Crit = ()


class JoinRequest(Document):
    """`mentorweave-join-request+jwt`, signed by the identity key it carries."""

    jti: UuidText
    node: NodeIdText
    name: Label
    region: Label
    identity: Jwk
    statement: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=LIMIT)]
    publishes: Publishes
    size: SizeBracket
    mac: DigestText
    iat: Moment
    crit: Crit = ()


class JoinChallenge(Document):
    """`mentorweave-join-challenge+jwt`, signed by an admissions key; `sealed` opens to 32 bytes."""

    jti: UuidText
    sealed: Sealed
    iat: Moment
    crit: Crit = ()


class JoinAnswer(Document):
    """`mentorweave-join-answer+jwt`, signed by the identity key."""

    jti: UuidText
    opened: Secret
    iat: Moment
    crit: Crit = ()


class JoinRefusal(Document):
    """`mentorweave-join-refusal+jwt`, signed by an admissions key."""

    jti: UuidText
    iat: Moment
    crit: Crit = ()


def sign_code(code: JoinCode, admissions: SigningKey) -> bytes:
    """The join code a steward hands out."""
    return jws.sign(code.encode(), typ=jws.Typ.JOIN_CODE, key=admissions)


def read_code(token: bytes, now: datetime) -> JoinCode:
    """A join code whose signer is not known yet: it says where the root is fetched. Raises: JoinCodeError."""
    try:
        code = JoinCode.parse(jws.claimed_payload(token, typ=jws.Typ.JOIN_CODE), limit=LIMIT)
    except ProtocolError as error:
        raise JoinCodeError from error
    if not 0 < code.exp - code.iat <= CODE_LIFETIME.total_seconds() or from_moment(code.exp) <= now:
        raise JoinCodeError(field="exp")
    return code


def verify_code(token: bytes, *, admissions: Mapping[KeyId, VerifyingKey], now: datetime) -> JoinCode:
    """Check that an admissions key of the trusted root signed the code (06-roster 6.5.1). Raises: JoinCodeError."""
    code = read_code(token, now)
    try:
        jws.verify(token, typ=jws.Typ.JOIN_CODE, keys=admissions)
    except ProtocolError as error:
        raise JoinCodeError(field="signature") from error
    return code


def request_mac(secret: str, *, join: JoinId, identity: VerifyingKey, statement: Digest) -> Digest:
    """HMAC-SHA256 under the code's secret: who holds the code asks with this identity and these keys."""
    content = b"\0".join((_MAC_LABEL, join.encode(), identity.raw, statement.encode()))
    return Digest(hmac.new(unb64u(secret), content, hashlib.sha256).hexdigest())


def sign_request(request: JoinRequest, identity: SigningKey) -> bytes:
    """`request` signed by the identity key it carries."""
    return jws.sign(request.encode(), typ=jws.Typ.JOIN_REQUEST, key=identity)


def verify_request(token: bytes, now: datetime) -> tuple[JoinRequest, VerifiedStatement]:
    """Check possession of the identity key, and the first key statement (06-roster 6.5.2).

    Raises: JWS and field errors, StatementError and its kinds, JoinError.
    """
    claimed = JoinRequest.parse(jws.claimed_payload(token, typ=jws.Typ.JOIN_REQUEST), limit=_REQUEST_LIMIT)
    identity = VerifyingKey.from_jwk(claimed.identity)
    jws.verify(token, typ=jws.Typ.JOIN_REQUEST, keys=jws.by_id(identity))
    if from_moment(claimed.iat) > now + CLOCK_SKEW:
        raise JoinError(field="iat")
    statement = verify_statement(claimed.statement.encode(), node=NodeId(claimed.node), identity=identity, now=now)
    return claimed, statement


def check_mac(request: JoinRequest, statement: VerifiedStatement, secret: str) -> None:
    """Check that the asker holds the code (06-roster 6.5.3). Raises: JoinError."""
    identity = VerifyingKey.from_jwk(request.identity)
    expected = request_mac(secret, join=JoinId(request.jti), identity=identity, statement=statement.digest)
    if not hmac.compare_digest(expected, request.mac):
        raise JoinError(field="mac")


def make_challenge(join: JoinId, opened: bytes, *, to: SealingKey, admissions: SigningKey, now: int) -> bytes:
    """A signed challenge: `opened` (32 bytes) sealed to the asker's sealing key."""
    sealed = seal(opened, to=to, label=SealLabel.JOIN, context=join.encode())
    challenge = JoinChallenge(jti=join, sealed=b64u(sealed), iat=now)
    return jws.sign(challenge.encode(), typ=jws.Typ.JOIN_CHALLENGE, key=admissions)


def verify_challenge(token: bytes, *, join: JoinId, admissions: Mapping[KeyId, VerifyingKey]) -> JoinChallenge:
    """Check that an admissions key challenges this join. Raises: JWS and field errors, JoinError."""
    verified = jws.verify(token, typ=jws.Typ.JOIN_CHALLENGE, keys=admissions)
    challenge = JoinChallenge.parse(verified.payload, limit=LIMIT)
    if challenge.jti != join:
        raise JoinError(field="jti")
    return challenge


def answer_challenge(
    token: bytes,
    *,
    join: JoinId,
    key: OpeningKey,
    identity: SigningKey,
    admissions: Mapping[KeyId, VerifyingKey],
    now: int,
) -> bytes:
    """The signed answer to a challenge by an admissions key. Raises: JWS errors, JoinError, UnsealError."""
    challenge = verify_challenge(token, join=join, admissions=admissions)
    opened = unseal(unb64u(challenge.sealed), key=key, label=SealLabel.JOIN, context=join.encode())
    if len(opened) != SECRET_BYTES:
        raise JoinError(field="sealed")
    answer = JoinAnswer(jti=join, opened=b64u(opened), iat=now)
    return jws.sign(answer.encode(), typ=jws.Typ.JOIN_ANSWER, key=identity)


def verify_answer(token: bytes, *, join: JoinId, identity: VerifyingKey, opened: bytes) -> None:
    """Check that the asker opened our challenge. Raises: JWS and field errors, JoinError."""
    verified = jws.verify(token, typ=jws.Typ.JOIN_ANSWER, keys=jws.by_id(identity))
    answer = JoinAnswer.parse(verified.payload, limit=LIMIT)
    if answer.jti != join or not hmac.compare_digest(unb64u(answer.opened), opened):
        raise JoinError(field="opened")


def sign_refusal(join: JoinId, *, admissions: SigningKey, now: int) -> bytes:
    """A steward's no to a join request."""
    return jws.sign(JoinRefusal(jti=join, iat=now).encode(), typ=jws.Typ.JOIN_REFUSAL, key=admissions)


def verify_refusal(token: bytes, *, join: JoinId, admissions: Mapping[KeyId, VerifyingKey]) -> None:
    """Check that an admissions key refused this join. Raises: JWS and field errors, JoinError."""
    verified = jws.verify(token, typ=jws.Typ.JOIN_REFUSAL, keys=admissions)
    if JoinRefusal.parse(verified.payload, limit=LIMIT).jti != join:
        raise JoinError(field="jti")
