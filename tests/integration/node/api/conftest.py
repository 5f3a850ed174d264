"""Fixtures of the tests of the API: two programs for a module, since making one takes longer than most calls."""

from collections.abc import Iterator

import pytest

from tests.support.api import ApiNode, two_nodes

Nodes = tuple[ApiNode, ApiNode]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with two_nodes(tmp_path_factory.mktemp("nodes")) as both:
        yield both


@pytest.fixture(scope="module")
def node(nodes: Nodes) -> ApiNode:
    return nodes[0]
