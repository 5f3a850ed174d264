"""One browser's visit: its cookies, its language, who is signed in, and the token its forms carry."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from node.bootstrap import Services
from node.domain.actor import Participant
from node.domain.errors import DomainError
from node.domain.factor import FactorNeededError
from node.domain.origin import origin_of
from node.domain.passkey import Site
from node.domain.signin import BROWSER_KNOWN
from node.services.sessions import Arrival, Visitor
from node.words import languages
from node.words.accepted import language_for

_A_YEAR = 31_536_000
_ALWAYS_OPEN = ("/account", "/sign-out", "/shown/")
"""Where somebody may go who has to set up a second factor first; what she was shown came from there."""


class ForgedFormError(DomainError):
    """The form carries no token of this visit: it is old, or was made by somebody else."""

    code = "forged-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """Names and attributes; with `secure` a browser binds them to this one host over HTTPS.

    On this machine's own address cookies of every port meet, so there their names say whose they are.
    """

    secure: bool
    program: str

    def read(self, request: Request, name: str) -> str:
        """A cookie's value, or nothing."""
        return request.cookies.get(self._named(name), "")

    def give(self, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
        """Set a cookie that no script reads; without `seconds` it goes when the browser closes."""
        response.set_cookie(
            self._named(name), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def take(self, response: Response, name: str) -> None:
        """Take a cookie back."""
        response.delete_cookie(self._named(name), path="/", secure=self.secure, httponly=True, samesite="lax")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else f"{name}-{self.program}"


def services_of(request: Request) -> Services:
    """The verbs of the node."""
    services: Services = request.app.state.services
    return services


def cookies_of(request: Request) -> Cookies:
    """How this node sets cookies."""
    cookies: Cookies = request.app.state.cookies
    return cookies


ServicesOf = Annotated[Services, Depends(services_of)]
CookiesOf = Annotated[Cookies, Depends(cookies_of)]


def language_of(request: Request) -> str:
    """The language chosen on this page, before, or in the browser; else the program's own."""
    chosen = request.query_params.get("lang"), cookies_of(request).read(request, "language")
    for language in chosen:
        if language in languages():
            return language
    return language_for(request.headers.get("accept-language", ""), str(request.app.state.program.language))


def remember_language(request: Request, response: Response) -> None:
    """Keep a choice made on this page."""
    if request.query_params.get("lang") in languages():
        cookies_of(request).give(response, "language", request.query_params["lang"], seconds=_A_YEAR)


def remember_browser(cookies: Cookies, response: Response, token: str) -> None:
    """Let this browser be counted by itself from now on."""
    cookies.give(response, "browser", token, seconds=int(BROWSER_KNOWN.total_seconds()))


def form_token(secret: str) -> str:
    """What a form carries: made of a cookie's secret, which it does not give away."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()


def begin_visit(request: Request) -> str:
    """The secret of a visit before anybody signed in; a new one where there is none."""
    return cookies_of(request).read(request, "visit") or secrets.token_urlsafe(32)


def check_token(secret: str, token: str) -> None:
    """Pass if a form was made for this secret. Raises: ForgedFormError."""
    if not secret or not hmac.compare_digest(form_token(secret).encode(), token.encode()):
        raise ForgedFormError


def stranger_form(request: Request, token: Annotated[str, Form()] = "") -> None:
    """Pass if a form was made for this visit of somebody not signed in. Raises: ForgedFormError."""
    check_token(cookies_of(request).read(request, "visit"), token)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A visitor and the secret of her session."""

    visitor: Visitor
    secret: str


def signed_in(request: Request, services: ServicesOf, cookies: CookiesOf) -> SignedIn:
    """Who is signed in. Raises: SignedOutError, FactorNeededError."""
    secret = cookies.read(request, "session")
    visitor = services.entrance.recognize(secret)
    if visitor.factor_needed and not request.url.path.startswith(_ALWAYS_OPEN):
        raise FactorNeededError
    return SignedIn(visitor=visitor, secret=secret)


SignedInHere = Annotated[SignedIn, Depends(signed_in)]


def own_form(here: SignedInHere, token: Annotated[str, Form()] = "") -> SignedIn:
    """Who is signed in, if the form was made for her session. Raises: SignedOutError, ForgedFormError."""
    check_token(here.secret, token)
    return here


OwnForm = Annotated[SignedIn, Depends(own_form)]


def hosted(request: Request) -> None:
    """Pass where participants have pages of their own. Raises: HTTPException where only this machine is served."""
    if not request.app.state.hosted:
        raise HTTPException(HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantIn:
    """A participant and the secret of her session."""

    participant: Participant
    secret: str


def participant_here(
    request: Request, services: ServicesOf, cookies: CookiesOf, _hosted: Annotated[None, Depends(hosted)]
) -> ParticipantIn:
    """Which participant is signed in. Raises: ParticipantSignedOutError."""
    secret = cookies.read(request, "me")
    return ParticipantIn(participant=services.participants.recognize(secret), secret=secret)


ParticipantHere = Annotated[ParticipantIn, Depends(participant_here)]


def participant_form(here: ParticipantHere, token: Annotated[str, Form()] = "") -> ParticipantIn:
    """Which participant is signed in, if the form was made for her session.

    Raises: ParticipantSignedOutError, ForgedFormError.
    """
    check_token(here.secret, token)
    return here


ParticipantForm = Annotated[ParticipantIn, Depends(participant_form)]


def place_of(request: Request) -> str:
    """Where a request comes from; of IPv6 the part that one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def arrival_of(request: Request) -> Arrival:
    """What is known of a browser before anybody signed in with it."""
    host = request.client.host if request.client else ""
    return Arrival(
        place=place_of(request),
        browser=cookies_of(request).read(request, "browser"),
        origin=origin_of(request.headers.get("user-agent", ""), host),
    )


def site_of(request: Request) -> Site:
    """Where this browser sees our pages. The host is one of ours: the guard lets no other in."""
    public: str = request.app.state.public_url
    if public and request.headers.get("host", "").lower() == public.partition("://")[2].rstrip("/").lower():
        return Site(origin=public.rstrip("/").lower(), host=request.url.hostname or "")
    return Site(origin=f"http://{request.headers.get('host', '')}".lower(), host=request.url.hostname or "")
