"""Joining: carry signed documents between an asker and the stewards, who alone decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import JoinsFullError, JoinStateError, MismatchError, NoSuchItemError, TakenError
from federation.exchange.domain.join import MOST_WAITING, RETRY, Joining, JoinState
from federation.exchange.services.ports.work import Area
from protocol import jws
from protocol.ids import JoinId, NodeId
from protocol.joining import JoinAnswer, verify_challenge, verify_refusal, verify_request
from protocol.keys import VerifyingKey
from protocol.statements import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork, Work
    from federation.ground.clock import Clock
    from protocol.ids import KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinView:
    """Where a joining stands, with the signed documents so far."""

    state: JoinState
    request: str
    challenge: str | None
    answer: str | None


def _view(joining: Joining, state: JoinState) -> JoinView:
    return JoinView(
        state=state,
        request=joining.request.decode("ascii"),
        challenge=joining.challenge.decode("ascii") if joining.challenge else None,
        answer=joining.answer.decode("ascii") if joining.answer else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks to join: the identity key that signed the request body, and the node id it chose."""

    node: NodeId
    identity: VerifyingKey


def read_asker(token: bytes, now: datetime) -> Asker:
    """Who asks, after checking that the identity key signed the request. Raises: JWS, statement and JoinError."""
    request, _ = verify_request(token, now)
    return Asker(node=NodeId(request.node), identity=VerifyingKey.from_jwk(request.identity))


@dataclass(frozen=True, slots=True)
class Joinings:
    """The steps of joining; each checks who signed its document and is safe to repeat."""

    work: UnitOfWork
    reading: UnitOfWork
    directory: Directory
    clock: Clock

    def asker(self, token: bytes) -> Asker:
        """Who asks in `token`."""
        return read_asker(token, self.clock.now())

    def ask(self, caller: Caller, token: bytes) -> tuple[JoinView, bool]:
        """Take a request; whether it is new. Raises: TakenError for another one of the same code, JoinsFullError."""
        now = self.clock.now()
        request, _ = verify_request(token, now)
        identity = VerifyingKey.from_jwk(request.identity)
        joining = Joining(
            id=JoinId(request.jti),
            node=NodeId(request.node),
            identity=identity.key_id,
            identity_raw=identity.raw,
            request=token,
            asked_at=now,
        )
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            work.lock(Area.JOININGS)
            earlier = work.joinings.get(joining.id)
            if earlier is not None and earlier.request != token:
                raise TakenError(id=joining.id)
            if earlier is None and work.joinings.waiting() >= MOST_WAITING:
                raise JoinsFullError(retry_after=RETRY)
            if earlier is None:
                work.joinings.save(joining)
        found = earlier or joining
        return _view(found, self._state(found)), earlier is None

    def look(self, join: JoinId) -> JoinView:
        """Where it stands; whoever knows the id may ask. Raises: NoSuchItemError."""
        with self.reading() as work:
            joining = _existing(work, join)
        return _view(joining, self._state(joining))

    def who(self, join: JoinId) -> Asker:
        """Who asked. Raises: NoSuchItemError."""
        with self.reading() as work:
            joining = _existing(work, join)
        return Asker(node=joining.node, identity=VerifyingKey(joining.identity_raw))

    def challenge(self, join: JoinId, token: bytes) -> JoinView:
        """Take a steward's challenge. Raises: JWS errors, JoinStateError."""
        verify_challenge(token, join=join, admissions=self.directory.roster().admissions)
        return self._step(join, lambda joining: joining.challenged(token))

    def answer(self, caller: Caller, join: JoinId, token: bytes) -> JoinView:
        """Take the asker's answer. Raises: JWS errors, JoinStateError."""

        def step(joining: Joining) -> Joining:
            keys = jws.by_id(VerifyingKey(joining.identity_raw))
            verified = jws.verify(token, typ=jws.Typ.JOIN_ANSWER, keys=keys)
            if JoinAnswer.parse(verified.payload, limit=LIMIT).jti != join:
                raise MismatchError(join=join)
            return joining.answered(token)

        return self._step(join, step, caller)

    def refuse(self, join: JoinId, token: bytes) -> JoinView:
        """Take a steward's no. Raises: JWS errors, JoinStateError."""
        verify_refusal(token, join=join, admissions=self.directory.roster().admissions)
        return self._step(join, lambda joining: joining.refused(token))

    def _step(self, join: JoinId, step: Callable[[Joining], Joining], caller: Caller | None = None) -> JoinView:
        with self.work() as work:
            if caller is not None:
                work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            work.lock(Area.JOININGS)
            joining = _existing(work, join)
            if self._is_active(joining.identity):
                raise JoinStateError(join=join)
            joining = step(joining)
            work.joinings.save(joining)
        return _view(joining, self._state(joining))

    def _state(self, joining: Joining) -> JoinState:
        return joining.state(is_active=self._is_active(joining.identity))

    def _is_active(self, identity: KeyId) -> bool:
        roster = self.directory.roster()
        node = roster.identities.get(identity)
        return node is not None and roster.is_active(node)


def _existing(work: Work, join: JoinId) -> Joining:
    joining = work.joinings.get(join)
    if joining is None:
        raise NoSuchItemError(kind="join")
    return joining
