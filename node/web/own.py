"""What every page of a participant does alike; the same few words as `desk`, so that a pair has one set of routes."""

from dataclasses import dataclass
from datetime import tzinfo
from http import HTTPStatus
from typing import Annotated, Protocol
from urllib.parse import urlencode

from fastapi import Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from federation.ground.refusal import Refusal
from node.bootstrap import Services
from node.domain.actor import Action, Actor, Participant
from node.web.desk import Desk
from node.web.forms import FieldError, field_refused
from node.web.pages import pages_of
from node.web.visit import (
    CookiesOf,
    ParticipantHere,
    ParticipantIn,
    ServicesOf,
    SignedIn,
    check_token,
    form_token,
    hosted,
    language_of,
    participant_here,
    signed_in,
)
from node.words import Words, catalogue

OWN_PAIRS = "/me/pairs"


class Seat(Protocol):
    """Where a page is read from: a desk of staff, or a participant's own place."""

    @property
    def base(self) -> str:
        """Under which address a pair lies for her."""
        ...

    @property
    def here(self) -> SignedIn | ParticipantIn:
        """Her session."""
        ...

    @property
    def services(self) -> Services:
        """The verbs of the node."""
        ...

    @property
    def who(self) -> Actor | Participant:
        """Who asks."""
        ...

    @property
    def say(self) -> Words:
        """In which words."""
        ...

    @property
    def zone(self) -> tzinfo:
        """Where the program is."""
        ...

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
        """A page."""
        ...

    def on(self, path: str, *, done: str = "") -> Response:
        """On to a page of ours."""
        ...

    def refused(self, field: str, refusal: Refusal) -> tuple[FieldError, ...]:
        """What a rule said of a field."""
        ...


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One request of a participant."""

    request: Request
    services: Services
    here: ParticipantIn

    @property
    def base(self) -> str:
        """Under which address a pair lies for her."""
        return OWN_PAIRS

    @property
    def who(self) -> Participant:
        """Who asks."""
        return self.here.participant

    @property
    def zone(self) -> tzinfo:
        """Where the program is."""
        return pages_of(self.request).zone

    @property
    def say(self) -> Words:
        """In her words."""
        return Words(language_of(self.request))

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
        """A page of hers; `errors` of its form, if there are any, make it a 422."""
        if context.setdefault("errors", ()) and status is HTTPStatus.OK:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        done = f"done.{self.request.query_params.get('done', '')}"
        shared = {
            "mine": True,
            "now": self.services.adapters.clock.now(),
            "token": form_token(self.here.secret),
            "done": done if done in catalogue() else "",
        }
        return pages_of(self.request).render(self.request, template, status, {**shared, **context})

    def on(self, path: str, *, done: str = "") -> Response:
        """On to a page of ours; `done.<code>` is said there."""
        return RedirectResponse(f"{path}?{urlencode({'done': done})}" if done else path, HTTPStatus.SEE_OTHER)

    def refused(self, field: str, refusal: Refusal) -> tuple[FieldError, ...]:
        """What a rule said of a field, for the page's `errors`."""
        return (field_refused(self.request, field, refusal),)


def _at(request: Request, services: ServicesOf, here: ParticipantHere) -> OwnPlace:
    return OwnPlace(request, services, here)


AtOwnPlace = Annotated[OwnPlace, Depends(_at)]


def _seat(request: Request, services: ServicesOf, cookies: CookiesOf) -> Seat:
    if request.url.path.startswith(f"{OWN_PAIRS}/"):
        hosted(request)
        return OwnPlace(request, services, participant_here(request, services, cookies, None))
    return Desk(request, services, signed_in(request, services, cookies))


SeatHere = Annotated[Seat, Depends(_seat)]


def _keeping(seat: SeatHere) -> Seat:
    if isinstance(seat.who, Actor):
        seat.who.may(Action.KEEP_MENTORSHIPS)
    return seat


SeatToKeep = Annotated[Seat, Depends(_keeping)]
"""Of one of the pair, or of staff who may change what the pair has; its forms are opened for nobody else."""


def _filled(seat: SeatToKeep, token: Annotated[str, Form()] = "") -> Seat:
    check_token(seat.here.secret, token)
    return seat


SeatForm = Annotated[Seat, Depends(_filled)]
