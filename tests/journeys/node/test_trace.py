"""Everything that leaves a program is compared, byte by byte, between programs that differ in one sealed mentor.

Chance is fixed: keys, ids, nonces and noise come from one seeded stream, so that any difference is the mentor's. Only
seals draw their own inside the library: the same content sealed to the same key is given the seal it had before.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest

from federation.ground import http
from node.domain.actor import SYSTEM
from node.domain.language import parse_languages
from node.domain.person import Contact, Kind, OccupationCode, Person, Visibility
from protocol.keys import OpeningKey, SealingKey, SigningKey
from protocol.sealing import SealLabel, seal
from protocol.summaries import Cells, Summary, claimed_summary
from protocol.vocabulary import Mode, Publishes
from tests.support.chance import SeededRandomness
from tests.support.node import a_person, a_profile
from tests.support.nodes import Node, World

Change = Callable[[Node], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One thing that left: when, where to, under which headers, and its bytes."""

    at: datetime
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def summary(self) -> Summary | None:
        """What it publishes, if it publishes something."""
        return claimed_summary(self.body) if "/summaries" in self.url and self.method == "PUT" else None


class Recording(httpx.AsyncBaseTransport):
    """Writes down what leaves, then lets it leave."""

    def __init__(self, world: "TracedWorld", to: httpx.AsyncBaseTransport) -> None:
        self._world, self._to = world, to

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if self._world.recording:
            headers = tuple((name.lower(), value) for name, value in request.headers.items())
            sent = Sent(
                at=self._world.clock.now(), method=request.method, url=str(request.url), headers=headers, body=body
            )
            self._world.sent.append(sent)
        return await self._to.handle_async_request(request)


@dataclass(slots=True)
class TracedWorld(World):
    """A world in which what one node sends is written down while it is its turn."""

    recording: bool = False
    sent: list[Sent] = field(default_factory=list)

    def connect(self) -> httpx.AsyncClient:
        """A client that is listened to."""
        return http.client(transport=Recording(self, httpx.ASGITransport(app=self.app)))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down what is sent meanwhile."""
        self.recording = True
        yield
        self.recording = False


@pytest.fixture
def seed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Makes all chance of this process come from one stream."""

    @cache
    def sealed_before(plaintext: bytes, to: bytes, label: SealLabel, context: bytes) -> bytes:
        return seal(plaintext, to=SealingKey(to), label=label, context=context)

    def seal_again(plaintext: bytes, *, to: SealingKey, label: SealLabel, context: bytes) -> bytes:
        return sealed_before(plaintext, to.raw, label, context)

    monkeypatch.setattr("protocol.envelope.seal", seal_again)
    monkeypatch.setattr("protocol.joining.seal", seal_again)

    def sow(seed: bytes) -> None:
        stream = SeededRandomness(seed)
        monkeypatch.setattr(os, "urandom", stream)
        monkeypatch.setattr(random, "_urandom", stream)
        monkeypatch.setattr(SigningKey, "generate", lambda: SigningKey(stream(32)))
        monkeypatch.setattr(OpeningKey, "generate", lambda: OpeningKey(stream(32)))

    return sow


@pytest.fixture
def trace(
    tmp_path: Path, seed: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Change], list[Sent]]:
    """What a program sends in three weeks, after one change of its people."""

    def run(change: Change) -> list[Sent]:
        seed(b"the same world")
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        world = TracedWorld(folder)
        node, other = world.node("Calgary", publishes=Publishes.COUNTS), world.node("Hat")
        for number in range(4):
            add(node, a_mentor(number, "21300", Visibility.LISTED if number == 0 else Visibility.ASK_FIRST))
        change(node)
        seed(b"the same weeks")
        live(world, node, other)
        world.close()
        return world.sent

    return run


def a_mentor(number: int, occupation: str, visibility: Visibility) -> Person:
    profile = replace(a_profile(occupation=occupation, seats=2), visibility=visibility)
    contact = Contact(name=f"Mentor {number}", email=f"m{number}@example.org")
    return replace(a_person(Kind.MENTOR, contact=contact, profile=profile))


def add(node: Node, person: Person) -> None:
    node.add(person)


def live(world: TracedWorld, node: Node, other: Node) -> None:
    """A yes, a draw, releases of three weeks, rounds, and a request each way that nobody answers until it lapses."""
    with world.listening():
        node.services.summary.agree(node.actor)
    ours, theirs = node.mentee(occupation="31102"), other.mentee(occupation="21300")
    for number, days in enumerate((1, 1, 6, 7)):
        world.wait(timedelta(days=days))
        if number == 1:
            other.services.requests.open(other.actor, theirs.id, node.id)
            node.services.requests.open(node.actor, ours.id, other.id)
        other.sync()
        with world.listening():
            node.services.summary.draw.when_due(SYSTEM)
            node.services.summary.publish.when_due(SYSTEM)
            node.sync()
            node.services.today(node.actor)


def with_mentor(
    visibility: Visibility, *, occupation: str = "21301", languages: str = "en:9", seats: int = 1, name: str = "Amara"
) -> Change:
    """One mentor more, taken in by a coordinator."""

    def change(node: Node) -> None:
        person = a_mentor(9, occupation, visibility)
        profile = replace(
            person.profile,
            occupation=OccupationCode(occupation),
            languages=parse_languages(languages),
            seats=seats,
            mode=Mode.ONLINE,
        )
        add(node, replace(person, profile=profile, contact=replace(person.contact, name=name)))

    return change


def cells(summary: Summary) -> list[int]:
    """The noisy numbers it carries."""
    assert isinstance(summary.counts, Cells)
    return [number for _, number in summary.counts.cells]


def nothing(_: Node) -> None:
    """The program as it is."""


def test_a_mentor_of_only_here_changes_nothing_that_leaves(trace: Callable[[Change], list[Sent]]) -> None:
    without = trace(nothing)

    assert len([sent for sent in without if sent.summary]) == 3
    assert [sent for sent in without if sent.method == "PUT" and "/mailbox/" in sent.url]
    assert trace(with_mentor(Visibility.ONLY_HERE, occupation="31102", languages="fr:5; ar:12", seats=3)) == without


def test_a_mentor_who_wants_to_be_asked_first_changes_one_noisy_number_and_nothing_else(
    trace: Callable[[Change], list[Sent]],
) -> None:
    without, with_her = trace(nothing), trace(with_mentor(Visibility.ASK_FIRST))

    shapes = [
        [(sent.at, sent.method, len(sent.url), len(sent.headers), len(sent.body)) for sent in sents]
        for sents in (without, with_her)
    ]
    assert shapes[0] == shapes[1]
    for one, other in zip(without, with_her, strict=True):
        if one.summary is None or other.summary is None:
            assert one == other
        else:
            assert one.summary.model_copy(update={"counts": other.summary.counts}) == other.summary
            numbers = zip(cells(one.summary), cells(other.summary), strict=True)
            assert [after - before for before, after in numbers if after != before] == [1]


def test_two_mentors_of_one_cell_who_want_to_be_asked_first_look_the_same(
    trace: Callable[[Change], list[Sent]],
) -> None:
    one = trace(with_mentor(Visibility.ASK_FIRST, occupation="21301", languages="en:9", seats=1))
    other = trace(with_mentor(Visibility.ASK_FIRST, occupation="21311", languages="fr:6; tl:12", seats=3, name="Zoé"))

    assert one == other
