"""What every page of staff does alike: who asks, in which words, and how it is answered. Routes stay three lines long.

A GET takes `AtDesk`, a POST takes `OwnDesk` (the form's token is checked). A page is `desk.page(...)`, what follows a
POST is `desk.go(...)`: a 303 to a named route, with a code of what was done that the next page says.
"""

from dataclasses import dataclass
from datetime import tzinfo
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from federation.ground.refusal import Refusal
from node.bootstrap import Services
from node.domain.actor import Actor
from node.domain.errors import NotAllowedError
from node.domain.person import OccupationCode
from node.web.forms import FieldError, field_refused
from node.web.pages import pages_of
from node.web.places import open_to
from node.web.visit import OwnForm, ServicesOf, SignedIn, SignedInHere, form_token, language_of
from node.words import Words, catalogue


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of a member of staff."""

    request: Request
    services: Services
    here: SignedIn

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.here.visitor.actor

    @property
    def base(self) -> str:
        """Under which address a pair lies for her."""
        return "/mentorships"

    @property
    def who(self) -> Actor:
        """Who asks."""
        return self.here.visitor.actor

    @property
    def say(self) -> Words:
        """In her words."""
        return Words(language_of(self.request))

    def title(self, occupation: OccupationCode) -> str:
        """What an occupation is called in her language."""
        english, french = self.services.occupations.titles(occupation)
        return french if self.say.language == "fr" else english

    @property
    def zone(self) -> tzinfo:
        """Where the program is."""
        return pages_of(self.request).zone

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
        """A page; `errors` of its form, if there are any, make it a 422."""
        errors = context.setdefault("errors", ())
        if errors and status is HTTPStatus.OK:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        done = f"done.{self.request.query_params.get('done', '')}"
        shared = {
            "visitor": self.here.visitor,
            "now": self.services.adapters.clock.now(),
            "title": self.title,
            "token": form_token(self.here.secret),
            "places": open_to(self.actor),
            "done": done if done in catalogue() else "",
        }
        return pages_of(self.request).render(self.request, template, status, {**shared, **context})

    def go(self, route: str, *, done: str = "", query: tuple[tuple[str, str], ...] = (), **path: str) -> Response:
        """On to a named route; `done.<code>` is said there."""
        asked = urlencode((*query, *((("done", done),) if done else ())))
        url = self.request.app.url_path_for(route, **path)
        return RedirectResponse(f"{url}?{asked}" if asked else url, HTTPStatus.SEE_OTHER)

    def on(self, path: str, *, done: str = "") -> Response:
        """On to a page of ours; `done.<code>` is said there."""
        return RedirectResponse(f"{path}?{urlencode({'done': done})}" if done else path, HTTPStatus.SEE_OTHER)

    def refused(self, field: str, refusal: Refusal) -> tuple[FieldError, ...]:
        """What a rule said of a field, for the page's `errors`; what a role may not do is a page of its own."""
        if isinstance(refusal, NotAllowedError):
            raise refusal
        return (field_refused(self.request, field, refusal),)


def _at(request: Request, services: ServicesOf, here: SignedInHere) -> Desk:
    return Desk(request, services, here)


def _own(request: Request, services: ServicesOf, here: OwnForm) -> Desk:
    return Desk(request, services, here)


AtDesk = Annotated[Desk, Depends(_at)]
OwnDesk = Annotated[Desk, Depends(_own)]
