"""Somebody fills in the form of a program, page by page, as a browser does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from node.domain.intake.application import QUICKEST, Stage
from node.domain.person import Person
from node.services.ports import PeopleFilter
from tests.support.crossing import CLERK
from tests.support.web import Browser, WebNode, browser

ADDRESS = "https://mentors.example.org"
ANSWERS: dict[str, dict[str, str]] = {
    "name": {"name": "Olena Kovalenko"},
    "reach": {"email": "olena@example.org", "phone": "403 555 0188"},
    "community": {"community": "Medicine Hat"},
    "occupation": {"words": "civil engineer", "occupation": "21300"},
    "specialisation": {"specialisation": "bridges"},
    "experience": {"years": "6"},
    "languages": {"language_1": "uk", "level_1": "12", "language_2": "en", "level_2": "6", "clb_2": "7"},
    "topics": {"topics": "resume"},
    "mode": {"mode": "online"},
    "availability": {"slots": "mon-evening", "availability": "not in July"},
    "seats": {"seats": "2"},
    "notes": {"words": "I need a ramp."},
    "visibility": {"visibility": "3"},
    "standing": {"said": "no"},
    "listing": {"said": "yes"},
    "outside": {"said": "yes"},
    "contact": {"said": "no"},
}


@dataclass(slots=True)
class Her:
    """Somebody who fills in the form."""

    browser: Browser
    home: str = ""

    async def begin(self, kind: str = "mentee", source: str = "") -> "Her":
        answer = await self.browser.send(f"/join/{kind}", {"source": source})
        assert answer.status_code == 303, answer.text
        self.home = answer.headers["location"].rpartition("/")[0]
        return self

    async def say(self, step: str, **fields: str) -> httpx.Response:
        return await self.browser.send(f"{self.home}/{step}", fields or ANSWERS[step])

    async def answer_all(self, **changed: dict[str, str]) -> None:
        """Walk from where she stopped to the list of answers, as the buttons lead."""
        place = await self.browser.see(self.home)
        while not (path := place.headers["location"]).endswith("/check"):
            step = path.rpartition("/")[2]
            place = await self.say(step, **changed.get(step, {}))
            assert place.status_code == 303, place.text

    async def send(self) -> httpx.Response:
        return await self.browser.send(f"{self.home}/check", {})


@asynccontextmanager
async def her(web_node: WebNode, language: str = "en-CA") -> AsyncIterator[Her]:
    async with browser(web_node.app(ADDRESS), address=ADDRESS, language=language) as visitor:
        yield Her(visitor)


async def sent(web_node: WebNode, kind: str = "mentee", **changed: dict[str, str]) -> Her:
    async with her(web_node) as filled:
        await filled.begin(kind)
        await filled.answer_all(**changed)
        web_node.clock.advance(QUICKEST)
        assert (await filled.send()).headers["location"].endswith("/sent")
    return filled


def people(web_node: WebNode) -> tuple[Person, ...]:
    with web_node.program.work() as work:
        return work.people.find(PeopleFilter())


def waiting(web_node: WebNode) -> str:
    (line,) = (line for line in web_node.services.intake.arrivals(CLERK).lines if line.stage is Stage.SENT)
    return f"/people/arrivals/{line.id}"
