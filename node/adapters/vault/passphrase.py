"""Where the passphrase of the key file comes from: a file, the keyring of the operating system, or a person."""

import secrets
from collections.abc import Callable
from pathlib import Path

from node.adapters.vault.file import Lock
from node.services.ports.vault import Guard

_SERVICE = "mentorweave"


def from_file(file: Path) -> Lock:
    """The first line of a passphrase file."""
    return Lock(guard=Guard.PASSPHRASE_FILE, passphrase=file.read_text("utf-8").split("\n", 1)[0].strip())


def from_keyring(instance: str) -> Lock | None:
    """What the keyring of the operating system holds for this node, if it has one."""
    import keyring  # noqa: PLC0415 - it looks for a desktop session, which costs a start where none is asked for
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        passphrase = keyring.get_password(_SERVICE, instance)
    except KeyringError:
        return None
    return Lock(guard=Guard.KEYRING, passphrase=passphrase) if passphrase else None


def into_keyring(instance: str) -> Lock | None:
    """Put a fresh passphrase into the keyring, if there is one."""
    import keyring  # noqa: PLC0415 - as in from_keyring
    from keyring.errors import KeyringError  # noqa: PLC0415 - as in from_keyring

    try:
        keyring.set_password(_SERVICE, instance, secrets.token_urlsafe(24))
    except KeyringError:
        return None
    return from_keyring(instance)


def new_lock(instance: str, file: Path | None, ask: Callable[[], str | None] | None) -> Lock:
    """How a new key file is shut: by the passphrase file, the keyring, or a passphrase a person types twice.

    Without a person (`ask` is None) and without a passphrase file it is bare.
    """
    if file is not None:
        return from_file(file)
    if ask is None:
        return Lock(guard=Guard.BARE, passphrase=None)
    return into_keyring(instance) or Lock(guard=Guard.PASSPHRASE, passphrase=ask())


def known_lock(instance: str, file: Path | None, ask: Callable[[], str | None]) -> Lock:
    """How an existing key file is opened."""
    if file is not None:
        return from_file(file)
    return from_keyring(instance) or Lock(guard=Guard.PASSPHRASE, passphrase=ask())
