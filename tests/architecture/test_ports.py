"""What is promised at a port is kept by every adapter: each port is named by a suite in tests/contracts."""

import re

from typing_extensions import is_protocol

from tests.architecture.tree import classes, files, read


def ports() -> set[str]:
    """The names of all ports: protocols in a module `ports`, or in a module of such a package."""
    return {one.__name__ for one in classes(object) if is_protocol(one) and "ports" in one.__module__.split(".")}


def test_every_port_has_a_contract_suite() -> None:
    suites = "\n".join(read(path) for path in files(".py", under="tests/contracts"))

    assert sorted(port for port in ports() if not re.search(rf"\b{port}\b", suites)) == []
