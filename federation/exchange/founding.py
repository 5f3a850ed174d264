"""Making the data folder of an exchange, or of a need board alone: keys, settings, and the card for the stewards."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError

from federation.exchange.adapters.keyring import (
    make_board_keyring,
    make_keyring,
    write_board_keyring,
    write_keyring,
    write_link,
)
from federation.exchange.domain.board import BoardKeyring
from federation.exchange.settings import FILE, ExchangeSettingError, write_settings
from federation.ground.files import write_atomically
from federation.ground.refusal import Refusal
from protocol.documents import Document
from protocol.errors import ProtocolError
from protocol.ids import sha256_hex
from protocol.keys import Jwk, SigningKey
from protocol.parsing import b64u, unb64u
from protocol.roster import BoardKeys, Url

CARD = "exchange.json"
BOARD_CARD = "board.json"
_CARD_LIMIT = 16_384
_TOKEN_BYTES = 24


class ExchangeExistsError(Refusal):
    """The folder holds an exchange already."""

    code = "exchange-exists"
    title = "This folder holds an exchange already."
    remedy = "Choose an empty folder; keys that members trust are never overwritten."


class BoardCardError(Refusal):
    """The file is not the card of a need board."""

    code = "board-card"
    title = "This file is not the card of a need board."
    remedy = "Use the board.json that `mentorweave-fed init board` wrote, unchanged."


class BoardCard(Document):
    """`board.json`: where a board alone is, its public keys, and the secret key its relay signs with."""

    url: Url
    board: BoardKeys
    link: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


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
    data_dir: Path,
    public_url: str,
    database_url: str | None = None,
    passphrase_file: Path | None = None,
    board: BoardCard | None = None,
) -> ExchangePublic:
    """Make the folder of a new exchange; with `board`, of a relay to that board in another process.

    Raises: ExchangeExistsError, ExchangeSettingError for the address.
    """
    url = _free(data_dir, public_url)
    keys, passphrase = make_keyring(), _passphrase(passphrase_file)
    write_keyring(data_dir / "keys", keys, passphrase)
    if board is None:
        own = make_board_keyring()
        write_board_keyring(data_dir / "keys", own, passphrase)
        board_keys = _board_keys(own)
    else:
        write_link(data_dir / "keys", SigningKey(unb64u(board.link)), passphrase)
        board_keys = board.board
    public = ExchangePublic(
        url=url,
        snapshot=keys.snapshot.public.jwk,
        timestamp=keys.timestamp.public.jwk,
        board=board_keys,
        founding_token=secrets.token_urlsafe(_TOKEN_BYTES),
    )
    write_atomically(data_dir / CARD, public.encode(), mode=0o600)
    settings = {
        "public_url": url,
        "founding_sha256": sha256_hex(public.founding_token.encode()),
        **_where(database_url, passphrase_file),
    }
    if board is not None:
        settings |= {"board_url": board.url, "board_sign": board.board.sign.x, "board_seal": board.board.seal.x}
    write_settings(data_dir, settings)  # last, because it says that the folder is complete
    return public


def init_board(
    data_dir: Path, public_url: str, database_url: str | None = None, passphrase_file: Path | None = None
) -> BoardCard:
    """Make the folder of a need board alone, and the card for the steward who runs its relay.

    The board makes the key by which it will know its relay and keeps the public half only.
    Raises: ExchangeExistsError, ExchangeSettingError for the address.
    """
    url = _free(data_dir, public_url)
    keys, link = make_board_keyring(), SigningKey.generate()
    write_board_keyring(data_dir / "keys", keys, _passphrase(passphrase_file))
    card = BoardCard(url=url, board=_board_keys(keys), link=b64u(link.seed))
    write_atomically(data_dir / BOARD_CARD, card.encode() + b"\n", mode=0o600)
    settings = {"public_url": url, "relay_key": link.public.jwk.x, **_where(database_url, passphrase_file)}
    write_settings(data_dir, settings)
    return card


def read_board_card(file: Path) -> BoardCard:
    """The card that `init board` wrote. Raises: BoardCardError."""
    try:
        return BoardCard.parse(file.read_bytes(), limit=_CARD_LIMIT)
    except (OSError, ProtocolError) as error:
        raise BoardCardError from error


def _free(data_dir: Path, public_url: str) -> str:
    """Make the folder, unless it is in use; the address as it is signed."""
    if (data_dir / FILE).exists():
        raise ExchangeExistsError
    try:
        url = TypeAdapter[str](Url).validate_python(public_url.rstrip("/"))
    except ValidationError:
        raise ExchangeSettingError(setting="public_url") from None
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return url


def _passphrase(file: Path | None) -> str | None:
    return file.read_text("utf-8").strip() if file else None


def _where(database_url: str | None, passphrase_file: Path | None) -> dict[str, str]:
    return {"database_url": database_url or "", "passphrase_file": str(passphrase_file) if passphrase_file else ""}


def _board_keys(keys: BoardKeyring) -> BoardKeys:
    return BoardKeys(sign=keys.sign.public.jwk, seal=keys.seal.public.jwk)
