"""How an exchange and a steward present themselves to whoever founds the federation: public keys only.

The private halves stay in the folders that `init` made.
"""

from typing import Annotated

from pydantic import StringConstraints

from protocol.documents import Document, Label
from protocol.keys import Jwk
from protocol.roster import BoardKeys, Url

LIMIT = 16_384

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,200}$")]


class ExchangeCard(Document):
    """`exchange.json`: where the exchange is, its online keys, and the token that founds a federation there once."""

    url: Url
    snapshot: Jwk
    timestamp: Jwk
    board: BoardKeys
    founding_token: Token


class StewardCard(Document):
    """`steward.json`: whom the roster names beside a key, and which keys."""

    name: Label
    root: Jwk
    admissions: Jwk
    duty: Jwk | None = None
