"""The port `Provider`: OpenID Connect's code flow with PKCE, over our own HTTP client and JSON Web Signatures.

Sources: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3.7, Discovery 1.0, RFC 7636, RFC 9700. Microsoft's addresses
for several organisations (`common`, `organizations`) name a pattern as their issuer; the token names the organisation.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import anyio
import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from federation.ground.clock import Clock
from federation.ground.http import client
from node.domain.passkey import Site
from node.domain.provider import Account, Errand, ProviderAwayError, ProviderRefusedError

BACK = "/sign-in/provider/back"
_ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures with a provider's own key; never `none`, never one made with our secret."""
_LEEWAY = 120
_SECONDS = 15.0
_MOST_BYTES = 1024 * 1024
_TENANT = "{tenantid}"
_NAMES = {"accounts.google.com": "Google", "login.microsoftonline.com": "Microsoft"}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider:
    """One provider, as it describes itself; its description and its keys are read anew for every errand."""

    issuer: str
    client_id: str
    secret_file: Path | None
    clock: Clock

    @property
    def name(self) -> str:
        """What people call it; blank where there is none."""
        host = urlsplit(self.issuer).hostname or ""
        return _NAMES.get(host, host)

    def address(self, errand: Errand, site: Site) -> str:
        """Where somebody shows the provider who she is. Raises: ProviderAwayError."""
        about = anyio.run(self._about)
        asked = {
            "response_type": "code",
            "scope": "openid email",
            "client_id": self.client_id,
            "redirect_uri": f"{site.origin}{BACK}",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        endpoint = _endpoint(about, "authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def account(self, errand: Errand, site: Site, code: str) -> Account:
        """Whom a code stands for. Raises: ProviderAwayError, ProviderRefusedError."""
        about, keys, token = anyio.run(partial(self._cash_in, errand, site, code))
        return self._believe(about, keys, token, errand.nonce)

    async def _about(self) -> Mapping[str, object]:
        async with _client() as http:
            return await self._describe(http)

    async def _describe(self, http: httpx.AsyncClient) -> Mapping[str, object]:
        if not _is_safe(self.issuer):
            raise ProviderAwayError
        about = await _read(http, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        named = about.get("issuer")
        if named != self.issuer and not (isinstance(named, str) and _TENANT in named):
            raise ProviderAwayError
        return about

    async def _cash_in(self, errand: Errand, site: Site, code: str) -> tuple[Mapping[str, object], KeySet, str]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{site.origin}{BACK}",
            "client_id": self.client_id,
            "client_secret": await self._secret(),
            "code_verifier": errand.verifier,
        }
        async with _client() as http:
            about = await self._describe(http)
            try:
                answer = await http.post(_endpoint(about, "token_endpoint"), data=asked)
                keys = KeySet.import_key_set(await _read(http, _endpoint(about, "jwks_uri")))  # type: ignore[arg-type]  # checked by the library
            except (httpx.HTTPError, JoseError, ValueError) as cause:
                raise ProviderAwayError from cause
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderAwayError
        token = _object(answer.content).get("id_token") if answer.is_success else None
        if not isinstance(token, str):
            raise ProviderRefusedError
        return about, keys, token

    async def _secret(self) -> str:
        if self.secret_file is None:
            raise ProviderAwayError
        return (await anyio.Path(self.secret_file).read_text("utf-8")).partition("\n")[0].strip()

    def _believe(self, about: Mapping[str, object], keys: KeySet, token: str, nonce: str) -> Account:
        """Read a token the way section 3.1.3.7 says."""
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self.clock.now().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            registry.validate(claims)
            said = {name: claim for name, claim in claims.items() if isinstance(claim, str)}
            _check_parties(claims.get("aud"), said.get("azp"), self.client_id)
            tenant = _tenant(str(about["issuer"]), said)
        except (JoseError, ValueError, KeyError, TypeError) as cause:
            raise ProviderRefusedError from cause
        return Account(
            issuer=said["iss"],
            subject=said["sub"],
            tenant=tenant,
            email=said.get("email", ""),
            email_verified=claims.get("email_verified") is True,
        )


def _check_parties(audience: object, presenter: str | None, client_id: str) -> None:
    alone = audience in (client_id, [client_id])
    if presenter not in {None, client_id} or (not alone and presenter is None):
        raise ProviderRefusedError


def _tenant(issuer: str, said: Mapping[str, str]) -> str:
    """The organisation of an account; its issuer is the one that was named, or that fills the pattern."""
    tenant = said.get("tid", "")
    if _TENANT in issuer:
        issuer = issuer.replace(_TENANT, str(UUID(tenant)))
    if said["iss"] != issuer:
        raise ProviderRefusedError
    return tenant


async def _read(http: httpx.AsyncClient, address: str) -> dict[str, object]:
    try:
        answer = await http.get(address)
        return _object(answer.raise_for_status().content)
    except httpx.HTTPError as cause:
        raise ProviderAwayError from cause


def _object(content: bytes) -> dict[str, object]:
    try:
        read = json.loads(content)
    except ValueError as cause:
        raise ProviderAwayError from cause
    if not isinstance(read, dict):
        raise ProviderAwayError
    return read


def _endpoint(about: Mapping[str, object], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not _is_safe(address):
        raise ProviderAwayError
    return address


def _is_safe(address: str) -> bool:
    """Whether nobody on the way reads along: HTTPS, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _client() -> httpx.AsyncClient:
    return client(timeout=_SECONDS, max_response_bytes=_MOST_BYTES, max_response_seconds=_SECONDS)
