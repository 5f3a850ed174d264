"""A simulated program whose releases are made and stored by the product's own verbs, for as long as is wanted."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.ids import SystemIds
from node.adapters.noise import SystemRandomness
from node.adapters.sql.schema import bring_to_head
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.actor import SYSTEM, Actor, Role, UserId
from node.domain.budget import Quarter, due_at
from node.domain.counts import MINOR_GROUPS
from node.domain.person import Kind, Person, Visibility
from node.services.drawing import AgreeToPolicy, DrawCounts
from node.services.ports.vault import Guard
from node.services.summary import PublishSummary
from protocol.ids import NodeId
from protocol.vocabulary import Publishes
from tests.support.border import Carrier, FakeBorder
from tests.support.clock import FakeClock
from tests.support.node import HAT, PROGRAM, WORDS, a_person, a_profile

OLGA = Actor(UserId("01a00000-0000-7000-8000-00000000c1e0"), Role.ADMINISTRATOR)
TARGET = "951"
"""The cell of the mentor whose membership is in question: she is the only one in it, the hardest case."""
QUARTERS = 4
_LIFE = 20
"""Years that one database lives: a longer one would be read over and over."""

Year = tuple[tuple[int, ...], ...]
"""Four stored releases of 89 noisy numbers."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A program of so many mentors, with and without one more."""

    folder: Path
    mentors: int

    @property
    def exact(self) -> tuple[int, ...]:
        """The true counts without the mentor in question: few occupations are common, most are rare."""
        found = Counter(self._groups())
        return tuple(found[group] for group in MINOR_GROUPS)

    def years(self, wanted: int, *, present: bool) -> list[Year]:
        """So many years of stored releases, with or without her."""
        founded = self._found(present=present)
        years: list[Year] = []
        for number in range(-(-wanted // _LIFE)):
            copy = self.folder / f"{founded.stem}-{number}.sqlite3"
            shutil.copy(founded, copy)
            years += self._live(copy, min(_LIFE, wanted - len(years)))
            copy.unlink()
        return years

    def _groups(self) -> Iterator[str]:
        """A minor group for every mentor; the n-th is as common as 1/n."""
        others = [group for group in MINOR_GROUPS if group != TARGET]
        weights = [1 / (place + 1) for place in range(len(others))]
        for group, weight in zip(others, weights, strict=True):
            yield from [group] * round(self.mentors * weight / sum(weights))

    def _found(self, *, present: bool) -> Path:
        file = self.folder / f"{'with' if present else 'without'}-{self.mentors}.sqlite3"
        engine = make_engine(sqlite_url(file))
        bring_to_head(engine)
        with unit_of_work(engine, self._vault())() as work:
            work.programs.add(PROGRAM)
            work.communities.add(HAT)
            work.people.add([_mentor(group) for group in (*self._groups(), *([TARGET] if present else []))])
        engine.dispose()
        return file

    def _live(self, file: Path, years: int) -> list[Year]:
        engine, clock, carrier = make_engine(sqlite_url(file)), FakeClock(), Carrier()
        border = FakeBorder(NodeId("a" * 16), carrier, Publishes.COUNTS)
        work = unit_of_work(engine, self._vault(), lambda _: border)
        quarter = Quarter(2027, 1)
        clock.set(quarter.starts_at)
        AgreeToPolicy(work, clock)(OLGA)
        draw, publish = (
            DrawCounts(work, clock, SystemRandomness(), lambda: False),
            PublishSummary(work, clock, SystemIds(clock)),
        )
        for _ in range(years * QUARTERS):
            clock.set(due_at(datetime.min.replace(tzinfo=UTC), quarter))
            draw.when_due(SYSTEM)
            publish.when_due(SYSTEM)
            clock.advance(timedelta(days=1))
            quarter = quarter.next
        engine.dispose()
        released = [cells.numbers for cells in carrier.offered if cells is not None]
        return [tuple(released[start : start + QUARTERS]) for start in range(0, len(released), QUARTERS)]

    def _vault(self) -> FileVault:
        lock, file = Lock(guard=Guard.BARE, passphrase=None), self.folder / "audit.key"
        return FileVault.open(file, lambda: lock) if file.exists() else FileVault.create(file, lock, make_keys(WORDS))


def _mentor(group: str) -> Person:
    profile = replace(a_profile(occupation=f"{group}00", seats=1), visibility=Visibility.ASK_FIRST)
    return a_person(Kind.MENTOR, profile=profile)
