"""A roster of a thousand members: fetched from memory, verified and read, as a node does it for the first time."""

import time
from pathlib import Path

from federation.membership.roster_client import RosterClient
from protocol.ids import node_id
from protocol.keys import SigningKey
from tests.bench.registry import Figure, Size, median
from tests.support.clock import FakeClock
from tests.support.roster import Stewards
from tests.support.simulated_exchange import SimulatedExchange

SECONDS = 0.3


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    members, rounds = size.pick(1_000, 3), size.pick(7, 1)
    clock = FakeClock()
    stewards = Stewards(clock.now())
    for number in range(members):
        stewards.admit(node_id(number.to_bytes(10, "big")), SigningKey.generate().public, f"Program {number}")
    stewards.publish()
    exchange = SimulatedExchange(clock, stewards)
    seconds = median([_verify(folder / str(number), exchange, stewards) for number in range(rounds)])
    return [
        Figure(
            what=f"roster of {members} members, fetched from memory and verified",
            figure=f"{seconds:.2f} s",
            target=f"< {SECONDS} s",
            met=seconds < SECONDS,
        )
    ]


def _verify(folder: Path, exchange: SimulatedExchange, stewards: Stewards) -> float:
    client = RosterClient(metadata_dir=folder, connect=exchange.connect)
    client.bootstrap(stewards.files["1.root.json"])
    start = time.perf_counter()
    fetched = client.refresh(f"{stewards.url}/roster/", stewards.now)
    seconds = time.perf_counter() - start
    assert len(fetched.members.members) == len(stewards.members)
    return seconds
