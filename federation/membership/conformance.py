"""The TUF client workflow by hand, so that this roster client can be driven by a conformance suite of TUF clients.

It needs a folder and addresses, no program: neither its data nor its settings are read.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient.updater import Updater

from federation.ground.http import client
from federation.ground.tuf_fetcher import HttpxFetcher
from federation.membership.roster_client import CONFIG, NOWHERE, RosterRefusedError, RosterUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_TARGET = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFiles:
    """A folder of signed files, and where newer ones are served."""

    metadata_dir: Path
    metadata_url: str | None = None
    target_base_url: str | None = None
    target_dir: Path | None = None

    def init(self, trusted_root: Path) -> None:
        """Trust a root file. Raises: RosterRefusedError."""
        with _refusing():
            self.metadata_dir.mkdir(parents=True, exist_ok=True)
            self._updater(trusted_root.read_bytes())

    def refresh(self) -> None:
        """Bring the top-level files up to date. Raises: RosterRefusedError, RosterUnreachableError."""
        with _refusing():
            self._updater().refresh()

    def download(self, names: tuple[str, ...]) -> None:
        """Fetch targets that are not here yet. Raises: RosterRefusedError, RosterUnreachableError."""
        with _refusing():
            updater = self._updater()
            for name in names:
                found = updater.get_targetinfo(name)
                if found is None:
                    raise RepositoryError(name)
                if updater.find_cached_target(found) is None:
                    updater.download_target(found)

    def _updater(self, trusted_root: bytes | None = None) -> Updater:
        folder = self.target_dir or self.metadata_dir / "targets"
        folder.mkdir(parents=True, exist_ok=True)
        return Updater(
            str(self.metadata_dir),
            self.metadata_url or NOWHERE,
            str(folder),
            self.target_base_url,
            HttpxFetcher(partial(client, max_response_bytes=_LARGEST_TARGET)),
            CONFIG,
            bootstrap=trusted_root,
        )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except DownloadError as error:
        raise RosterUnreachableError(reason=type(error).__name__) from error
    except (RepositoryError, OSError, ValueError) as error:
        raise RosterRefusedError(reason=type(error).__name__) from error
