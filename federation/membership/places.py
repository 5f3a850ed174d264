"""Places of letters in the chains of a thread: finding one, making one, and which end of a thread we must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from federation.membership.stored import StoredLink, StoredThread
from protocol import jws
from protocol.bodies import Kind
from protocol.errors import ProtocolError
from protocol.ids import Digest, MessageId, sha256_hex
from protocol.messages import LIMIT, MessageClaims
from protocol.thread.chains import Link
from protocol.thread.table import TABLE, Side

if TYPE_CHECKING:
    from datetime import datetime

_ONLY_BY_HOME = frozenset(kind for kind in Kind if {side for _, side, said in TABLE if said is kind} == {Side.HOME})


def new_place(link: Link, claims: MessageClaims, inner: bytes, now: datetime, *, parked: bool = False) -> StoredLink:
    """A letter's place, before it is stored."""
    return StoredLink(link=link, message=MessageId(claims.id), parked=parked, at=now, delivered_at=None, inner=inner)


def place_at(places: tuple[StoredLink, ...], link: Link) -> StoredLink | None:
    """What is held where `link` belongs."""
    return next((held for held in places if (held.link.side, held.link.n) == (link.side, link.n)), None)


def fits(stored: StoredThread, link: Link) -> bool:
    """Whether nothing that `link` rests on is missing."""
    chains = stored.chains
    return link.n == len(chains.chain(link.side)) + 1 and link.seen_n <= len(chains.chain(link.side.other))


def void_link(claims: MessageClaims, inner: bytes, side: Side) -> Link:
    """The place of a letter that was refused."""
    seen = claims.seen_peer
    return Link(
        side=side,
        n=claims.n,
        # A void link changes nothing whatever its kind; one of a newer release still needs a place.
        kind=Kind(claims.type) if claims.type in set(Kind) else Kind.STATUS_UPDATE,
        digest=sha256_hex(inner),
        prev=None if claims.prev is None else Digest(claims.prev),
        seen_n=0 if seen is None else seen.n,
        seen_hash=None if seen is None else Digest(seen.hash),
        void=True,
    )


def author_of(inner: bytes) -> str:
    """Who claims to have written a letter; blank where it cannot be read."""
    try:
        payload = jws.claimed_payload(inner, typ=jws.Typ.MESSAGE)
        return MessageClaims.parse(payload, limit=LIMIT).iss
    except ProtocolError:
        return ""


def our_side(theirs: MessageClaims) -> Side:
    """Which end we are of a thread that a restored program knows nothing of: only home begins one."""
    by_home = theirs.type == Kind.REQUEST_OPEN if theirs.n == 1 else theirs.type in _ONLY_BY_HOME
    return Side.HOST if by_home else Side.HOME
