"""Two programs, their keys and one moment: what most tests of the language begin with. Real keys, made from seeds."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from protocol import jws
from protocol.bodies import Body, Kind, LanguageLevel, RequestOpen, Tombstone
from protocol.documents import to_moment
from protocol.envelope import Envelope, EnvelopeHeader, seal_envelope
from protocol.ids import MessageId, ThreadId, node_id, uuid7
from protocol.keys import OpeningKey, SigningKey
from protocol.messages import MessageClaims, SeenPeer, sign_message
from protocol.seen import Seen
from protocol.statements import KeyStatement, StatementRef, VerifiedStatement, sign_statement, verify_statement
from protocol.vocabulary import Mode, Topic

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = to_moment(NOW)
DAY = 86_400
SEEN = Seen(root=1, targets=1, suspensions=1)
REF = StatementRef(version=1, hash="0" * 64)


def seed(name: str) -> bytes:
    """32 bytes that belong to `name`."""
    return hashlib.sha256(name.encode()).digest()


def signing(name: str) -> SigningKey:
    """The Ed25519 key of `name`."""
    return SigningKey(seed(f"sign {name}"))


def opening(name: str) -> OpeningKey:
    """The X25519 key of `name`."""
    return OpeningKey(seed(f"seal {name}"))


HOME = node_id(seed("home"))
HOST = node_id(seed("host"))
OTHER = node_id(seed("other"))
THREAD = ThreadId(uuid7(NOW, seed("thread")))
MESSAGE = MessageId(uuid7(NOW, seed("message")))

IDENTITY = signing("home identity")
SIGN = signing("home")
OPEN = opening("host")

REQUEST = RequestOpen(
    occupation="21331",
    topics=(Topic.LICENSING,),
    languages=(LanguageLevel(language="en", clb=6),),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)


def statement(**changes: object) -> KeyStatement:
    """Home's first key statement."""
    fields: dict[str, object] = {
        "iss": HOME,
        "version": 1,
        "iat": AT,
        "exp": AT + 90 * DAY,
        "sign": (SIGN.public.jwk,),
        "seal": (opening("home").public.jwk,),
        "prev": None,
    }
    return KeyStatement.model_validate(fields | changes)


def verified_statement(**changes: object) -> VerifiedStatement:
    """Home's first key statement, signed and checked."""
    token = sign_statement(statement(**changes), IDENTITY)
    return verify_statement(token, node=HOME, identity=IDENTITY.public, now=NOW)


def claims(**changes: object) -> MessageClaims:
    """The claims of home's first message to the host."""
    fields: dict[str, object] = {
        "iss": HOME,
        "to": HOST,
        "id": MESSAGE,
        "thread": THREAD,
        "n": 1,
        "prev": None,
        "seen_peer": None,
        "type": Kind.REQUEST_OPEN.value,
        "iat": AT,
        "exp": AT + 14 * DAY,
        "seen": SEEN,
        "keys": REF,
    }
    return MessageClaims.model_validate(fields | changes)


def inner(body: Body = REQUEST, **changes: object) -> bytes:
    """Home's first message, signed."""
    return sign_message(claims(**changes), body, SIGN)


def tombstone(kind: Kind, n: int, prev: str | None, **changes: object) -> bytes:
    """A signed message without content at place `n`."""
    return inner(Tombstone(), type=kind.value, n=n, prev=prev, **changes)


def header(**changes: object) -> EnvelopeHeader:
    """The header around home's first message."""
    fields: dict[str, object] = {
        "to": HOST,
        "sender": HOME,
        "id": MESSAGE,
        "sent_at": AT,
        "expires_at": AT + 14 * DAY,
        "kid": OPEN.key_id,
    }
    return EnvelopeHeader.model_validate(fields | changes)


def envelope(content: bytes | None = None, **changes: object) -> Envelope:
    """Home's first message, sealed to the host."""
    return seal_envelope(header(**changes), inner() if content is None else content, OPEN.public)


def later(**delta: float) -> datetime:
    """`NOW` and a while."""
    return NOW + timedelta(**delta)


KEYS = jws.by_id(SIGN.public)


def seen_peer(n: int, digest: str) -> SeenPeer:
    """What a message says of the other end's chain."""
    return SeenPeer(n=n, hash=digest)
