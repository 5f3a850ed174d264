"""Vectors of signed requests to the exchange (RFC 9421)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from federation.ground.hop import sign_request
from protocol.documents import from_moment
from protocol.hop import TAG
from protocol.parsing import b64u
from tests.conformance.vectors.case import Case
from tests.conformance.vectors.language import jwk
from tests.unit.protocol.builders import AT, SIGN, signing

if TYPE_CHECKING:
    from protocol.parsing import Json
    from tests.conformance.vectors.case import Fields


def cases() -> list[Case]:
    """Signed requests to the exchange (08-exchange)."""

    def case(name: str, error: str | None = None, content: bytes = b"", **changes: Json) -> Case:
        url = "https://exchange.example/v1/mailbox?limit=100"
        kind = {"content-type": "application/json"} if content else {}
        request = httpx.Request("POST" if content else "GET", url, headers=kind, content=content)
        now = from_moment(AT)
        sign_request(request, key_id=SIGN.key_id, private_key=SIGN.private, now=now, nonce=b64u(bytes(12)))
        names = ("content-type", "content-digest", "signature-input", "signature")
        headers: Fields = {name: request.headers[name] for name in names if name in request.headers}
        given: Fields = {
            "method": request.method,
            "target_uri": url,
            "headers": headers,
            "body": content.decode(),
            "keys": [jwk(SIGN.public.jwk)],
            "now": AT,
        }
        return Case(name=name, operation="verify_hop", given=given | changes, error=error)

    return [
        case(f"a request without a body, tag {TAG}"),
        case("a request with a body", content=b'{"receipts":[],"discard":[]}'),
        case("another method", "hop-signature", method="DELETE"),
        case("another address", "hop-signature", target_uri="https://exchange.example/v1/mailbox?limit=1"),
        case("another body", "hop-signature", content=b"{}", body="{ }"),
        case("unsigned", "hop-signature", headers={}),
        case("a key that is not current", "hop-signature", keys=[jwk(signing("thief").public.jwk)]),
        case("five minutes of skew", now=AT - 300),
        case("beyond five minutes of skew", "hop-time", now=AT - 301),
        case("past its end", "hop-time", now=AT + 601),
    ]
