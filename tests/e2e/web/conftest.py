"""A real `mentorweave serve` and a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.chromium import FLAGS, chromium
from tests.support.served import EMAIL, PASSWORD, Served, serve

__all__ = ["EMAIL", "PASSWORD", "Served"]
expect.set_options(timeout=20_000)  # a busy machine is no reason to fail


def _put_a_pair_together(served: Served) -> None:
    """Two people meet; without a mail server their letters wait for somebody to send them."""
    for kind, name in (("mentees", "Olena Kovalenko"), ("mentors", "Margaret Whitford")):
        file = served.data.parent / f"{kind}.csv"
        row = f"{name},{name.split()[0].lower()}@example.org,Redcliff,31102,en:8,1"
        file.write_text(f"name,email,community,occupation,languages,seats\n{row}\n", "utf-8")
        served.run("people", "import", str(file), "--kind", kind)
    served.run("match", "approve", *served.ids("mentees"), *served.ids("mentors"))
    served.run("letters", "send")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A founded program with its operator's password, served until the tests are over."""
    with serve(tmp_path_factory.mktemp("served"), _put_a_pair_together) as found:
        yield found


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A founded program with pages for everybody."""
    with serve(tmp_path_factory.mktemp("hosted"), lambda _: None, hosted=True) as found:
        yield found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How Chromium is started."""
    return {"executable_path": chromium(), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    """Where pages are, so that tests name paths only."""
    return served.url
