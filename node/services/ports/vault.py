"""The keys of the node, kept outside its data folder."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Guard(StrEnum):
    """What keeps the key file shut."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind of guard
    PASSPHRASE_FILE = "passphrase_file"  # noqa: S105 - a kind of guard
    KEYRING = "keyring"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """What may be said about the keys without showing one."""

    master_version: int
    master_versions: tuple[int, ...]
    identity: str
    guard: Guard


class Cover(Protocol):
    """Hides what is searched for from everybody who reads addresses: logs, histories, bookmarks."""

    def hide(self, text: str) -> str:
        """The text in letters and digits that fit into an address and tell nothing without the node's keys."""
        ...

    def reveal(self, hidden: str) -> str:
        """What was hidden. Raises: HiddenTextError."""
        ...


class KeyVault(Protocol):
    """Holds master, index, identity and backup keys."""

    def state(self) -> KeyState:
        """Versions, the public identity key (base64url), and what guards the file."""
        ...

    def add_master(self) -> int:
        """Make a new master key, the newest from now on; old ones still open. Returns its version."""
        ...

    def forget_old_masters(self) -> None:
        """Destroy every master key but the newest."""
        ...
