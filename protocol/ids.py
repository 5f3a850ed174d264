"""Ids and digests: what they look like, and how a new one is made from a moment and random bytes.

Specification: docs/protocol/01-basics.md. Clocks and randomness belong to the caller.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from typing import TYPE_CHECKING, NewType

from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from datetime import datetime

NodeId = NewType("NodeId", str)
MessageId = NewType("MessageId", str)
ThreadId = NewType("ThreadId", str)
JoinId = NewType("JoinId", str)
KeyId = NewType("KeyId", str)
Digest = NewType("Digest", str)

NODE_ID_PATTERN = r"^[a-z2-7]{16}$"
UUID7_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
KEY_ID_PATTERN = r"^[A-Za-z0-9_-]{43}$"
NODE_ENTROPY = 10
UUID_ENTROPY = 10


class IdError(ProtocolError):
    """An id has another form than its kind requires."""

    code = "id-malformed"
    title = "An id is not of the expected form."
    remedy = "Check that the id was copied whole."


def node_id(entropy: bytes) -> NodeId:
    """A new opaque member id from `NODE_ENTROPY` random bytes."""
    return NodeId(base64.b32encode(entropy[:NODE_ENTROPY]).decode("ascii").lower())


def uuid7(at: datetime, entropy: bytes) -> str:
    """A UUIDv7 (RFC 9562 section 5.7) of the moment `at`, from `UUID_ENTROPY` random bytes."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(entropy[:UUID_ENTROPY], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def sha256_hex(data: bytes) -> Digest:
    """SHA-256 of `data`, 64 lower-case hexadecimal digits."""
    return Digest(hashlib.sha256(data).hexdigest())


def _checked(text: str, pattern: str, kind: str) -> str:
    if re.fullmatch(pattern, text) is None:
        raise IdError(kind=kind)
    return text


def parse_node_id(text: str) -> NodeId:
    """`text` as a member id. Raises: IdError."""
    return NodeId(_checked(text, NODE_ID_PATTERN, "node"))


def parse_message_id(text: str) -> MessageId:
    """`text` as a message id. Raises: IdError."""
    return MessageId(_checked(text, UUID7_PATTERN, "message"))


def parse_thread_id(text: str) -> ThreadId:
    """`text` as a thread id. Raises: IdError."""
    return ThreadId(_checked(text, UUID7_PATTERN, "thread"))


def parse_digest(text: str) -> Digest:
    """`text` as a SHA-256 digest. Raises: IdError."""
    return Digest(_checked(text, DIGEST_PATTERN, "digest"))
