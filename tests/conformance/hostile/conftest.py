"""Two programs behind an exchange on the loopback that a test may turn hostile, one answer at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import delete

from federation.ground.engine import transaction
from federation.ground.http import client
from tests.support.federation import Federation, Program
from tests.support.site import Answer, Asked, Site, serving

Twist = Callable[[Asked, Callable[[], Answer]], Answer]
LARGEST = 100_000
LONGEST = 0.4
A_WHILE = timedelta(hours=7)


def honest(_asked: Asked, answer: Callable[[], Answer]) -> Answer:
    return answer()


@dataclass
class Front:
    """The exchange as the programs meet it; `twist` is what it does with every answer."""

    site: Site
    federation: Federation
    home: Program
    host: Program
    twist: Twist = honest

    def calm(self) -> None:
        """An honest exchange for a while, and nothing left to tell."""
        self.twist = honest
        self.federation.wait(A_WHILE)
        self.federation.settle(2)
        for program in (self.home, self.host):
            with transaction(program.engine) as connection:
                connection.execute(delete(program.tables.alert))
            program.effects.events.clear()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    federation = Federation(tmp_path_factory.mktemp("hostile"))
    exchange, fronts = federation.exchange, list[Front]()

    def answer(asked: Asked) -> Answer:
        def honestly() -> Answer:
            url = federation.stewards.url + asked.path + ("?" + asked.query if asked.query else "")
            said = exchange.answer(httpx.Request(asked.method, url, headers=dict(asked.headers), content=asked.body))
            return Answer(said.status_code, said.content, {"content-type": "application/json"})

        return fronts[0].twist(asked, honestly) if fronts else honestly()

    with serving(answer) as site:
        federation.stewards.url = exchange.url = site.url
        exchange.connector = partial(client, max_response_bytes=LARGEST, max_response_seconds=LONGEST)
        home, host = federation.program("home"), federation.program("host")
        fronts.append(Front(site, federation, home, host))
        yield fronts[0]


@pytest.fixture
def front(shared: Front) -> Front:
    shared.calm()
    return shared
