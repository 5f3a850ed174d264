"""Fetching the roster with python-tuf: rollback, freeze, mix-and-match and forgery are refused by its client workflow.

What was verified is handed on as values; keeping it, and what its age allows, is left to `roster` and `roster_store`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tuf.api._payload import Root, Targets
from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.api.metadata import Metadata
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from federation.ground.refusal import Refusal
from federation.ground.tuf_fetcher import HttpxFetcher
from federation.membership.roster import Fetched
from protocol import jws
from protocol.documents import Document
from protocol.errors import ProtocolError
from protocol.ids import Digest, sha256_hex
from protocol.keys import VerifyingKey
from protocol.roster import LIMIT, MEMBERS, POLICY, SUSPENSIONS, SUSPENSIONS_ROLE, Members, Policy, Suspensions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    import httpx

    from protocol.ids import KeyId

CONFIG = UpdaterConfig(
    max_root_rotations=256,
    root_max_length=512_000,
    timestamp_max_length=16_384,
    snapshot_max_length=2_000_000,
    targets_max_length=LIMIT,
)
NOWHERE = "https://unused.invalid/"
Read = TypeVar("Read", bound=Document)


class RosterUnreachableError(Refusal):
    """The roster could not be fetched."""

    code = "roster-unreachable"
    title = "The list of member programs could not be fetched."
    remedy = "It is tried again by itself; the last verified copy is used meanwhile."


class RosterRefusedError(Refusal):
    """What was served as the roster does not verify; `reason` names the rule."""

    code = "roster-unverifiable"
    title = "What the exchange serves as the list of member programs does not verify."
    remedy = "The last verified copy is used; tell the stewards if this stays."


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterClient:
    """The roster files of one federation in one folder."""

    metadata_dir: Path
    connect: Callable[[], httpx.AsyncClient]

    def fetch_root(self, base_url: str, version: int, digest: Digest) -> bytes:
        """The root that a join code pins by hash. Raises: RosterUnreachableError, RosterRefusedError."""
        try:
            root = self._fetcher.download_bytes(f"{_slashed(base_url)}{version}.root.json", CONFIG.root_max_length)
        except DownloadError as error:
            raise RosterUnreachableError from error
        if sha256_hex(root) != digest:
            raise RosterRefusedError(reason="root-digest")
        return root

    def bootstrap(self, root: bytes) -> None:
        """Trust `root` from now on. Raises: RosterRefusedError."""
        self.metadata_dir.mkdir(parents=True, exist_ok=True)
        try:
            Updater(str(self.metadata_dir), NOWHERE, fetcher=self._fetcher, config=CONFIG, bootstrap=root)
        except RepositoryError as error:
            raise RosterRefusedError(reason=type(error).__name__) from error

    def refresh(self, base_url: str, now: datetime) -> Fetched:
        """Fetch and verify the newest files. Raises: RosterUnreachableError, RosterRefusedError."""
        try:
            updater = self._updater(base_url, now)
            updater.refresh()
            members = self._target(updater, MEMBERS, Members)
            policy = self._target(updater, POLICY, Policy)
        except DownloadError as error:
            raise RosterUnreachableError(reason=type(error).__name__) from error
        except (RepositoryError, ProtocolError, OSError) as error:
            raise RosterRefusedError(reason=type(error).__name__) from error
        suspensions, withheld = self._suspensions(updater)
        targets = Metadata[Targets].from_bytes(self._held("targets")).signed
        return Fetched(
            root=self.root.version,
            targets=targets.version,
            targets_expires=targets.expires,
            members=members,
            policy=policy,
            suspensions_version=self._suspensions_version() if suspensions is not None else 0,
            suspensions=suspensions,
            withheld=withheld,
        )

    @property
    def root(self) -> Root:
        """The newest trusted root."""
        return Metadata[Root].from_bytes(self._held("root")).signed

    @property
    def admissions(self) -> Mapping[KeyId, VerifyingKey]:
        """The keys that may admit members, by the newest trusted root."""
        root = self.root
        keys = (root.keys[key_id].keyval["public"] for key_id in root.roles["targets"].keyids)
        return jws.by_id(*(VerifyingKey(bytes.fromhex(key)) for key in keys))

    @property
    def _fetcher(self) -> HttpxFetcher:
        return HttpxFetcher(self.connect)

    def _updater(self, base_url: str, now: datetime) -> Updater:
        url, folder = _slashed(base_url), self.metadata_dir / "targets"
        folder.mkdir(parents=True, exist_ok=True)
        updater = Updater(
            str(self.metadata_dir), url, str(folder), f"{url}targets/", self._fetcher, CONFIG, bootstrap=None
        )
        updater._trusted_set.reference_time = now  # noqa: SLF001 - python-tuf takes no clock; nothing is checked before
        return updater

    def _target(self, updater: Updater, name: str, kind: type[Read]) -> Read:
        info = updater.get_targetinfo(name)
        if info is None or info.length > LIMIT:
            raise RepositoryError(name)
        if updater.find_cached_target(info) is None:
            updater.download_target(info)
        return kind.parse((self.metadata_dir / "targets" / name).read_bytes(), limit=LIMIT)

    def _suspensions(self, updater: Updater) -> tuple[Suspensions | None, str | None]:
        # This role expires within days: when it alone is withheld, admissions and removals still reach us.
        try:
            return self._target(updater, SUSPENSIONS, Suspensions), None
        except (RepositoryError, DownloadError, ProtocolError) as error:
            return None, type(error).__name__

    def _suspensions_version(self) -> int:
        return Metadata[Targets].from_bytes(self._held(SUSPENSIONS_ROLE)).signed.version

    def _held(self, role: str) -> bytes:
        return (self.metadata_dir / f"{role}.json").read_bytes()


def _slashed(url: str) -> str:
    return url if url.endswith("/") else url + "/"
