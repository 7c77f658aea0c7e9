"""The studies of docs/studies: their sweeps can run, and their pages say what their tables hold."""

import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.sweeps.sweeping import prepared

ROOT = Path(__file__).parents[1]
STUDIES = {"escape": 112, "batch_size": 2394, "paper": 3120}


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])


@pytest.fixture(name="script", scope="module")
def script_fixture() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "write_studies_page.py"))


@pytest.mark.parametrize("name", STUDIES)
def test_the_sweep_can_run(name: str) -> None:
    file = ROOT / "docs" / "studies" / f"{name}.toml"
    assert len(prepared(file, {}, changes={}).cells) == STUDIES[name]


@pytest.mark.parametrize("name", ["escape", "batch_size"])
def test_the_page_says_what_came_out(script: dict[str, Any], name: str) -> None:
    assert (script["PLACE"] / f"{name}.md").read_text(encoding="utf-8") == script["page"](name)


def test_times_of_diffusion_are_those_of_constant_noise() -> None:
    """Against Kramers' time, whose error is about T over the barrier: 5% at a tenth of it."""
    from research.studies.escape import well

    found = well({"kind": "double_well", "barrier": 1.0, "distance": 0.5, "tilt": 1.0, "examples": 3}, 0)
    curved = np.abs(found.curvature[[found.bottom, found.top]])
    temperature = 0.1
    kramers = 2 * np.pi / np.sqrt(curved.prod()) * np.exp(found.barrier / temperature)
    assert found.time(2 * temperature / found.covariance[found.bottom]) == pytest.approx(kramers, rel=0.1)


def test_the_law_is_found_in_numbers_that_follow_it() -> None:
    from research.studies.batch_size import fit

    rows = [{"batch": batch, "mean": 10.0 * (1 + 20.0 / batch)} for batch in (1.0, 4.0, 16.0, 64.0, 256.0)]
    found = fit(rows)
    assert (found.fewest[0], found.critical[0]) == pytest.approx((10.0, 20.0), rel=1e-6)
    assert found.off < 1e-6
