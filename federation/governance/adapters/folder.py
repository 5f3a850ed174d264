"""One steward's folder: her keys in encrypted files, what she remembers sealed, her card and her record in the clear.

steward.json   her public card                 federation.json  which federation she trusts, and its pinned root
steward.key    root and admissions keys        duty.key         the duty key alone, for the machine that is online
joins/         join codes she issued, sealed   proposals/       files that travel
acts.jsonl     the record of her acts          roster/          what was verified last
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from federation.governance.domain.acts import Act, Verb, check_chain, head_of, next_line
from federation.governance.domain.cards import LIMIT, StewardCard
from federation.governance.domain.errors import (
    CardDamagedError,
    DutyKeyMissingError,
    FolderTakenError,
    PassphraseMissingError,
    PassphraseWrongError,
    StewardMissingError,
)
from federation.governance.domain.join_errors import (
    JoinUnknownError,
)
from federation.governance.domain.proposal import Proposal
from federation.governance.services.ports import IssuedCode, Pin, StewardFolder
from federation.ground import keyfile, sealed
from federation.ground.clock import Clock
from federation.ground.files import write_atomically
from protocol.errors import ProtocolError
from protocol.ids import Digest, JoinId
from protocol.keys import SigningKey
from protocol.parsing import b64u, unb64u

Passphrase = Callable[[], str | None]
_STEWARD = "steward.key"
_DUTY = "duty.key"
_VAULT = "vault"


class Folder(StewardFolder):
    """A steward's folder on disk. `passphrase` is asked once, and only when a key is needed."""

    def __init__(self, path: Path, clock: Clock, passphrase: Passphrase, *, bare: bool = False) -> None:
        self.path = path
        self._clock = clock
        self._passphrase = passphrase
        self._bare = bare
        self._opened: dict[str, dict[str, bytes]] = {}

    @property
    def card(self) -> StewardCard:
        """See the port."""
        try:
            return StewardCard.parse((self.path / "steward.json").read_bytes(), limit=LIMIT)
        except FileNotFoundError as error:
            raise StewardMissingError from error
        except ProtocolError as error:
            raise CardDamagedError from error

    def found(self, card: StewardCard, *, root: SigningKey, admissions: SigningKey, duty: SigningKey | None) -> None:
        """See the port."""
        if (self.path / _STEWARD).exists():
            raise FolderTakenError
        keys = {_STEWARD: {"root": root.seed, "admissions": admissions.seed, _VAULT: sealed.new_key()}}
        if duty is not None:
            keys[_DUTY] = {"duty": duty.seed}
        self._keep_steward(card, keys)

    def root_key(self) -> SigningKey:
        """See the port."""
        return SigningKey(self._read_keys(_STEWARD)["root"])

    def admissions_key(self) -> SigningKey:
        """See the port."""
        return SigningKey(self._read_keys(_STEWARD)["admissions"])

    def duty_key(self) -> SigningKey:
        """See the port."""
        try:
            return SigningKey(self._read_keys(_DUTY)["duty"])
        except keyfile.KeyfileMissingError as error:
            raise DutyKeyMissingError from error

    def pin(self) -> Pin | None:
        """See the port."""
        path = self.path / "federation.json"
        return Pin.parse(path.read_bytes(), limit=LIMIT) if path.exists() else None

    def keep_pin(self, pin: Pin) -> None:
        """See the port."""
        self._write("federation.json", pin.encode())

    def issued(self, join: JoinId) -> IssuedCode:
        """See the port."""
        path = self._join_path(join)
        if not path.exists():
            raise JoinUnknownError(join=join)
        opened = sealed.unseal(self._vault(), path.read_bytes(), join.encode())
        return IssuedCode.parse(opened, limit=LIMIT)

    def all_issued(self) -> tuple[JoinId, ...]:
        """See the port."""
        return tuple(JoinId(path.stem) for path in sorted((self.path / "joins").glob("*.sealed")))

    def keep_issued(self, code: IssuedCode) -> None:
        """See the port."""
        content = sealed.seal(self._vault(), code.encode(), code.join.encode())
        self._write(f"joins/{code.join}.sealed", content)

    def keep_proposal(self, proposal: Proposal, name: str) -> Path:
        """See the port."""
        return self._write(f"proposals/{name}", proposal.encode())

    def acts(self) -> tuple[Act, ...]:
        """See the port."""
        return check_chain(self._lines())

    def head(self) -> Digest:
        """See the port."""
        return head_of(self._lines())

    def record(self, verb: Verb, what: str, subject: str = "") -> None:
        """See the port."""
        line = next_line(self._lines(), at=self._clock.now(), by=self.card.name, verb=verb, what=what, subject=subject)
        with (self.path / "acts.jsonl").open("ab") as stream:
            stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())

    def _lines(self) -> tuple[bytes, ...]:
        path = self.path / "acts.jsonl"
        return tuple(path.read_bytes().splitlines()) if path.exists() else ()

    def _join_path(self, join: JoinId) -> Path:
        return self.path / "joins" / f"{join}.sealed"

    def _vault(self) -> bytes:
        return self._read_keys(_STEWARD)[_VAULT]

    def _write(self, name: str, content: bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
        return path

    def _keep_steward(self, card: StewardCard, keys: dict[str, dict[str, bytes]]) -> None:
        for name, secrets in keys.items():
            self._write_keys(name, secrets)
        self._write("steward.json", card.encode())

    def _write_keys(self, name: str, keys: dict[str, bytes]) -> None:
        content = json.dumps({key: b64u(value) for key, value in keys.items()}).encode()
        self.path.mkdir(parents=True, exist_ok=True)
        passphrase = None if self._bare else self._passphrase()
        if not passphrase and not self._bare:
            raise PassphraseMissingError
        keyfile.write(self.path / name, content, passphrase, bare=self._bare)
        self._opened[name] = keys

    def _read_keys(self, name: str) -> dict[str, bytes]:
        if name not in self._opened:
            path = self.path / name
            try:
                content = keyfile.read(path, None if keyfile.is_bare(path) else self._passphrase())
            except keyfile.PassphraseNeededError as error:
                raise PassphraseMissingError from error
            except keyfile.WrongPassphraseError as error:
                raise PassphraseWrongError from error
            self._opened[name] = {key: unb64u(value) for key, value in json.loads(content).items()}
        return self._opened[name]
