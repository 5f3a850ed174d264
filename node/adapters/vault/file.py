"""The vault in a key file: opens and wraps under the node's keys. Leaves asking for a passphrase to `passphrase`."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.ground import keyfile
from federation.ground.sealed import UnsealError, seal, unseal, unwrap_key, wrap_key
from node.adapters.vault.keys import NodeKeys, dump_keys, load_keys
from node.domain.errors import HiddenTextError, KeysExistError
from node.services.ports.vault import Guard, KeyState

TOKEN_BYTES = 16
_ADDRESS = b"address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What opens the key file: a passphrase, or nothing where the file is bare."""

    guard: Guard
    passphrase: str | None


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key under a master key of some version."""

    master_version: int
    key: bytes


class FileVault:
    """The keys of one node, read when it starts, and again once another process has written the file.

    So a server goes on while `keys rotate` runs beside it: it wraps under the newest master key, and opens what another
    process wrapped.
    """

    def __init__(self, path: Path, lock: Lock, keys: NodeKeys) -> None:
        """Use `create` or `open`."""
        self._path = path
        self._lock = lock
        self._keys = keys
        self._read_at = _stamp(path)

    @classmethod
    def create(cls, path: Path, lock: Lock, keys: NodeKeys) -> "FileVault":
        """Write a new key file. Raises: KeysExistError."""
        if path.exists():
            raise KeysExistError(file=path.name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        vault = cls(path, lock, keys)
        vault._write(keys)
        return vault

    @classmethod
    def open(cls, path: Path, unlock: Callable[[], Lock]) -> "FileVault":
        """Read the key file. Raises: the refusals of `federation.ground.keyfile`."""
        lock = Lock(guard=Guard.BARE, passphrase=None) if keyfile.is_bare(path) else unlock()
        read_at = _stamp(path)
        vault = cls(path, lock, load_keys(keyfile.read(path, lock.passphrase)))
        vault._read_at = read_at
        return vault

    def state(self) -> KeyState:
        """Versions, the identity's public half, and what guards the file."""
        return KeyState(
            master_version=self._keys.newest[0],
            master_versions=tuple(version for version, _ in self._keys.masters),
            identity=Ed25519PrivateKey.from_private_bytes(self._keys.identity).public_key().public_bytes_raw().hex(),
            guard=self._lock.guard,
        )

    def add_master(self) -> int:
        """Make a new master key and write the file before anything is wrapped under it."""
        self._read_again()
        self._write(self._keys.with_new_master())
        return self._keys.newest[0]

    def forget_old_masters(self) -> None:
        """Destroy every master key but the newest."""
        self._write(self._keys.with_newest_master_only())

    def wrap(self, key: bytes, subject: str) -> Wrapped:
        """A data key under the newest master key, bound to its subject."""
        self._read_again()
        version, master = self._keys.newest
        return Wrapped(version, wrap_key(master, key, subject.encode()))

    def unwrap(self, wrapped: Wrapped, subject: str) -> bytes:
        """A data key. Raises: UnsealError."""
        if self._keys.master(wrapped.master_version) is None:
            self._read_again()
        master = self._keys.master(wrapped.master_version)
        if master is None:
            raise UnsealError(master_version=wrapped.master_version)
        return unwrap_key(master, wrapped.key, subject.encode())

    def token(self, trace: str) -> bytes:
        """The search token of a trace."""
        return self._keys.mac("search", trace)[:TOKEN_BYTES]

    def hide(self, text: str) -> str:
        """The text in letters and digits that fit into an address and tell nothing without the node's keys."""
        sealed = seal(self._keys.mac("address", ""), text.encode(), _ADDRESS)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def reveal(self, hidden: str) -> str:
        """What was hidden. Raises: HiddenTextError."""
        try:
            sealed = base64.urlsafe_b64decode(hidden.encode() + b"==")
            return unseal(self._keys.mac("address", ""), sealed, _ADDRESS).decode()
        except (ValueError, UnsealError) as error:
            raise HiddenTextError from error

    def tombstone(self, person: str) -> str:
        """What the list of erasures keeps of a person."""
        return self._keys.mac("erasure", person).hex()

    def identity_seed(self) -> bytes:
        """The 32 bytes of the node's identity key (Ed25519)."""
        return self._keys.identity

    def backup_key(self) -> bytes:
        """The key of every backup."""
        return self._keys.backup

    def dump(self) -> bytes:
        """Every key, to go into a backup."""
        return dump_keys(self._keys)

    def _write(self, keys: NodeKeys) -> None:
        keyfile.write(self._path, dump_keys(keys), self._lock.passphrase, bare=self._lock.guard is Guard.BARE)
        self._keys = keys
        self._read_at = _stamp(self._path)

    def _read_again(self) -> None:
        written = _stamp(self._path)
        if written is not None and written != self._read_at:
            self._keys = load_keys(keyfile.read(self._path, self._lock.passphrase))
            self._read_at = written


def _stamp(path: Path) -> tuple[int, int] | None:
    """Tells one writing of the file from another: each one is a new file in its place."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
