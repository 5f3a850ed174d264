"""Who calls: a token in the Authorization header, what it was given for, and how often it may call.

Cookies mean nothing here: a browser that is signed in to the pages lets nobody into the API.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from node.bootstrap import Services
from node.domain.errors import DomainError
from node.domain.token import Scope, TokenRefusedError
from node.services.tokens import Bearer

A_MINUTE = 60
CALLS_A_MINUTE = 600
_SCHEME = HTTPBearer(
    scheme_name="token",
    description="A token of `mentorweave users token add`, or of the settings page.",
    auto_error=False,
)


class TooManyCallsError(DomainError):
    """The token was used too often within a minute."""

    code = "too-many-calls"


class Turns:
    """Counts calls by token, in this process."""

    def __init__(self, calls_a_minute: int) -> None:
        """So many calls a token and minute."""
        self._most = RateLimitItemPerMinute(calls_a_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def take(self, bearer: Bearer) -> None:
        """Pass if it is not too often. Raises: TooManyCallsError."""
        if not self._limiter.hit(self._most, bearer.token):
            raise TooManyCallsError(seconds=A_MINUTE)


def services_of(request: Request) -> Services:
    """The verbs of the node."""
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(services_of)]


def bearer(
    request: Request,
    services: ServicesOf,
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)],
    needed: SecurityScopes,
) -> Bearer:
    """Who calls, allowed what the route needs. Raises: TokenRefusedError, TooManyCallsError, ScopeNeededError."""
    if sent is None:
        raise TokenRefusedError
    found = services.users.recognize_token(sent.credentials)
    turns: Turns = request.app.state.turns
    turns.take(found)
    for scope in needed.scopes:
        found.has(Scope(scope))
    return found


Anybody = Annotated[Bearer, Security(bearer)]
PeopleReader = Annotated[Bearer, Security(bearer, scopes=[Scope.PEOPLE_READ])]
PeopleWriter = Annotated[Bearer, Security(bearer, scopes=[Scope.PEOPLE_WRITE])]
PeopleEraser = Annotated[Bearer, Security(bearer, scopes=[Scope.PEOPLE_ERASE])]
MatchesReader = Annotated[Bearer, Security(bearer, scopes=[Scope.MATCHES_READ])]
MatchesWriter = Annotated[Bearer, Security(bearer, scopes=[Scope.MATCHES_WRITE])]
RequestsReader = Annotated[Bearer, Security(bearer, scopes=[Scope.REQUESTS_READ])]
RequestsWriter = Annotated[Bearer, Security(bearer, scopes=[Scope.REQUESTS_WRITE])]
MentorshipsReader = Annotated[Bearer, Security(bearer, scopes=[Scope.MENTORSHIPS_READ])]
MentorshipsWriter = Annotated[Bearer, Security(bearer, scopes=[Scope.MENTORSHIPS_WRITE])]
ReportsReader = Annotated[Bearer, Security(bearer, scopes=[Scope.REPORTS_READ])]
TextsReader = Annotated[Bearer, Security(bearer, scopes=[Scope.TEXTS_READ])]
TextsWriter = Annotated[Bearer, Security(bearer, scopes=[Scope.TEXTS_WRITE])]
