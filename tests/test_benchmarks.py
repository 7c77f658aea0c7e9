"""The benchmarks run, refuse to time what is wrong, and their page says what was measured."""

import platform
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
X86 = platform.machine().lower() in {"x86_64", "amd64"}


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])


def test_a_row_is_checked_and_timed() -> None:
    """Compiles a kernel and six ceilings: 8 seconds."""
    from benchmarks.__main__ import measured
    from benchmarks.cases import Case
    from benchmarks.ceilings import Ceilings
    from benchmarks.machine import processors
    from errsurf.engine.held_tables import held_rows

    case = Case("linear_regression", particles=20, batch=3, threads=1)
    with processors(1) as pool:
        ceilings = Ceilings(1, pool, 0.001)
        row = measured(case, ceilings, 0.001)
    assert row["gradients_per_second"] > 0
    assert row["updates_per_second"] == pytest.approx(row["gradients_per_second"] * 7 / 20)
    assert set(row["shares"]) - {"gather"} == {"gradient", "shuffle", "update"}
    assert ("gather" in row["shares"]) == (held_rows(20, "float32") == 0)
    for ceiling in ("fma float32", "exp float32", "gradient linear_regression float32 4"):
        assert ceilings.rates[ceiling] > 0
        assert ceilings.bits[ceiling] in ((128, 256, 512) if X86 else (None,))


def test_wrong_positions_are_not_timed() -> None:
    from benchmarks.cases import Case, starts
    from benchmarks.check import ResultError, check, plain_loop

    case = Case("linear_regression", particles=20, batch=3, threads=1)
    position = np.concatenate([plain_loop(case, 3, 0), plain_loop(case, 3, 4)[-4:]]).astype(np.float32)
    check(case, 3, position)
    way = position - starts(case.surface, case.particles)
    with pytest.raises(ResultError, match="after 3 updates"):
        check(case, 3, position + 0.01 * way)


def test_the_page_says_what_was_measured() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "write_performance_page.py"))
    file = script["newest"]()
    if file is None:
        pytest.skip("no results are kept yet")
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](file)
