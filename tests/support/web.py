"""A node's pages over a real database with real sign-in, driven the way a browser drives them."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from federation.ground.engine import make_engine
from node.adapters.secrets import ArgonSecrets
from node.adapters.vault.file import FileVault
from node.bootstrap import Services
from node.bootstrap.adapters import Adapters
from node.domain.actor import Actor, Role, UserId
from node.domain.user import User, UserState
from node.services.checks import Check
from node.services.ports import OpenWork
from node.services.ports.signin import Secrets
from node.services.today import Today
from node.settings import make_settings
from node.web.app import make_pages
from protocol.ids import NodeId
from tests.support.border import Carrier
from tests.support.clock import NOON, FakeClock
from tests.support.crossing import FakeProgram
from tests.support.migrated import bring_to_head
from tests.support.node import new_id

EMAIL, PASSWORD = "robin@example.org", "plum jam on warm bread"
ROBIN = User(
    id=UserId(new_id()),
    name="Robin Tremblay",
    email=EMAIL,
    role=Role.COORDINATOR,
    state=UserState.ACTIVE,
    added_at=NOON,
)
OPERATOR = Actor(UserId(new_id()), Role.ADMINISTRATOR)
HOME, HOST = NodeId("a" * 16), NodeId("b" * 16)
ADDRESS = "http://127.0.0.1:8200"
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass(frozen=True, kw_only=True)
class _Quick(Adapters):
    """A program that others reach without an exchange; real hashes at the least cost, since tests sign in often."""

    program: FakeProgram

    @cached_property
    def secrets(self) -> Secrets:
        """Hashes of passwords."""
        return ArgonSecrets(passes=1, kibibytes=8, lanes=1)

    @cached_property
    def work(self) -> OpenWork:
        """What the program writes with."""
        return self.program.work

    @cached_property
    def reading(self) -> OpenWork:
        """What the program reads with."""
        return self.program.work


@dataclass(frozen=True)
class _Checked(Services):
    """A node whose first page makes these checks."""

    checks: tuple[Check, ...] = ()

    @cached_property
    def today(self) -> Today:
        """What needs a person now."""
        on = self.adapters
        return Today(on.reading, on.work, on.clock, on.occupations, self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebNode:
    """A program with one coordinator, and another program next to it."""

    services: Services
    program: FakeProgram
    other: FakeProgram
    clock: FakeClock

    def app(self, public_url: str = "") -> FastAPI:
        """Its pages."""
        return make_pages(self.services, public_url=public_url, time_zone="America/Edmonton")

    def with_checks(self, *checks: Check) -> "WebNode":
        """The same node, whose first page makes these checks."""
        return replace(self, services=_Checked(self.services.adapters, checks))


@dataclass(frozen=True, slots=True)
class Browser:
    """Cookies, a language, and forms filled in as they were served."""

    client: httpx.AsyncClient

    async def see(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def send(self, path: str, fields: Mapping[str, str], *, page: str = "", **headers: str) -> httpx.Response:
        """Fill in the form on a page and send it, as this browser's own."""
        served = await self.see(page or path)
        found = _TOKEN.search(served.text)
        token = {"token": found[1]} if found else {}
        return await self.post(path, {**token, **fields}, **headers)

    async def post(self, path: str, fields: Mapping[str, str], **headers: str) -> httpx.Response:
        """Send fields as they are."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Sec-Fetch-Site": "same-origin", "Origin": str(self.client.base_url).rstrip("/"), **named}
        answer = await self.client.post(path, data=dict(fields), headers={k: v for k, v in sent.items() if v})
        return await self.led(answer)

    async def led(self, answer: httpx.Response) -> httpx.Response:
        """What answers a form; a page that it led to is seen. Reloading a page never sends a form again."""
        page = answer.headers.get("content-type", "").startswith("text/html") and answer.status_code == httpx.codes.OK
        assert not page or "hx-request" in answer.request.headers, f"{answer.request.url.path} would be sent again"
        where = answer.headers.get("location", "")
        return await self.see(where) if "/shown/" in where else answer

    def cookie(self, name: str) -> str:
        """What it keeps under a name, whatever the node adds to the name."""
        return next(one.value or "" for one in self.client.cookies.jar if one.name.startswith(name))

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
        """Sign in with the form."""
        return await self.send("/sign-in", {"email": email, "password": password})


@asynccontextmanager
async def browser(
    app: FastAPI, *, address: str = ADDRESS, place: str = "192.0.2.7", language: str = "en-CA"
) -> AsyncIterator[Browser]:
    """A fresh browser."""
    transport = httpx.ASGITransport(app=app, client=(place, 40_000), raise_app_exceptions=False)
    headers = {"Accept-Language": language}
    async with httpx.AsyncClient(transport=transport, base_url=address, headers=headers) as client:
        yield Browser(client)


@pytest.fixture
def web_node(tmp_path: Path, sqlite_url: str, vault: FileVault) -> Iterator[WebNode]:
    """A program next to another one, with a coordinator who has a password."""
    clock, carrier = FakeClock(), Carrier()
    engine, second = make_engine(sqlite_url), make_engine(sqlite_url.replace("fresh", "second"))
    bring_to_head(engine)
    bring_to_head(second)
    program = FakeProgram(HOME, engine, vault, carrier, clock)
    with program.work() as work:
        work.users.add(ROBIN)
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    settings = make_settings(data_dir, {"instance": "test", "database_url": sqlite_url})
    services = _Checked(_Quick(settings=settings, engine=engine, vault=vault, clock=clock, program=program))
    services.entrance.set_password(OPERATOR, EMAIL, PASSWORD)
    other = FakeProgram(HOST, second, vault, carrier, clock)
    yield WebNode(services=services, program=program, other=other, clock=clock)
    engine.dispose()
    second.dispose()
