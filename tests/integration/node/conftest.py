"""Fixtures of a node's integration tests."""

from tests.support.commands import program, run

__all__ = ["program", "run"]
