"""One file that holds one secret, encrypted under a passphrase; what the secret opens belongs to the caller.

scrypt (RFC 7914) and AES-256-GCM; the parameters travel in the file and are bound to the ciphertext.
Without a passphrase the file is written only where the caller says `bare`.
"""

import base64
import binascii
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from federation.ground.files import write_atomically
from federation.ground.refusal import Refusal
from federation.ground.sealed import KEY_BYTES, UnsealError, seal, unseal

_FORMAT = "mentorweave-keyfile-1"
_COST = 2**16  # 64 MiB and a fifth of a second: what a laptop spares once a start
_COSTS = frozenset(
    2**power for power in range(15, 21)
)  # a planted file may neither weaken the passphrase nor fill the memory
_BLOCK = 8
_SALT_BYTES = 16


class PassphraseNeededError(Refusal):
    """The secret is to be, or is, under a passphrase, and none was given."""

    code = "passphrase-needed"
    title = "The key file needs a passphrase."
    remedy = "Enter it when asked, or name a file that holds it in MENTORWEAVE_PASSPHRASE_FILE."


class WrongPassphraseError(Refusal):
    """The passphrase does not open this key file."""

    code = "wrong-passphrase"
    title = "The passphrase does not open the key file."
    remedy = "Try again; if it is lost, restore from a backup with the recovery words."


class KeyfileMissingError(Refusal):
    """There is no key file where one is expected."""

    code = "keyfile-missing"
    title = "The key file is not there."
    remedy = "Check the keys folder, or restore from a backup with the recovery words."


class KeyfileDamagedError(Refusal):
    """The file is not a key file, or was damaged."""

    code = "keyfile-damaged"
    title = "The key file cannot be read."
    remedy = "Restore it from a backup with the recovery words."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keyfile:
    cost: int  # 0 says bare
    salt: bytes
    content: bytes


def write(path: Path, secret: bytes, passphrase: str | None, *, bare: bool = False) -> None:
    """Write the secret for its owner's eyes only (mode 0600), replacing what was there in one step.

    Raises: PassphraseNeededError for no passphrase, unless the caller accepts a bare file.
    """
    if not passphrase:
        if not bare:
            raise PassphraseNeededError
        keyfile = _Keyfile(cost=0, salt=b"", content=secret)
    else:
        salt = os.urandom(_SALT_BYTES)
        content = seal(_stretch(passphrase, salt, _COST), secret, _context(_COST))
        keyfile = _Keyfile(cost=_COST, salt=salt, content=content)
    write_atomically(path, _dump(keyfile), mode=0o600)


def read(path: Path, passphrase: str | None) -> bytes:
    """Return the secret; a bare file opens with any passphrase or none.

    Raises: KeyfileMissingError, KeyfileDamagedError, PassphraseNeededError, WrongPassphraseError.
    """
    keyfile = _load(path)
    if not keyfile.cost:
        return keyfile.content
    if not passphrase:
        raise PassphraseNeededError
    try:
        return unseal(_stretch(passphrase, keyfile.salt, keyfile.cost), keyfile.content, _context(keyfile.cost))
    except UnsealError as error:
        raise WrongPassphraseError from error


def is_bare(path: Path) -> bool:
    """Whether whoever can read this file has the secret.

    Raises: KeyfileMissingError, KeyfileDamagedError.
    """
    return not _load(path).cost


def _stretch(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=_BLOCK, p=1).derive(passphrase.encode())


def _context(cost: int) -> bytes:
    return f"{_FORMAT} scrypt n={cost}".encode()


def _dump(keyfile: _Keyfile) -> bytes:
    salt, content = (base64.b64encode(part).decode() for part in (keyfile.salt, keyfile.content))
    return json.dumps({"format": _FORMAT, "scrypt_n": keyfile.cost, "salt": salt, "content": content}).encode()


def _load(path: Path) -> _Keyfile:
    try:
        fields = json.loads(path.read_bytes())
        cost, salt, content = fields["scrypt_n"], fields["salt"], fields["content"]
        known = fields["format"] == _FORMAT and type(cost) is int and (cost == 0 or cost in _COSTS)
        keyfile = _Keyfile(
            cost=cost, salt=base64.b64decode(salt, validate=True), content=base64.b64decode(content, validate=True)
        )
    except FileNotFoundError as error:
        raise KeyfileMissingError from error
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise KeyfileDamagedError from error
    if not known:
        raise KeyfileDamagedError
    return keyfile
