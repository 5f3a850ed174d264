"""A node's JSON API over a real database with real tokens, called the way another program calls it."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.api.v1 import PREFIX, make_api
from node.bootstrap import Services
from node.bootstrap.adapters import Adapters
from node.domain.actor import Actor, Role, UserId
from node.domain.token import Scope
from node.domain.user import User, UserState
from node.services.ports import OpenWork
from node.services.ports.vault import Guard
from node.settings import make_settings
from protocol.ids import NodeId
from tests.support.border import Carrier
from tests.support.clock import NOON, FakeClock
from tests.support.crossing import FakeProgram
from tests.support.migrated import bring_to_head
from tests.support.node import WORDS, new_id

ADMINISTRATOR = Actor(UserId(new_id()), Role.ADMINISTRATOR)
STAFF = tuple(role for role in Role if role is not Role.SYSTEM)


@dataclass(frozen=True, kw_only=True)
class _Joined(Adapters):
    """A program that others reach without an exchange."""

    program: FakeProgram

    @property
    def work(self) -> OpenWork:
        """What the program writes with."""
        return self.program.work

    @property
    def reading(self) -> OpenWork:
        """What the program reads with."""
        return self.program.work


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiNode:
    """A program with a member of staff in every role."""

    services: Services
    program: FakeProgram
    clock: FakeClock
    users: dict[Role, User]

    def app(self, *, calls_a_minute: int = 100_000) -> FastAPI:
        """Its API."""
        return make_api(self.services, language="en", calls_a_minute=calls_a_minute)

    def token(self, role: Role = Role.COORDINATOR, scopes: Iterable[Scope] = tuple(Scope)) -> str:
        """A token of the member of staff in a role."""
        given = self.services.users.add_token(ADMINISTRATOR, self.users[role].id, "a test", scopes)
        return given.secret

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """Every statement the database runs while the block does."""
        seen: list[str] = []

        def note(*said: object) -> None:
            seen.append(str(said[2]))

        event.listen(self.program.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.program.engine, "before_cursor_execute", note)


@asynccontextmanager
async def caller(app: FastAPI, token: str = "", **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Another program, with its token."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    outer = FastAPI(openapi_url=None)
    outer.mount(PREFIX, app)
    transport = httpx.ASGITransport(app=outer, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://node{PREFIX}", headers=sent) as client:
        yield client


@contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[ApiNode, ApiNode]]:
    """Two programs that can write to each other."""
    clock, carrier = FakeClock(), Carrier()
    first, second = (_node(folder / letter, NodeId(letter * 16), carrier, clock) for letter in "ab")
    yield first, second
    for node in (first, second):
        node.program.engine.dispose()


def _node(folder: Path, name: NodeId, carrier: Carrier, clock: FakeClock) -> ApiNode:
    folder.mkdir()
    url = sqlite_url(folder / "node.sqlite3")
    engine = make_engine(url)
    bring_to_head(engine)
    vault = FileVault.create(folder / "keys" / "test.key", Lock(guard=Guard.BARE, passphrase=None), make_keys(WORDS))
    program = FakeProgram(name, engine, vault, carrier, clock)
    users: dict[Role, User] = {role: _user(role) for role in STAFF}
    with program.work() as work:
        for user in users.values():
            work.users.add(user)
    settings = make_settings(folder, {"instance": "test", "database_url": url})
    services = Services(_Joined(settings=settings, engine=engine, vault=vault, clock=clock, program=program))
    return ApiNode(services=services, program=program, clock=clock, users=users)


def _user(role: Role) -> User:
    return User(
        id=UserId(new_id()),
        name=f"The {role}",
        email=f"{role}@example.org",
        role=role,
        state=UserState.ACTIVE,
        added_at=NOON,
    )
