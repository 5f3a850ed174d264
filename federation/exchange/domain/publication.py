"""A roster on its way in: what stewards staged, what is published, and what publishing makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from federation.exchange.domain.roster import Versions
    from protocol.roster import Members, Policy, Suspensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files as the stewards staged them: metadata in any order, targets under their names. Nothing was checked."""

    metadata: tuple[bytes, ...]
    targets: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest published files."""

    versions: Versions
    root: bytes
    targets: bytes
    suspensions: bytes
    members_json: bytes
    policy_json: bytes
    suspensions_json: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineFiles:
    """A new snapshot or timestamp, signed by this exchange, and when each has to be signed again."""

    versions: Versions
    files: Mapping[str, bytes]
    snapshot_expires: datetime
    timestamp_expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A roster that passed every check. Only the keeper makes one."""

    standing: Standing
    files: Mapping[str, bytes]
    online: OnlineFiles
    members: Members
    policy: Policy
    suspensions: Suspensions
