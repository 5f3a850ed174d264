"""Tokens from the machine's randomness, and slow hashes of passwords (argon2id, RFC 9106)."""

import secrets
from dataclasses import dataclass
from threading import BoundedSemaphore

from pwdlib.hashers.argon2 import Argon2Hasher

AT_ONCE = 2
"""Each hash takes 64 MiB and a processor: more at once would only make all of them late."""
_ROOM = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgonSecrets:
    """The port `Secrets` on this machine; the costs are the second recommended choice of RFC 9106."""

    passes: int = 3
    kibibytes: int = 65_536
    lanes: int = 4

    def new_token(self) -> str:
        """256 random bits in base64url."""
        return secrets.token_urlsafe(32)

    def seal(self, password: str) -> str:
        """The hash in PHC form."""
        with _ROOM:
            return self._hasher.hash(password)

    def matches(self, password: str, sealed: str | None) -> bool:
        """Whether it fits; None never does, and takes as long."""
        with _ROOM:
            return self._hasher.verify(password, sealed or self._nobodys) and sealed is not None

    @property
    def _hasher(self) -> Argon2Hasher:
        return Argon2Hasher(time_cost=self.passes, memory_cost=self.kibibytes, parallelism=self.lanes)

    @property
    def _nobodys(self) -> str:
        return f"$argon2id$v=19$m={self.kibibytes},t={self.passes},p={self.lanes}${'A' * 22}${'A' * 43}"
