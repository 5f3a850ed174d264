"""Key statements: publish the next one under the identity key the roster pins, and serve them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import KeyTakenError, KeyUseError, MismatchError, NoSuchItemError, NotYoursError
from federation.exchange.services.ports.work import Area
from protocol.ids import sha256_hex
from protocol.statements import StatementRef, VerifiedStatement, check_succession, verify_statement

if TYPE_CHECKING:
    from federation.exchange.domain.caller import Caller
    from federation.exchange.domain.roster import Roster
    from federation.exchange.services.ports.members import Statements
    from federation.exchange.services.ports.work import UnitOfWork
    from federation.ground.clock import Clock
    from protocol.ids import NodeId


@dataclass(frozen=True, slots=True)
class PublishKeys:
    """Take a member's next key statement; the same bytes again change nothing."""

    work: UnitOfWork
    clock: Clock

    def __call__(self, caller: Caller, node: NodeId, version: int, token: bytes) -> bool:
        """Whether it is new. Raises: errors of statements, KeyTakenError, NotYoursError, MismatchError."""
        now = self.clock.now()
        roster = caller.roster
        member = roster.participant(node, now)
        identity = roster.identity(node)
        _check_caller(caller, node)
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            if work.statements.token(node, version) == token:
                return False
            statement = verify_statement(
                token, node=node, identity=identity, now=now, min_version=member.min_key_version
            )
            if statement.version != version:
                raise MismatchError(node=node, version=version)
            work.lock(Area.KEYS)
            _check_place(work.statements, roster, statement)
            work.statements.add(statement, identity.key_id, now)
        return True


def _check_caller(caller: Caller, node: NodeId) -> None:
    if caller.node != node:
        raise NotYoursError(node=caller.node)
    if not caller.by_identity:
        raise KeyUseError(expected="identity")


def _check_place(statements: Statements, roster: Roster, statement: VerifiedStatement) -> None:
    newest = statements.newest(statement.node)
    if newest is not None:
        check_succession(StatementRef(version=newest[0], hash=newest[1]), statement)
    keys = sorted(statement.keys)
    if any(key in roster.identities for key in keys) or statements.owners(keys) - {statement.node}:
        raise KeyTakenError(node=statement.node)


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """Serve a member's key statements to members."""

    work: UnitOfWork
    clock: Clock

    def __call__(self, caller: Caller, node: NodeId, version: int | None) -> tuple[bytes, str]:
        """The statement (the newest without a version) and its digest. Raises: NoSuchItemError."""
        caller.roster.participant(caller.node, self.clock.now())
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            token = work.statements.token(node, version)
        if token is None:
            raise NoSuchItemError(kind="keys")
        return token, sha256_hex(token)
