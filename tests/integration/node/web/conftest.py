"""Fixtures of the tests of pages."""

from tests.support.node import vault
from tests.support.web import web_node

__all__ = ["vault", "web_node"]
