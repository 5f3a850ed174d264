"""Who may sign what: five roles, their keys and thresholds.

How this is written in TUF metadata belongs to the engine; what each role may say, to `changes`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from federation.governance.domain.cards import ExchangeCard, StewardCard
from federation.governance.domain.errors import (
    DutyMissingError,
    NameTakenError,
    SharedKeyError,
    StewardUnknownError,
    ThresholdError,
)
from protocol.ids import KeyId
from protocol.keys import Jwk, VerifyingKey

EXCHANGE_NAME = "exchange"


class RoleName(StrEnum):
    """The roles of the roster as TUF names them; `targets` is the stewards' admissions."""

    ROOT = "root"
    TARGETS = "targets"
    SUSPENSIONS = "suspensions"
    SNAPSHOT = "snapshot"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Holder:
    """A key and the name it goes by in the roster."""

    name: str
    key: VerifyingKey

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint: the same key can never be listed under two ids."""
        return self.key.key_id


@dataclass(frozen=True, slots=True)
class Role:
    """Whose signatures count, and how many it takes."""

    threshold: int
    holders: tuple[Holder, ...]

    @property
    def key_ids(self) -> frozenset[KeyId]:
        """The keys of this role."""
        return frozenset(holder.key_id for holder in self.holders)

    def check(self, name: RoleName) -> None:
        """Refuse a role that nobody could fill, or that counts a key twice. Raises: SharedKeyError, ThresholdError."""
        if len(self.key_ids) != len(self.holders):
            raise SharedKeyError(role=name.value)
        if not 1 <= self.threshold <= len(self.holders):
            raise ThresholdError(role=name.value, threshold=self.threshold, keys=len(self.holders))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The five roles of one roster."""

    root: Role
    targets: Role
    suspensions: Role
    snapshot: Role
    timestamp: Role

    def role(self, name: RoleName) -> Role:
        """The role of that name."""
        roles = {
            RoleName.ROOT: self.root,
            RoleName.TARGETS: self.targets,
            RoleName.SUSPENSIONS: self.suspensions,
            RoleName.SNAPSHOT: self.snapshot,
            RoleName.TIMESTAMP: self.timestamp,
        }
        return roles[name]

    def check(self) -> None:
        """Refuse thresholds nobody can reach, and keys where they must not be.

        A duty key lies on a machine that is online, and the exchange's keys too: neither may admit or change roles.
        Raises: DutyMissingError, NameTakenError, SharedKeyError, ThresholdError.
        """
        names = {holder.name for holder in self.root.holders}
        if len(names) != len(self.root.holders) or EXCHANGE_NAME in names:
            raise NameTakenError
        if not self.suspensions.holders:
            raise DutyMissingError
        for name in RoleName:
            self.role(name).check(name)
        offline = self.root.key_ids | self.targets.key_ids
        online = self.snapshot.key_ids | self.timestamp.key_ids
        if offline & (online | self.suspensions.key_ids) or online & self.suspensions.key_ids:
            raise SharedKeyError


def trust_of(
    exchange: ExchangeCard, stewards: tuple[StewardCard, ...], *, root_threshold: int, targets_threshold: int
) -> Trust:
    """The roles of a new federation. Raises: KeyFormError and the errors of `Trust.check`."""
    snapshot, timestamp = online_roles(exchange)
    found = Trust(
        root=Role(root_threshold, _holders((card.name, card.root) for card in stewards)),
        targets=Role(targets_threshold, _holders((card.name, card.admissions) for card in stewards)),
        suspensions=Role(1, _holders((card.name, card.duty) for card in stewards)),
        snapshot=snapshot,
        timestamp=timestamp,
    )
    found.check()
    return found


def online_roles(exchange: ExchangeCard) -> tuple[Role, Role]:
    """The snapshot and timestamp roles of an exchange. Raises: KeyFormError."""
    snapshot, timestamp = (_holders([(EXCHANGE_NAME, key)]) for key in (exchange.snapshot, exchange.timestamp))
    return Role(1, snapshot), Role(1, timestamp)


def _holders(keys: Iterable[tuple[str, Jwk | None]]) -> tuple[Holder, ...]:
    return tuple(Holder(name, VerifyingKey.from_jwk(jwk)) for name, jwk in keys if jwk is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a new root changes; what is left out stays as it was."""

    add: tuple[StewardCard, ...] = ()
    remove: tuple[str, ...] = ()
    root_threshold: int | None = None
    targets_threshold: int | None = None
    exchange: ExchangeCard | None = None

    def apply(self, trust: Trust) -> Trust:
        """The roles after the change. Raises: StewardUnknownError and the errors of `Trust.check`."""
        if not set(self.remove) <= {holder.name for holder in trust.root.holders}:
            raise StewardUnknownError
        snapshot, timestamp = online_roles(self.exchange) if self.exchange else (trust.snapshot, trust.timestamp)
        found = Trust(
            root=self._role(trust.root, ((card.name, card.root) for card in self.add), self.root_threshold),
            targets=self._role(
                trust.targets, ((card.name, card.admissions) for card in self.add), self.targets_threshold
            ),
            suspensions=self._role(trust.suspensions, ((card.name, card.duty) for card in self.add), None),
            snapshot=snapshot,
            timestamp=timestamp,
        )
        found.check()
        return found

    def _role(self, role: Role, added: Iterable[tuple[str, Jwk | None]], threshold: int | None) -> Role:
        stay = tuple(holder for holder in role.holders if holder.name not in self.remove)
        return Role(role.threshold if threshold is None else threshold, stay + _holders(added))
