"""Renders pages: templates, words, dates and the style sheet. Leaves what a page says to routes and services."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from node.web.visit import language_of, remember_language
from node.words import LANGUAGES, Words

_STATIC = resources.files("node.web") / "static"
STYLE = (_STATIC / "mentorweave.css").read_bytes()
ICON = (_STATIC / "icon.svg").read_bytes()


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

    def weekday(self, moment: datetime) -> str:
        """A day with its name."""
        name = self.say(f"date.weekday.{moment.astimezone(self.zone).isoweekday()}")
        return self.say("date.named_day", name=name, day=self.day(moment, moment))

    def age(self, since: datetime, now: datetime) -> str:
        """How many days ago."""
        return self._days("date.ago", (now.astimezone(self.zone).date() - since.astimezone(self.zone).date()).days)

    def left(self, until: datetime, now: datetime) -> str:
        """In how many days."""
        return self._days("date.in", (until.astimezone(self.zone).date() - now.astimezone(self.zone).date()).days)

    def _days(self, code: str, days: int) -> str:
        if days <= 0:
            return self.say(f"{code}.today")
        return self.say(f"{code}.one") if days == 1 else self.say(f"{code}.many", days=days)


class Pages:
    """The templates of this node."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._environment = Environment(
            loader=PackageLoader("node.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["style"] = hashlib.sha256(STYLE).hexdigest()[:12]

    def render(
        self, request: Request, template: str, status: int = 200, context: Mapping[str, object] | None = None
    ) -> HTMLResponse:
        """A page in the language of the visit."""
        say = Words(language_of(request))
        other = next(language for language in LANGUAGES if language != say.language)
        text = self._environment.get_template(template).render(
            {"visitor": None, "token": "", "program": request.app.state.program, **(context or {})},
            say=say,
            other=Words(other),
            dates=Dates(say, self._zone),
        )
        response = HTMLResponse(text, status)
        response.headers["Content-Language"] = say.language
        response.headers["Vary"] = "Accept-Language, Cookie"
        remember_language(request, response)
        return response


def pages_of(request: Request) -> Pages:
    """The templates of this node."""
    pages: Pages = request.app.state.pages
    return pages
