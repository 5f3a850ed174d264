"""The one option of this folder: `make docs` writes the reference pages that the tests otherwise compare."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-docs", action="store_true", help="write docs/reference anew from the code")


@pytest.fixture
def update_docs(pytestconfig: pytest.Config) -> bool:
    # Without a default the option would be unknown where pytest starts above this folder.
    return bool(pytestconfig.getoption("--update-docs", default=False))
