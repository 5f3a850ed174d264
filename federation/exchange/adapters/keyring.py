"""The keys of an exchange and of a need board: one file each, so that a container takes them as secrets.

A relay and a board in two processes have a folder each: neither holds what is the other's.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from federation.exchange.domain.board import BoardKeyring
from federation.ground import keyfile
from protocol.keys import OpeningKey, SigningKey

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Online keys of the roster, and the secret that makes pseudonyms."""

    snapshot: SigningKey
    timestamp: SigningKey
    relay: bytes


def make_keyring() -> Keyring:
    """Fresh keys."""
    return Keyring(snapshot=SigningKey.generate(), timestamp=SigningKey.generate(), relay=os.urandom(_SECRET_BYTES))


def make_board_keyring() -> BoardKeyring:
    """Fresh keys of a board."""
    return BoardKeyring(sign=SigningKey.generate(), seal=OpeningKey.generate())


def write_keyring(folder: Path, keys: Keyring, passphrase: str | None) -> None:
    """Write every key for its owner's eyes only; bare without a passphrase, because the service is unattended."""
    secrets = {"snapshot": keys.snapshot.seed, "timestamp": keys.timestamp.seed, "relay": keys.relay}
    _write(folder, secrets, passphrase)


def write_board_keyring(folder: Path, keys: BoardKeyring, passphrase: str | None) -> None:
    """Write the board's keys likewise."""
    _write(folder, {"board-sign": keys.sign.seed, "board-seal": keys.seal.raw}, passphrase)


def write_link(folder: Path, key: SigningKey, passphrase: str | None) -> None:
    """Write likewise the key under which a board in another process knows this relay."""
    _write(folder, {"link": key.seed}, passphrase)


def read_keyring(folder: Path, passphrase: str | None) -> Keyring:
    """The exchange's keys in `folder`. Raises: the errors of key files."""
    return Keyring(
        snapshot=SigningKey(_read(folder, "snapshot", passphrase)),
        timestamp=SigningKey(_read(folder, "timestamp", passphrase)),
        relay=_read(folder, "relay", passphrase),
    )


def read_board_keyring(folder: Path, passphrase: str | None) -> BoardKeyring:
    """The board's keys in `folder`. Raises: the errors of key files."""
    return BoardKeyring(
        sign=SigningKey(_read(folder, "board-sign", passphrase)),
        seal=OpeningKey(_read(folder, "board-seal", passphrase)),
    )


def read_link(folder: Path, passphrase: str | None) -> SigningKey:
    """The relay's key for a board in another process. Raises: the errors of key files."""
    return SigningKey(_read(folder, "link", passphrase))


def _write(folder: Path, secrets: dict[str, bytes], passphrase: str | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, secret in secrets.items():
        keyfile.write(folder / f"{name}.key", secret, passphrase, bare=passphrase is None)


def _read(folder: Path, name: str, passphrase: str | None) -> bytes:
    return keyfile.read(folder / f"{name}.key", passphrase)
