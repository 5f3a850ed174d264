"""Evidence: two signed objects that contradict each other, checked by anybody who can fetch their author's keys.

What follows from it is decided by the stewards. Specification: docs/protocol/03-signatures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocol import jws
from protocol.bodies import CONTROL
from protocol.errors import ProtocolError
from protocol.messages import verify_message
from protocol.statements import LIMIT, KeyStatement
from protocol.summaries import LIMIT as SUMMARY_LIMIT
from protocol.summaries import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocol.ids import Digest, KeyId, NodeId
    from protocol.keys import VerifyingKey


class NoContradictionError(ProtocolError):
    """Two objects may both be true."""

    code = "evidence-none"
    status = 422
    title = "The two documents do not contradict each other."
    remedy = "Nothing was proved; keep both files and ask the program."


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivocation:
    """`author` signed two objects for one place. Only `prove_equivocation` makes one."""

    author: NodeId
    typ: jws.Typ
    first: Digest
    second: Digest


def prove_equivocation(
    first: bytes, second: bytes, *, typ: jws.Typ, keys: Mapping[KeyId, VerifyingKey], author: NodeId
) -> Equivocation:
    """Check that `author` signed both, for one place, and that they differ (03-signatures 3.4).

    `keys` are those of the key statements that the two name: the identity key itself for two statements.
    Raises: JWS and field errors, MessageError, NoContradictionError.
    """
    digests = [jws.verify(token, typ=typ, keys=keys).digest for token in (first, second)]
    places = [_place(token, typ, keys, author) for token in (first, second)]
    if digests[0] == digests[1] or places[0] != places[1] or None in places:
        raise NoContradictionError(node=author)
    return Equivocation(author=author, typ=typ, first=digests[0], second=digests[1])


def _place(
    token: bytes, typ: jws.Typ, keys: Mapping[KeyId, VerifyingKey], author: NodeId
) -> tuple[str | int, ...] | None:
    payload = jws.claimed_payload(token, typ=typ)
    if typ is jws.Typ.KEYS:
        statement = KeyStatement.parse(payload, limit=LIMIT)
        return (statement.version,) if statement.iss == author else None
    if typ is jws.Typ.SUMMARY:
        summary = Summary.parse(payload, limit=SUMMARY_LIMIT)
        return (summary.keys.version, summary.seq) if summary.iss == author else None
    if typ is jws.Typ.MESSAGE:
        message = verify_message(token, keys=keys, sender=author)
        claims = message.claims
        return None if message.kind in CONTROL else (claims.to, claims.thread, claims.n)
    return None
