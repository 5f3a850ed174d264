"""Key statements: a member's own, short-lived signing and sealing keys under its pinned identity key.

Which statement was seen last is remembered by the member that checks. Specification: docs/protocol/02-keys.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from protocol import jws
from protocol.documents import Crit, DigestText, Document, Moment, NodeIdText, Version, from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest
from protocol.keys import Jwk, SealingKey, SigningKey, VerifyingKey

if TYPE_CHECKING:
    from protocol.ids import KeyId, NodeId

LIMIT = 16_384
LIFETIME = timedelta(days=90)
USE_AFTER = timedelta(hours=24)
CLOCK_SKEW = timedelta(seconds=300)


class StatementError(ProtocolError):
    """A key statement is not acceptable."""

    code = "statement-invalid"
    title = "A program's published keys are not acceptable."
    remedy = "Ask the program to run `mentorweave keys rotate`."


class StatementExpiredError(StatementError):
    """The statement is past its time, or from the future."""

    code = "statement-not-current"
    status = 401
    title = "A program's published keys are out of date."


class StatementRollbackError(StatementError):
    """An older statement than the one already seen."""

    code = "statement-rollback"
    status = 409
    title = "Older keys were served than those already seen."
    remedy = "The exchange may be serving old files; tell the stewards if it stays."


class StatementForkError(StatementError):
    """Two statements of one version: proof that somebody signs two histories."""

    code = "statement-fork"
    status = 409
    title = "A program signed two different sets of keys under one number."
    remedy = "Keep both files and report them to the stewards: the identity key may be stolen."


class KeyStatement(Document):
    """`mentorweave-keys+jwt`."""

    iss: NodeIdText
    version: Version
    iat: Moment
    exp: Moment
    sign: Annotated[tuple[Jwk, ...], Field(min_length=1, max_length=4)]
    seal: Annotated[tuple[Jwk, ...], Field(min_length=1, max_length=4)]
    prev: DigestText | None
    crit: Crit = ()


class StatementRef(Document):
    """Which key statement an object was signed under."""

    version: Version
    hash: DigestText


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedStatement:
    """A key statement whose signature held under the identity key. Only `verify_statement` makes one."""

    node: NodeId
    version: int
    digest: Digest
    issued_at: datetime
    expires_at: datetime
    signing: tuple[VerifyingKey, ...]
    sealing: tuple[SealingKey, ...]
    token: bytes
    prev: Digest | None = None

    @property
    def ref(self) -> StatementRef:
        """How objects signed under it name it."""
        return StatementRef(version=self.version, hash=self.digest)

    @property
    def keys(self) -> dict[KeyId, VerifyingKey]:
        """Its signing keys under their thumbprints."""
        return jws.by_id(*self.signing)

    def is_current(self, now: datetime) -> bool:
        """Whether `now` lies in its time, forgiving the usual skew at its start."""
        return self.issued_at - CLOCK_SKEW <= now < self.expires_at


def sign_statement(statement: KeyStatement, identity: SigningKey) -> bytes:
    """`statement` signed by the identity key."""
    return jws.sign(statement.encode(), typ=jws.Typ.KEYS, key=identity)


def verify_statement(
    token: bytes, *, node: NodeId, identity: VerifyingKey, now: datetime, min_version: int = 1
) -> VerifiedStatement:
    """Check `token` as the current keys of `node` (02-keys 2.2).

    Raises: JWS and field errors, KeyFormError, StatementError and its kinds.
    """
    verified = jws.verify(token, typ=jws.Typ.KEYS, keys=jws.by_id(identity))
    claims = KeyStatement.parse(verified.payload, limit=LIMIT)
    if claims.iss != node:
        raise StatementError(node=node, field="iss")
    if not 0 < claims.exp - claims.iat <= LIFETIME.total_seconds():
        raise StatementError(node=node, field="exp")
    if claims.version < min_version:
        raise StatementRollbackError(node=node, version=claims.version, least=min_version)
    statement = VerifiedStatement(
        node=node,
        version=claims.version,
        digest=verified.digest,
        issued_at=from_moment(claims.iat),
        expires_at=from_moment(claims.exp),
        signing=tuple(VerifyingKey.from_jwk(key) for key in claims.sign),
        sealing=tuple(SealingKey.from_jwk(key) for key in claims.seal),
        token=token,
        prev=None if claims.prev is None else Digest(claims.prev),
    )
    if not statement.is_current(now):
        raise StatementExpiredError(node=node, version=claims.version)
    return statement


def check_succession(seen: StatementRef | None, found: VerifiedStatement) -> None:
    """Refuse a statement below, beside, or not following the highest one seen (02-keys 2.3).

    Raises: StatementRollbackError, StatementForkError.
    """
    if seen is None:
        return
    if found.version > seen.version:
        if found.version == seen.version + 1 and found.prev not in (None, seen.hash):
            raise StatementForkError(node=found.node, version=found.version)
        return
    if found.version < seen.version:
        raise StatementRollbackError(node=found.node, version=found.version, seen=seen.version)
    if found.digest != seen.hash:
        raise StatementForkError(node=found.node, version=found.version)
