"""Fixtures of a node's contract suites."""

from tests.support.crossing import pair
from tests.support.node import node_engine, vault, work

__all__ = ["node_engine", "pair", "vault", "work"]
