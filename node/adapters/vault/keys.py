"""The keys themselves, and the one text that holds them all. Leaves files and passphrases to `file`."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace

from mnemonic import Mnemonic

from federation.ground.sealed import new_key
from node.domain.errors import RecoveryWordsError

_LABEL = b"mentorweave/1 backup"
RECOVERY_BITS = 128
WORDLISTS = {"en": "english", "fr": "french"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """Every secret of a node; `masters` by version, the newest one wraps."""

    masters: tuple[tuple[int, bytes], ...]
    index: bytes
    identity: bytes
    backup: bytes

    @property
    def newest(self) -> tuple[int, bytes]:
        """The version and key that wrap from now on."""
        return self.masters[-1]

    def master(self, version: int) -> bytes | None:
        """The master key of a version, if it was not destroyed."""
        return dict(self.masters).get(version)

    def with_new_master(self) -> "NodeKeys":
        """The same keys and a newer master key."""
        return replace(self, masters=(*self.masters, (self.newest[0] + 1, new_key())))

    def with_newest_master_only(self) -> "NodeKeys":
        """The same keys without the master keys that no longer wrap anything."""
        return replace(self, masters=self.masters[-1:])

    def mac(self, label: str, text: str) -> bytes:
        """A keyed hash under the index key: search tokens and tombstones."""
        return hmac.new(self.index, f"{label}\0{text}".encode(), hashlib.sha256).digest()


def make_keys(words: str) -> NodeKeys:
    """Fresh keys; backups open with the twelve `words`. Raises: RecoveryWordsError."""
    return NodeKeys(masters=((1, new_key()),), index=new_key(), identity=new_key(), backup=backup_key(words))


def make_words(language: str) -> str:
    """Twelve fresh recovery words in English or French (BIP 39)."""
    return Mnemonic(WORDLISTS[language]).generate(RECOVERY_BITS)


def backup_key(words: str) -> bytes:
    """The key of every backup, from the twelve words. Raises: RecoveryWordsError.

    The words carry 128 random bits (BIP 39), so one keyed hash suffices.
    """
    typed = " ".join(words.lower().split())
    for wordlist in WORDLISTS.values():
        mnemonic = Mnemonic(wordlist)
        if mnemonic.check(typed):
            return hmac.new(_LABEL, bytes(mnemonic.to_entropy(typed)), hashlib.sha256).digest()
    raise RecoveryWordsError


def dump_keys(keys: NodeKeys) -> bytes:
    """The keys as the text of a key file."""
    fields = {
        "masters": {str(version): _b64(key) for version, key in keys.masters},
        "index": _b64(keys.index),
        "identity": _b64(keys.identity),
        "backup": _b64(keys.backup),
    }
    return json.dumps(fields).encode()


def load_keys(text: bytes) -> NodeKeys:
    """The keys from the text of a key file."""
    fields = json.loads(text)
    masters = sorted((int(version), base64.b64decode(key)) for version, key in fields["masters"].items())
    return NodeKeys(
        masters=tuple(masters),
        index=base64.b64decode(fields["index"]),
        identity=base64.b64decode(fields["identity"]),
        backup=base64.b64decode(fields["backup"]),
    )


def _b64(key: bytes) -> str:
    return base64.b64encode(key).decode()
