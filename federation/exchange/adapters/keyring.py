"""The exchange's own keys: one file each, so that a container takes them as secrets."""

import os
from dataclasses import dataclass
from pathlib import Path

from federation.exchange.domain.board import BoardKeyring
from federation.ground import keyfile
from protocol.keys import OpeningKey, SigningKey

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Online keys of the roster, the board's keys, and the secret that makes pseudonyms."""

    snapshot: SigningKey
    timestamp: SigningKey
    board: BoardKeyring
    relay: bytes


def make_keyring() -> Keyring:
    """Fresh keys."""
    return Keyring(
        snapshot=SigningKey.generate(),
        timestamp=SigningKey.generate(),
        board=BoardKeyring(sign=SigningKey.generate(), seal=OpeningKey.generate()),
        relay=os.urandom(_SECRET_BYTES),
    )


def write_keyring(folder: Path, keys: Keyring, passphrase: str | None) -> None:
    """Write every key for its owner's eyes only; bare without a passphrase, because the service is unattended."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, secret in _secrets(keys).items():
        keyfile.write(folder / f"{name}.key", secret, passphrase, bare=passphrase is None)


def read_keyring(folder: Path, passphrase: str | None) -> Keyring:
    """The keys in `folder`. Raises: the errors of key files."""

    def secret(name: str) -> bytes:
        return keyfile.read(folder / f"{name}.key", passphrase)

    return Keyring(
        snapshot=SigningKey(secret("snapshot")),
        timestamp=SigningKey(secret("timestamp")),
        board=BoardKeyring(sign=SigningKey(secret("board-sign")), seal=OpeningKey(secret("board-seal"))),
        relay=secret("relay"),
    )


def _secrets(keys: Keyring) -> dict[str, bytes]:
    return {
        "snapshot": keys.snapshot.seed,
        "timestamp": keys.timestamp.seed,
        "board-sign": keys.board.sign.seed,
        "board-seal": keys.board.seal.raw,
        "relay": keys.relay,
    }
