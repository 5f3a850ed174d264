"""Enumeration by probes: an invented mentee asks for occupation after occupation, and watches what comes back."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.sql.schema import bring_to_head
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.person import Visibility
from node.services.ports.vault import Guard
from protocol.vocabulary import Publishes
from tests.support.border import Carrier
from tests.support.clock import FakeClock
from tests.support.crossing import CALGARY_ID, CLERK, HAT_ID, FakeProgram, settle
from tests.support.node import WORDS

_WEEKS = 3


@dataclass(frozen=True, slots=True)
class Observed:
    """What a probing program has seen of one probe: where the request stands, and every step and its moment."""

    occupation: str
    stage: str
    steps: tuple[str, ...]


def probe(folder: Path, occupations: tuple[str, ...], held: Visibility | None) -> tuple[Observed, ...]:
    """What is observed of a program that holds a mentor of each of these occupations at a level, or of none."""
    folder.mkdir()
    clock, carrier = FakeClock(), Carrier()
    attacker, target = (_program(folder, name, carrier, clock) for name in ("attacker", "target"))
    if held is not None:
        for occupation in occupations:
            target.mentor(occupation=occupation, visibility=held)
    target.agree_to_publish(CLERK)
    asked = {}
    for occupation in occupations:
        mentee = attacker.mentee(occupation=occupation, email=f"m{occupation}@example.org")
        asked[attacker.open(CLERK, mentee.id, target.node).id] = occupation
    for _ in range(_WEEKS):
        settle(attacker, target)
        target.publish.when_due(CLERK)
        clock.advance(timedelta(days=7))
        target.lapse(CLERK)
        attacker.lapse(CLERK)
    observed = tuple(
        Observed(
            occupation=asked[view.id],
            stage=view.stage,
            steps=tuple(f"{step.at.isoformat()} {step.by} {step.move}" for step in view.timeline),
        )
        for view in attacker.requests()
        for view in [attacker.request(view.id)]
    )
    for program in (attacker, target):
        program.engine.dispose()
    return observed


def told_apart(folder: Path, occupations: tuple[str, ...], held: Visibility) -> int:
    """How many probes end otherwise because there is such a mentor."""
    absent = probe(folder / "absent", occupations, None)
    present = probe(folder / f"level-{held.value}", occupations, held)
    return sum(one != other for one, other in zip(absent, present, strict=True))


def _program(folder: Path, name: str, carrier: Carrier, clock: FakeClock) -> FakeProgram:
    engine = make_engine(sqlite_url(folder / f"{name}.sqlite3"))
    bring_to_head(engine)
    lock = Lock(guard=Guard.BARE, passphrase=None)
    vault = FileVault.create(folder / f"{name}.key", lock, make_keys(WORDS))
    node = HAT_ID if name == "attacker" else CALGARY_ID
    return FakeProgram(node, engine, vault, carrier, clock, Publishes.BRACKET)
