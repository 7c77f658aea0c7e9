"""docs/claims.md says what was run, of all 26 claims, and what was run is what the tables ask for."""

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from errsurf.scenario.claims import LECTURE_CLAIMS

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])


@pytest.fixture(name="kept", scope="module")
def kept_fixture() -> dict[str, Any]:
    parts: dict[str, Any] = json.loads((ROOT / "research" / "results" / "claims.json").read_text(encoding="utf-8"))
    return parts


def test_the_page_says_what_was_run(kept: dict[str, Any]) -> None:
    script = runpy.run_path(str(ROOT / "docs" / "write_claims_page.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](kept)


def test_every_claim_was_tried(kept: dict[str, Any]) -> None:
    from research.claim_grids import studies

    everything = list(range(1, LECTURE_CLAIMS + 1))
    assert [study.lecture for study in studies()] == everything
    assert [int(number) for number in kept["claims"]] == everything
    for study in studies():
        assert study.says
        assert study.bounds
        assert study.why


def test_what_was_run_is_what_the_tables_ask_for(kept: dict[str, Any]) -> None:
    from research.claim_grids import Grid, Timed, studies

    for study in studies():
        tables = kept["claims"][str(study.lecture)]["tables"]
        assert [table.title for table in study.tables] == [table["title"] for table in tables]
        for table, found in zip(study.tables, tables, strict=True):
            if isinstance(table, Timed):
                assert list(table.surfaces) == list(found["surfaces"])
                continue
            assert list(table.rows.values) == found["rows"]["values"]
            cells = [len(line) for line in found["cells"]] if isinstance(table, Grid) else []
            assert set(cells) <= {len(table.columns.values) if isinstance(table, Grid) else 0}


def test_claims_of_scenarios_are_still_theirs(kept: dict[str, Any]) -> None:
    from research.claim_grids import Grid, studies
    from research.claim_runs import chosen

    for study in studies():
        for table, found in zip(study.tables, kept["claims"][str(study.lecture)]["tables"], strict=True):
            if isinstance(table, Grid):
                assert [claim["says"] for claim in chosen(table, study.lecture)] == found["claims"], table.title


def test_a_cell_is_run_and_kept() -> None:
    """Two cells of a grid and a tuned pair, from the tables to Markdown."""
    from research.claim_grids import Axis, Grid, Tuned
    from research.claim_page import table_lines, verdicts
    from research.claim_runs import grid_figures
    from research.claim_tuning import tuned_figures

    rows = Axis("tilt", {"0": {"surface.tilt": 0.0}, "0.5": {"surface.tilt": 0.5}})
    few = {"swarm.particles": 40, "run.updates": 60}
    grid = Grid("Tilts", "next_batch_has_slope", ("share_near",), rows, changes=few)
    figures = grid_figures(grid, 6)
    assert next(verdicts(figures)) == "does not hold"
    assert figures["cells"][0][0][0][:2] == ["does not hold", 0.0]
    assert any(line.startswith("| 0 | no 0") for line in table_lines(figures))
    lower = {"says": "Lower.", "lecture": 6, "statistic": "train_loss", "take": "mean", "group": "a", "below": "b"}
    groups = {"a": {"kind": "sgd"}, "b": {"kind": "sgd", "batch": 1}}
    tuned = Tuned("Rates", "next_batch_has_slope", groups, (0.01, 0.1, 100.0), ({**lower, "by": 0.01},), changes=few)
    found = tuned_figures(tuned, 6)
    (line,) = found["lines"]
    assert line["numbers"][0][2][0] == "inf"
    assert line["best"][0] < 2
    assert any(line.startswith("| a |") for line in table_lines(found))
