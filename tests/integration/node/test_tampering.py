"""Forms that were changed on their way here: a choice that no page offers is refused, and is no accident.

Every form is tried that links lead to in a program with one thing of every kind, for an administrator, for one of a
pair and for a stranger; and by hand those that only a member of a federation is shown.
"""

import html
import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from node.domain.actor import Role
from node.web.app import make_pages
from node.web.visit import form_token
from tests.support.api import two_nodes
from tests.support.belongings import Belongings, belongings
from tests.support.filling import ServedForm, served_forms
from tests.support.intruding import FIELDS

pytestmark = pytest.mark.anyio
ADDRESS = "https://mentors.example.org"
GARBAGE = "xylophage"
LENIENT = ("/people/find",)
"""What sifts a list leaves out a word it does not know, since old links are kept and shared."""
UNSERVED: Mapping[str, Mapping[str, str]] = {
    "/others/requests/{thread}/agree": {"given": "phone", "day": "2027-02-27", "mentor": "{mentor}"},
    "/others/requests/{thread}/answer": {"answer": "language_level/yes"},
    "/others/requests/{thread}/ask": {"question": "language_level", "mentor": "{mentor}"},
    "/others/requests/{thread}/offer": {"mentor": "{mentor}", "until": "2027-03-09"},
    "/others/new/{mentee}": {"to": "b" * 16, "hours": "2", "yes": "1", "given": "phone", "day": "2027-02-27"},
    "/others/new/{mentee}/anonymous": {"given": "phone"},
    "/others/anonymous/offers/{mentee}/yes": {"given": "phone", "day": "2027-02-27"},
    "/others/anonymous/{card}/{mentor}/offer": {"given": "phone"},
    "/people/{person}/visibility": {"level": "2"},
    "/people/{person}/consents": {"purpose": "outside", "given": "phone", "on": "2027-02-27"},
    "/people/import/{upload}": {"kind": "mentee", "column-0": "name"},
}
"""Forms that no page shows without a federation, or not of these people."""
CHOICES = {"given", "answer", "question", "purpose", "level", "kind"}
ENDS = re.compile("/sign-out|/sessions/|/sign-in|/discard|/erase")
ALIKE = re.compile(r"[0-9a-f-]{16,}|/(mentee|mentor)\b")


class Tamperer:
    """Somebody who is signed in, and whose browser says whatever she likes."""

    def __init__(self, pages: httpx.AsyncClient, cookie: str, secret: str) -> None:
        self._pages = pages
        self._headers = {"Cookie": f"__Host-{cookie}={secret}", "Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}
        self._token = form_token(secret)
        self.tried = 0
        self.wrong: list[str] = []

    async def forms(self, *starts: str) -> list[tuple[str, ServedForm]]:
        """One form of every kind that links lead to, with its address."""
        seen, found, todo = set[str](), dict[str, tuple[str, ServedForm]](), list(starts)
        while todo:
            path = todo.pop()
            if (kind := ALIKE.sub("", urlsplit(path).path)) in seen:
                continue
            seen.add(kind)
            answer = await self._pages.get(path, headers=self._headers)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, path
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            for form in served_forms(answer.text):
                if form.posts:
                    to = form.action or path
                    found.setdefault(f"{to.rpartition('/')[2]} {sorted(form.fields)}", (to, form))
            todo += [html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', answer.text)]
        return list(found.values())

    async def changes(
        self, path: str, fields: Mapping[str, str | list[str]], names: set[str], choices: set[str]
    ) -> None:
        """Send a form again and again, each time with another field that says what nobody offered."""
        for name in sorted(names - {"token", "once"}):
            sent = {**fields, "token": self._token, name: GARBAGE}
            answer = await self._pages.post(path, data=sent, headers=self._headers)
            self.tried += 1
            taken = name in choices and answer.status_code < HTTPStatus.BAD_REQUEST and path not in LENIENT
            if taken or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self.wrong.append(f"{path} answers {answer.status_code} where {name} is garbage")


def filled(path: str, ids: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "0" * 32), path)


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[tuple[Belongings, httpx.AsyncClient]]:
    with two_nodes(tmp_path) as (home, _):
        app = make_pages(home.services, public_url=ADDRESS, time_zone="America/Edmonton")
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            yield belongings(home, "Zephyrine"), client


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_choice_that_no_form_offers_is_refused_and_never_an_accident(
    program: tuple[Belongings, httpx.AsyncClient],
) -> None:
    ours, pages = program
    pair = f"/me/pairs/{ours.ids['second']}"
    staff = Tamperer(pages, "session", ours.staff[Role.ADMINISTRATOR])
    participant, stranger = Tamperer(pages, "me", ours.guest), Tamperer(pages, "visit", "nobody")

    for path, values in UNSERVED.items():
        fields = {name: filled(value, ours.ids) for name, value in values.items()}
        await staff.changes(filled(path, ours.ids), fields, set(fields), set(fields) & CHOICES)
    for one, starts in ((staff, ("/",)), (participant, ("/me", pair)), (stranger, ("/join/mentee",))):
        for path, form in await one.forms(*starts):
            if not ENDS.search(path):
                needed = FIELDS.get(f"POST {path}", {})
                await one.changes(path, {**form.fields, **form.offered, **needed}, set(form.offered), form.lists)

    assert [wrong for one in (staff, participant, stranger) for wrong in one.wrong] == []
    assert staff.tried > 100
    assert participant.tried >= 3
