"""Fixtures of journeys that are typed."""

from tests.support.commands import run

__all__ = ["run"]
