"""Reading the published roster through python-tuf's client, which refuses rollback, mix-and-match and forgery.

Two things differ from a member's reader. Expired files are told, not refused: stewards must be able to repair a roster
that lapsed. And the first root is recognised by a pinned hash, because it was agreed on before it was published.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from tuf.api._payload import Snapshot, Timestamp
from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.api.metadata import Metadata
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from federation.governance.adapters.folder import Folder
from federation.governance.domain.content import Bundle, Published
from federation.governance.domain.errors import (
    ExchangeUnreachableError,
    FederationUnknownError,
    NoCopyError,
    RootDiffersError,
    RosterRefusedError,
)
from federation.governance.domain.trust import RoleName
from federation.governance.services.ports import Engine, Pin, PinKind, Reader
from federation.ground.clock import Clock
from federation.ground.files import write_atomically
from federation.ground.tuf_fetcher import HttpxFetcher
from protocol.documents import from_moment
from protocol.ids import Digest, sha256_hex
from protocol.roster import LIMIT, MEMBERS, POLICY, SUSPENSIONS, SUSPENSIONS_ROLE, Suspension, Suspensions, stick

_BEFORE_EVERY_EXPIRY = datetime.fromtimestamp(0, UTC)
_LONGEST_ABSENCE = 1_000  # root versions
_KEPT = "kept.json"
_READ_AT = "read-at"


class TufReader(Reader):
    """One steward's eye on the roster; what it verified lies under `roster/` in her folder."""

    def __init__(
        self, folder: Folder, engine: Engine, clock: Clock, connect: Callable[[str], httpx.AsyncClient]
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._clock = clock
        self._connect = connect
        self._dir = folder.path / "roster"
        self._metadata = self._dir / "metadata"
        self._targets = self._dir / "targets"

    def read(self, pin: Pin | None = None) -> Published:
        """See the port."""
        pin = pin or self._pin()
        fetcher = HttpxFetcher(lambda: self._connect(pin.exchange))
        try:
            root = self._first_root(pin, fetcher)
            self._refresh(f"{pin.exchange.rstrip('/')}/roster/", root, fetcher)
        except DownloadError as error:
            raise ExchangeUnreachableError from error
        except RepositoryError as error:
            raise RosterRefusedError(reason=type(error).__name__) from error
        write_atomically(self._dir / _READ_AT, str(int(self._clock.now().timestamp())).encode())
        published = self._load(pin)
        write_atomically(self._dir / _KEPT, Suspensions(signed_at=0, entries=tuple(published.kept)).encode())
        return published

    def last(self) -> Published:
        """See the port."""
        pin = self._pin()
        try:
            return self._load(pin)
        except FileNotFoundError as error:
            raise NoCopyError from error

    def root_file(self, version: int) -> bytes | None:
        """See the port."""
        path = self._metadata / "root_history" / f"{version}.root.json"
        return path.read_bytes() if path.exists() else None

    def _pin(self) -> Pin:
        pin = self._folder.pin()
        if pin is None:
            raise FederationUnknownError
        return pin

    def _first_root(self, pin: Pin, fetcher: HttpxFetcher) -> bytes:
        known = self.root_file(pin.root_version)
        url = f"{pin.exchange.rstrip('/')}/roster/{pin.root_version}.root.json"
        root = known if known is not None else fetcher.download_bytes(url, LIMIT)
        if self._digest(root, pin) != pin.sha256:
            raise RootDiffersError
        return root

    def _digest(self, root: bytes, pin: Pin) -> Digest:
        return sha256_hex(root) if pin.of is PinKind.FILE else self._engine.signed_digest(root)

    def _refresh(self, url: str, root: bytes, fetcher: HttpxFetcher) -> None:
        for folder in (self._metadata, self._targets):
            folder.mkdir(parents=True, exist_ok=True)
        updater = Updater(
            str(self._metadata),
            url,
            str(self._targets),
            url + "targets/",
            fetcher,
            UpdaterConfig(
                max_root_rotations=_LONGEST_ABSENCE,
                root_max_length=LIMIT,
                timestamp_max_length=LIMIT,
                snapshot_max_length=LIMIT,
                targets_max_length=LIMIT,
            ),
            bootstrap=root,
        )
        # The client can only refuse what expired; seen from long ago nothing has, and every other check still holds.
        updater._trusted_set.reference_time = _BEFORE_EVERY_EXPIRY  # noqa: SLF001 - python-tuf takes no clock
        updater.refresh()
        for name in (MEMBERS, POLICY, SUSPENSIONS):
            target = updater.get_targetinfo(name)
            if target is None or target.length > LIMIT:
                raise RepositoryError(name)
            if updater.find_cached_target(target) is None:
                updater.download_target(target)

    def _load(self, pin: Pin) -> Published:
        bundle = Bundle(
            root=self._file(RoleName.ROOT),
            targets=self._file(RoleName.TARGETS),
            suspensions=(self._metadata / f"{SUSPENSIONS_ROLE}.json").read_bytes(),
            members_file=(self._targets / MEMBERS).read_bytes(),
            policy_file=(self._targets / POLICY).read_bytes(),
            suspensions_file=(self._targets / SUSPENSIONS).read_bytes(),
        )
        content = self._engine.read(bundle)
        snapshot = Metadata[Snapshot].from_bytes(self._file(RoleName.SNAPSHOT)).signed
        timestamp = Metadata[Timestamp].from_bytes(self._file(RoleName.TIMESTAMP)).signed
        return Published(
            exchange=pin.exchange,
            content=content,
            bundle=bundle,
            root_digest=sha256_hex(self._file(RoleName.ROOT)),
            snapshot_expires=snapshot.expires,
            timestamp_expires=timestamp.expires,
            kept=stick(self._kept(), content.suspensions, content.members.cleared),
            read_at=from_moment(int((self._dir / _READ_AT).read_text())),
        )

    def _file(self, role: RoleName) -> bytes:
        return (self._metadata / f"{role.value}.json").read_bytes()

    def _kept(self) -> frozenset[Suspension]:
        path = self._dir / _KEPT
        if not path.exists():
            return frozenset()
        return frozenset(Suspensions.parse(path.read_bytes(), limit=LIMIT).entries)
