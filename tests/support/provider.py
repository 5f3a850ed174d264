"""A small OpenID provider over real HTTP with real keys, which cheats when told to."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.clock import FakeClock

CLIENT, SECRET = "mentorweave", "a secret of the program"


@dataclass(slots=True)
class FakeProvider:
    """`claims` are said of whoever comes, and win over what is right; `cheat` is what is wrong with a signature."""

    clock: FakeClock
    url: str = ""
    issuer: str = ""
    claims: dict[str, object] = field(default_factory=dict)
    cheat: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"}))
    strange_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def consent(self, address: str) -> str:
        """What somebody's browser does there; the query it comes back with."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = self.asked
        return f"state={self.asked['state']}&code={code}"

    def describe(self) -> dict[str, object]:
        """Its description of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def token(self, form: dict[str, str]) -> tuple[HTTPStatus, dict[str, object]]:
        """The token for a code, once, for whoever has its verifier and our secret."""
        asked = self.codes.pop(form["code"], None)
        verifier = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        fits = asked is not None and form["redirect_uri"] == asked["redirect_uri"]
        if asked is None or not fits or asked["code_challenge"] != verifier or form["client_secret"] != SECRET:
            return HTTPStatus.BAD_REQUEST, {"error": "invalid_grant"}
        return HTTPStatus.OK, {"id_token": self._sign(asked["nonce"]), "token_type": "Bearer"}

    def _sign(self, nonce: str) -> str:
        now = int(self.clock.now().timestamp())
        said = {"iss": self.issuer, "sub": "robin-1", "aud": CLIENT, "nonce": nonce, "iat": now, "exp": now + 300}
        claims = {name: claim for name, claim in {**said, **self.claims}.items() if claim is not None}
        if self.cheat == "none":
            parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
            return ".".join((*(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""))
        if self.cheat == "secret":
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET))
        key = self.strange_key if self.cheat == "key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def provider(clock: FakeClock) -> Iterator[FakeProvider]:
    """A provider on this machine, while the block runs."""
    fake = FakeProvider(clock)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/.well-known/openid-configuration"):
                self._say(HTTPStatus.OK, fake.describe())
            else:
                self._say(HTTPStatus.OK, {"keys": [fake.key.as_dict(private=False)]})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._say(*fake.token({name: values[0] for name, values in sent.items()}))

        def _say(self, status: HTTPStatus, content: dict[str, object]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    fake.url = fake.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
