"""Tokens from the machine's randomness, and slow hashes of passwords (argon2id, RFC 9106)."""

import secrets
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

AT_ONCE = 2
"""Each hash takes 64 MiB and a processor: more at once would only make all of them late."""
_ROOM = BoundedSemaphore(AT_ONCE)
_HASHES = PasswordHash((Argon2Hasher(),))
_DECOY = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"
"""The hash of nobody's password: comparing with it takes as long as with a real one."""


class ArgonSecrets:
    """The port `Secrets` on this machine."""

    def new_token(self) -> str:
        """256 random bits in base64url."""
        return secrets.token_urlsafe(32)

    def seal(self, password: str) -> str:
        """The hash in PHC form."""
        with _ROOM:
            return _HASHES.hash(password)

    def matches(self, password: str, sealed: str | None) -> bool:
        """Whether it fits; None never does."""
        with _ROOM:
            return _HASHES.verify(password, sealed or _DECOY) and sealed is not None
