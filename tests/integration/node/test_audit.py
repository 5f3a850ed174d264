"""`make audit` in the smallest size: every attack runs on releases that the product itself made, and can succeed."""

from pathlib import Path

import numpy as np
import pytest

from node.domain.budget import PER_DRAW_MILLI, guarantee
from node.domain.counts import MINOR_GROUPS
from tests.audit import attacks
from tests.audit.program import TARGET, Simulation
from tests.audit.report import LIMIT, TINY, audit, page, write


def test_every_attack_runs_and_is_written_down_beside_its_guarantee(tmp_path: Path) -> None:
    found = audit(tmp_path, TINY)
    write(tmp_path / "privacy" / "audit.md", found)

    assert len(found.rows) == 11
    assert found.exact == pytest.approx(0.186, abs=1e-3)
    assert found.exact < LIMIT < guarantee(1_000)
    assert (tmp_path / "privacy" / "audit.md").read_text("utf-8") == page(found)
    assert [row.measured[0] for row in found.rows if "probes" in row.attack] == ["0", "0", "0"]


def test_a_year_is_four_stored_releases_and_she_is_in_one_cell_of_them(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, 25)

    with_her = simulation.years(2, present=True)

    assert [[len(quarter) for quarter in year] for year in with_her] == [[89] * 4] * 2
    assert simulation.exact[MINOR_GROUPS.index(TARGET)] == 0


def test_an_attack_on_releases_without_noise_is_certain() -> None:
    """The attacks are worth something: where nothing protects her they find her."""
    present, absent = np.ones((40, 4)), np.zeros((40, 4))

    assert attacks.likelihood_ratio(present, absent, 0).value == 1
    assert attacks.learned(present, absent).value == 1
    assert attacks.differencing(present, absent).value == 1
    assert attacks.reconstruction([[[3, 0]] * 4], [3, 0]) == (1.0, 0.5)


def test_the_best_attack_on_one_release_reaches_the_guarantee() -> None:
    assert attacks.exact_advantage(1) == pytest.approx(guarantee(PER_DRAW_MILLI))
