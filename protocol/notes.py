"""Notes: what a member writes to itself, so that what it forgets stays forgotten when it comes back from an old copy.

A note lies in its author's own mailbox. It is sealed to a key that follows from the identity key, which every backup
holds, and signed by the identity key: whoever was restored opens it, whatever became of the short-lived keys since.
Specification: docs/protocol/05-messages.md, 5.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field

from protocol import jws
from protocol.documents import Crit, DigestText, Document, Moment, NodeIdText, UuidText, from_moment
from protocol.envelope import SIZES, Envelope, EnvelopeHeader, seal_envelope, unseal_envelope
from protocol.keys import OpeningKey, SigningKey
from protocol.messages import FutureError, HeaderMismatchError
from protocol.statements import CLOCK_SKEW

if TYPE_CHECKING:
    from datetime import datetime

SIZE = SIZES[2]
MOST = 150  # as many as fit into `SIZE`
_LABEL = b"mentorweave/1 note"
_KEY_BYTES = 32


class ErasureNote(Document):
    """`mentorweave-note+jwt`: keyed hashes of whom its author erased after `since` and until `iat`, perhaps of more."""

    iss: NodeIdText
    jti: UuidText
    since: Moment
    iat: Moment
    exp: Moment
    erasures: Annotated[tuple[DigestText, ...], Field(max_length=MOST)]
    crit: Crit = ()


def note_key(identity: SigningKey) -> OpeningKey:
    """What opens the notes of the member with this identity key: its public half is told to nobody."""
    return OpeningKey(HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_LABEL).derive(identity.seed))


def seal_note(note: ErasureNote, identity: SigningKey) -> Envelope:
    """`note` signed and sealed by its author for itself; every note is of one size."""
    key = note_key(identity).public
    header = EnvelopeHeader(
        to=note.iss, sender=note.iss, id=note.jti, sent_at=note.iat, expires_at=note.exp, kid=key.key_id
    )
    return seal_envelope(header, jws.sign(note.encode(), typ=jws.Typ.NOTE, key=identity), key, at_least=SIZE)


def open_note(envelope: Envelope, *, identity: SigningKey, now: datetime) -> ErasureNote:
    """What we wrote to ourselves, whatever its age (05-messages 5.8).

    Raises: UnsealError, PaddingError, JWS and field errors, HeaderMismatchError, FutureError.
    """
    inner = unseal_envelope(envelope, note_key(identity))
    verified = jws.verify(inner, typ=jws.Typ.NOTE, keys=jws.by_id(identity.public))
    note, header = ErasureNote.parse(verified.payload, limit=SIZE), envelope.header
    outer = (header.sender, header.to, header.id, header.sent_at, header.expires_at)
    if outer != (note.iss, note.iss, note.jti, note.iat, note.exp):
        raise HeaderMismatchError(message=header.id)
    if from_moment(note.iat) > now + CLOCK_SKEW:
        raise FutureError(message=note.jti)
    return note
