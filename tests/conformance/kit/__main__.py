"""Points the checks at a foreign exchange, `python -m tests.conformance.kit exchange FILE`, or at a node, `... node`.

How they come into a federation of tests first is told in docs/protocol/conformance.md.
"""

import argparse
import json
import sys
from pathlib import Path
from threading import Event

import anyio

from federation.ground.clock import SystemClock
from federation.ground.http import client
from protocol.ids import NodeId
from protocol.keys import OpeningKey, SigningKey
from protocol.parsing import b64u, unb64u
from protocol.roster import Quotas
from tests.conformance.kit.exchange import QUOTA, Exchange, run
from tests.conformance.kit.node import run as run_node
from tests.conformance.kit.stage import staged
from tests.support.exchange import Peer


def write_members(file: Path, url: str) -> None:
    """Make two members for a federation of tests, and say how its roster must name them."""
    peers = [Peer(clock=SystemClock()), Peer(clock=SystemClock(), quotas=Quotas(messages=QUOTA))]
    held = [{"node": peer.node, **{name: b64u(key) for name, key in _keys(peer).items()}} for peer in peers]
    file.touch(mode=0o600)
    file.write_text(json.dumps({"url": url, "members": held}))
    sys.stdout.write("\n".join(peer.member().encode().decode() for peer in peers) + "\n")


def _keys(peer: Peer) -> dict[str, bytes]:
    return {"identity": peer.identity.seed, "signing": peer.signing.seed, "opening": peer.opening.raw}


def read_members(file: Path) -> tuple[str, Peer, Peer]:
    """The address and both members."""
    held = json.loads(file.read_text())
    alice, bob = (
        Peer(
            clock=SystemClock(),
            node=NodeId(member["node"]),
            identity=SigningKey(unb64u(member["identity"])),
            signing=SigningKey(unb64u(member["signing"])),
            opening=OpeningKey(unb64u(member["opening"])),
        )
        for member in held["members"]
    )
    return held["url"], alice, bob


async def check(file: Path) -> dict[str, str]:
    """What was found at the exchange."""
    url, alice, bob = read_members(file)
    async with client() as http:
        return await run(Exchange(url=url.rstrip("/"), client=http, clock=SystemClock(), alice=alice, bob=bob))


def check_node(patience: int) -> dict[str, str]:
    """What was found at the node whose operator types the code that is shown."""
    end = Event()

    def tell(asked: str) -> None:
        sys.stderr.write(f"At the node, please {asked}\n")

    def second() -> None:
        end.wait(1)

    with staged(SystemClock(), second, turns=patience, operator=tell) as stage:
        return run_node(stage)


def main(arguments: list[str]) -> int:
    """Exit 0 where every rule holds, 1 where one does not."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.kit")
    verbs = parser.add_subparsers(dest="verb", required=True)
    made, asked, node = (verbs.add_parser(verb) for verb in ("members", "exchange", "node"))
    made.add_argument("file", type=Path)
    made.add_argument("--url", required=True)
    asked.add_argument("file", type=Path)
    node.add_argument("--patience", type=int, default=900, help="seconds that the node has for each step")
    given = parser.parse_args(arguments)
    if given.verb == "members":
        write_members(given.file, given.url)
        return 0
    found = check_node(given.patience) if given.verb == "node" else anyio.run(check, given.file)
    for name, violation in found.items():
        sys.stdout.write(f"violated {name}: {violation}\n" if violation else f"holds    {name}\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
