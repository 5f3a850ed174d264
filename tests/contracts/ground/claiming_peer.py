"""A worker in a process of its own: claims rows in small batches until none is left, and says which."""

import sys
from datetime import timedelta

from federation.ground.claims import claim_due
from federation.ground.engine import make_engine, transaction
from tests.contracts.ground.claiming_rows import DUE, ROWS

if __name__ == "__main__":
    engine = make_engine(sys.argv[1])
    with transaction(engine):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    sys.stdin.readline()
    done: list[int] = []
    while True:
        with transaction(engine) as connection:
            batch = claim_due(connection, ROWS, now=DUE, lease=timedelta(minutes=5), limit=3)
        if not batch:
            break
        done += [row.id for row in batch]
    engine.dispose()
    sys.stdout.write(" ".join(str(number) for number in done) + "\n")
