"""Making an exchange's data folder: keys, settings, and the card the stewards found a federation with."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from federation.exchange.adapters.keyring import Keyring, make_keyring, write_keyring
from federation.exchange.settings import FILE, ExchangeSettingError, write_settings
from federation.ground.files import write_atomically
from federation.ground.refusal import Refusal
from protocol.ids import sha256_hex
from protocol.keys import Jwk
from protocol.roster import BoardKeys, Url

CARD = "exchange.json"
_TOKEN_BYTES = 24


class ExchangeExistsError(Refusal):
    """The folder holds an exchange already."""

    code = "exchange-exists"
    title = "This folder holds an exchange already."
    remedy = "Choose an empty folder; keys that members trust are never overwritten."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePublic:
    """What stewards need of an exchange; the founding token is shown this once, only its hash is kept."""

    url: str
    snapshot: Jwk
    timestamp: Jwk
    board: BoardKeys
    founding_token: str

    def encode(self) -> bytes:
        """The content of `exchange.json`."""
        document = {
            "url": self.url,
            "snapshot": self.snapshot.model_dump(),
            "timestamp": self.timestamp.model_dump(),
            "board": self.board.model_dump(),
            "founding_token": self.founding_token,
        }
        return (json.dumps(document, indent=2) + "\n").encode()


def init_exchange(
    data_dir: Path, public_url: str, database_url: str | None = None, passphrase_file: Path | None = None
) -> ExchangePublic:
    """Make the folder of a new exchange. Raises: ExchangeExistsError, ExchangeSettingError for the address."""
    if (data_dir / FILE).exists():
        raise ExchangeExistsError
    url = _checked(public_url)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = make_keyring()
    passphrase = passphrase_file.read_text("utf-8").strip() if passphrase_file else None
    write_keyring(data_dir / "keys", keys, passphrase)
    public = _public(url, keys)
    write_atomically(data_dir / CARD, public.encode(), mode=0o600)
    settings = {
        "public_url": url,
        "founding_sha256": sha256_hex(public.founding_token.encode()),
        "database_url": database_url or "",
        "passphrase_file": str(passphrase_file) if passphrase_file else "",
    }
    write_settings(data_dir, settings)  # last, because it says that the folder is complete
    return public


def _checked(public_url: str) -> str:
    try:
        return TypeAdapter[str](Url).validate_python(public_url.rstrip("/"))
    except ValidationError:
        raise ExchangeSettingError(setting="public_url") from None


def _public(url: str, keys: Keyring) -> ExchangePublic:
    return ExchangePublic(
        url=url,
        snapshot=keys.snapshot.public.jwk,
        timestamp=keys.timestamp.public.jwk,
        board=BoardKeys(sign=keys.board.sign.public.jwk, seal=keys.board.seal.public.jwk),
        founding_token=secrets.token_urlsafe(_TOKEN_BYTES),
    )
