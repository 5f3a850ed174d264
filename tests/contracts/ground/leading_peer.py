"""A would-be leader in a process of its own: says `leads` or `waits`, then keeps what it has until it is killed."""

import sys

from federation.ground.engine import make_engine
from federation.ground.leader import Leadership

if __name__ == "__main__":
    leadership = Leadership(make_engine(sys.argv[1]), sys.argv[2])
    while sys.stdin:
        sys.stdout.write("leads\n" if leadership.hold() else "waits\n")
        sys.stdout.flush()
        if not sys.stdin.readline():
            break
