"""What a prober sees is the same, whatever lies behind the silence: it writes down all that reaches it and compares.

It asks by name and anonymously for an occupation, and follows its programs' rounds for three weeks over real requests
and answers. Behind the silence there is nobody, somebody whose places are taken, somebody who said no, somebody whose
yes came too late, or a budget that was spent.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from federation.exchange.app import services_of
from federation.ground import http
from node.domain.card import CardOverError, NotAskedError
from node.domain.consent import Given
from node.domain.person import Person, Visibility
from node.domain.request import End, Move, NotListedError, Request, Stage, WrongMoveError
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.request.budget import MOST_DIRECT
from node.services.request.opening import need_of
from protocol.ids import Digest, ThreadId
from tests.support.node import new_id
from tests.support.nodes import Node, World

BY_NAME, BY_CARD = "31103", "21332"
WEEKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One answer that reached the prober: when, to what, and its outside; what is inside is sealed or its own."""

    at: datetime
    asked: str
    status: int
    headers: tuple[tuple[str, int], ...]
    size: int


class Hearing(httpx.AsyncBaseTransport):
    """Writes down what comes back."""

    def __init__(self, world: "Listened", to: httpx.AsyncBaseTransport) -> None:
        self._world, self._to = world, to

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._to.handle_async_request(request)
        await self._world.hear(request, response)
        return response


@dataclass(slots=True)
class Listened(World):
    """A world in which what reaches one program is written down while it is its turn."""

    listening: bool = False
    got: list[Got] = field(default_factory=list)

    def connect(self) -> httpx.AsyncClient:
        """A client whose answers are written down."""
        return http.client(transport=Hearing(self, httpx.ASGITransport(app=self.app)))

    async def hear(self, request: httpx.Request, response: httpx.Response) -> None:
        """Write down an answer."""
        body = await response.aread()
        if self.listening:
            path = request.url.path.split("/")
            headers = ((name.lower(), len(value)) for name, value in response.headers.items())
            got = Got(
                at=self.clock.now(),
                asked=f"{request.method} {'/'.join(path[:3])} {len(path)}",
                status=response.status_code,
                headers=tuple(sorted(headers)),
                size=len(body),
            )
            self.got.append(got)


@dataclass(slots=True)
class Probe:
    """One probe of both kinds, and what the target does behind the silence."""

    world: Listened
    home: Node
    host: Node
    thread: ThreadId = field(init=False)
    card: Digest = field(init=False)
    mentors: tuple[Person, ...] = ()

    def ask(self, before: Callable[["Probe"], None]) -> None:
        """Both requests leave; what stands behind the silence was there before."""
        mentee, other = (self.home.mentee(occupation=code) for code in (BY_NAME, BY_CARD))
        self.home.services.board.attest(self.home.actor)
        self.round()
        before(self)
        self.thread = self.home.services.requests.open(self.home.actor, mentee.id, self.host.id).id
        posted = self.home.services.board.post(self.home.actor, other.id, Given.PHONE).id
        assert posted is not None
        self.card = posted

    def round(self) -> None:
        """Everybody's turn; the prober writes down what reaches it."""
        self.host.sync()
        self.world.listening = True
        self.home.sync()
        self.world.listening = False

    def week(self) -> None:
        """The last day of a week, its batch, and the day after."""
        self.round()
        release = services_of(self.world.app).release_batch
        assert release is not None
        release()
        self.world.wait(timedelta(minutes=1))
        self.round()
        self.world.wait(timedelta(days=7))
        self.round()

    def hold(self, *codes: str) -> None:
        """Mentors of the very occupations."""
        self.mentors = tuple(
            self.host.mentor(occupation=code, visibility=Visibility.ASK_FIRST) for code in codes or (BY_NAME, BY_CARD)
        )

    def seen(self) -> tuple[object, ...]:
        """What the prober's own node knows of both."""
        view = self.home.services.requests.show(self.home.actor, self.thread)
        (posted,) = self.home.services.board.posted(self.home.actor)
        steps = [(step.at, step.by, step.move, step.receipted_at) for step in view.timeline]
        return view.stage, view.deadline_at, steps, posted.offers, posted.ended_at


def _none(_: Probe) -> None:
    """Nobody is there."""


def _full(probe: Probe) -> None:
    probe.hold()
    with probe.host.work as work:
        for mentor in probe.mentors:
            taken = SeatClaim(
                id=SeatId(new_id()), mentor=mentor.id, claimant=new_id(), state=SeatState.USED, held_until=None
            )
            work.seats.claim(taken, probe.world.clock.now())


def _over_budget(probe: Probe) -> None:
    probe.hold()
    with probe.host.work as work:
        for _ in range(MOST_DIRECT):
            work.requests.add(
                Request(
                    id=ThreadId(new_id()),
                    peer=probe.home.id,
                    end=End.HOST,
                    stage=Stage.EXPIRED,
                    need=need_of(probe.mentors[0].profile, 4, "America/Edmonton"),
                    opened_at=probe.world.clock.now(),
                )
            )
    with services_of(probe.world.app).engine.begin() as connection:
        connection.execute(text("update attestations set waiting = 0"))


def _declines(probe: Probe) -> None:
    with pytest.raises(NotListedError):
        probe.host.services.requests.end(probe.host.actor, probe.thread, Move.DECLINE)
    probe.host.services.board.ask(probe.host.actor, probe.card, probe.mentors[1].id)
    probe.host.services.board.refuse(probe.host.actor, probe.card, probe.mentors[1].id)


def _asks(probe: Probe) -> None:
    probe.host.services.board.ask(probe.host.actor, probe.card, probe.mentors[1].id)


def _answers_too_late(probe: Probe) -> None:
    named, anonymous = probe.mentors
    with suppress(WrongMoveError):
        probe.host.says_yes(probe.thread, named.id)
    with pytest.raises(WrongMoveError):
        probe.host.services.requests.offer(probe.host.actor, probe.thread, named.id)
    with pytest.raises((NotAskedError, CardOverError)):
        probe.host.services.board.offer(probe.host.actor, probe.card, anonymous.id, Given.PHONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What there is before a probe, what happens once it was read, and once its time is over."""

    before: Callable[[Probe], None] = Probe.hold
    read: Callable[[Probe], None] = _none
    over: Callable[[Probe], None] = _none


FATES = {
    "none": Fate(before=_none),
    "full": Fate(before=_full),
    "declined": Fate(read=_declines),
    "late": Fate(read=_asks, over=_answers_too_late),
    "over budget": Fate(before=_over_budget),
}


def played(folder: Path, fate: Fate) -> tuple[list[Got], tuple[object, ...]]:
    """All that reached the prober in three weeks, and what its own node knows at the end."""
    folder.mkdir()
    world = Listened(folder)
    probe = Probe(world, world.node("Medicine Hat"), world.node("Calgary"))
    probe.ask(fate.before)
    for number in range(WEEKS):
        probe.week()
        if number == 0:
            fate.read(probe)
    fate.over(probe)
    probe.week()
    world.close()
    return world.got, probe.seen()


@pytest.fixture(scope="module")
def silence(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Got], tuple[object, ...]]:
    """What is seen where nobody is there."""
    return played(tmp_path_factory.mktemp("silence") / "none", FATES["none"])


@pytest.mark.parametrize("name", ["full", "declined", "late", "over budget"])
def test_silence_has_one_shape(tmp_path: Path, silence: tuple[list[Got], tuple[object, ...]], name: str) -> None:
    nothing, known = silence
    got, seen = played(tmp_path / "played", FATES[name])

    assert seen == known
    if name == "over budget":  # the board shows it that its own card is missing: its budget, and nobody's mentors
        got, nothing = ([one for one in found if one.asked != "GET /v1/needs 4"] for found in (got, nothing))
    assert got == nothing
    assert len(got) > WEEKS


def test_the_recording_tells_an_offer_from_silence(
    tmp_path: Path, silence: tuple[list[Got], tuple[object, ...]]
) -> None:
    def offers(probe: Probe) -> None:
        probe.host.services.board.ask(probe.host.actor, probe.card, probe.mentors[1].id)
        probe.host.services.board.offer(probe.host.actor, probe.card, probe.mentors[1].id, Given.PHONE)

    got, seen = played(tmp_path / "played", Fate(read=offers))

    assert got != silence[0]
    assert seen != silence[1]
