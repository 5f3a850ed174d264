"""Renders pages: templates, words, dates and the style sheet. Leaves what a page says to routes and services."""

import gzip
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from http import HTTPStatus
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from node.web.visit import language_of, remember_language
from node.words import Words, languages
from node.words.reasons import reason

_STATIC = resources.files("node.web") / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Still:
    """A file that every visitor gets alike; pages ask for it with its digest."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str


def _stills() -> dict[str, Still]:
    found = {}
    for file in _STATIC.iterdir():
        body = file.read_bytes()
        kind = _TYPES["." + file.name.rpartition(".")[2]]
        found[file.name] = Still(body, gzip.compress(body, mtime=0), kind, hashlib.sha256(body).hexdigest()[:12])
    return found


STILLS = _stills()


@dataclass(frozen=True, slots=True)
class Dates:
    """Says days as people of a place do."""

    say: Words
    zone: tzinfo

    def day(self, moment: datetime, now: datetime) -> str:
        """A day, with its year where it is not this one."""
        local = moment.astimezone(self.zone)
        first = local.day == 1
        day = self.say("date.first") if first else str(local.day)
        month = self.say(f"date.month.{local.month}")
        if local.year == now.astimezone(self.zone).year:
            return self.say("date.day", day=day, month=month)
        return self.say("date.day_of_year", day=day, month=month, year=local.year)

    def date(self, day: date, now: datetime) -> str:
        """A day of the calendar."""
        return self.day(datetime.combine(day, time(12), self.zone), now)

    def today(self, now: datetime) -> str:
        """The day it is here, as a field of a form holds it."""
        return now.astimezone(self.zone).date().isoformat()

    def time(self, moment: datetime) -> str:
        """A time of day."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def weekday(self, moment: datetime) -> str:
        """A day with its name."""
        name = self.say(f"date.weekday.{moment.astimezone(self.zone).isoweekday()}")
        return self.say("date.named_day", name=name, day=self.day(moment, moment))

    def moment(self, moment: datetime, now: datetime) -> str:
        """A day and the time of it, where the program is."""
        return self.say("date.moment", day=self.day(moment, now), time=f"{moment.astimezone(self.zone):%H:%M}")

    def age(self, since: datetime, now: datetime) -> str:
        """How many days ago."""
        return self._days("date.ago", (now.astimezone(self.zone).date() - since.astimezone(self.zone).date()).days)

    def left(self, until: datetime, now: datetime) -> str:
        """In how many days."""
        return self._days("date.in", (until.astimezone(self.zone).date() - now.astimezone(self.zone).date()).days)

    def _days(self, code: str, days: int) -> str:
        return self.say(f"{code}.today") if days <= 0 else self.say.count(code, days, days=days)


@cache
def _templates() -> Environment:
    """Every page of this process shares what was compiled of them."""
    templates = Environment(
        loader=PackageLoader("node.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["reason"] = reason
    templates.globals["once"] = lambda: secrets.token_urlsafe(9)
    templates.globals["still"] = lambda name: f"/still/{STILLS[name].digest}/{name}"
    return templates


class Pages:
    """The templates of this node."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    @property
    def zone(self) -> tzinfo:
        """Where the program is."""
        return self._zone

    def render(
        self, request: Request, template: str, status: int = 200, context: Mapping[str, object] | None = None
    ) -> HTMLResponse:
        """A page in the language of the visit."""
        say = Words(language_of(request))
        # What answers a form is kept as it is: it has no other language to be shown in.
        kept = request.method == "POST" and status == HTTPStatus.OK
        page = _templates().get_template(template)
        text = page.render(
            {
                **_ALONE,
                "program": request.app.state.program,
                "hosted": request.app.state.hosted,
                "path": request.url.path,
                **(context or {}),
            },
            say=say,
            others=() if kept else tuple(_other(request, one) for one in languages() if one != say.language),
            dates=Dates(say, self._zone),
        )
        response = HTMLResponse(text, status)
        response.headers["Content-Language"] = say.language
        response.headers["Vary"] = "Accept-Language, Cookie"
        remember_language(request, response)
        return response


_ALONE: Mapping[str, object] = {"visitor": None, "mine": False, "token": "", "places": (), "done": "", "errors": ()}


def _other(request: Request, language: str) -> tuple[Words, str]:
    """Another language, and this very page in it."""
    return Words(language), f"?{request.url.include_query_params(lang=language).query}"


def pages_of(request: Request) -> Pages:
    """The templates of this node."""
    pages: Pages = request.app.state.pages
    return pages
