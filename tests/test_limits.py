"""Runs at their limits: what pictures of them say.  ``tests/campaigns/limits.py`` draws them with everything."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from errsurf import Findings, scenario_from, simulate
from errsurf.drawing import painter, write_picture
from errsurf.drawing.charts import chart_names
from errsurf.drawing.overlays._undefined import undefined
from errsurf.results.pictures import picture_request, redrawn
from errsurf.run.result import Result
from helpers.canvas_recorder import Recorder
from helpers.limit_cases import CASES, OVERLAYS


@cache
def result(name: str) -> Result:
    return simulate(scenario_from(CASES[name], name=name))


@pytest.mark.parametrize("name", ["one value", "all undefined", "one of each"])
def test_every_chart_and_overlay_draws_runs_at_their_limits(name: str) -> None:
    """Two charts and one overlay at a time; the campaign takes each with each format."""
    names, keys = chart_names(), list(OVERLAYS.values())
    findings = Findings(result(name))
    for k, pair in enumerate(zip(names[::2], names[1::2], strict=False)):
        shown = redrawn(result(name), {"chart": list(pair), "size": [480, 270]} | keys[k % len(keys)])
        ready = painter(shown, critical=findings.critical, basin_of=findings.basin_of)
        assert ready.frame(0.0).shape == ready.frame(ready.end).shape == (270, 480, 3)


@pytest.mark.parametrize(
    ("name", "picture", "hatched"),
    [
        ("undefined test", {"beside": "test"}, [False, True]),
        ("undefined test", {"surface": "test"}, [True]),
        ("undefined test", {}, [False]),
        ("some undefined", {"panels": True}, [True, True]),
        ("some undefined", {"beside": "batch"}, [True, True]),
    ],
)
def test_every_map_is_hatched_where_its_loss_is_undefined(name: str, picture: Any, hatched: list[bool]) -> None:
    ready, seen = painter(redrawn(result(name), {"size": [640, 400], **picture})), Recorder()
    for each in undefined(ready.scene.maps):
        each.still(seen)
    areas = [area for area, _ in seen.drawings]
    assert [view.area in areas for view in ready.scene.maps.views] == hatched
    assert [text for text, *_ in seen.texts] == ["loss undefined"] * sum(hatched)


def test_pages_and_reliefs_say_where_the_loss_is_undefined(tmp_path: Path) -> None:
    shown = redrawn(result("some undefined"), {"size": [640, 400]})
    write_picture(picture_request(shown), tmp_path / "a.html")
    told = re.search(r'id="run">([^<]*)<', (tmp_path / "a.html").read_text(encoding="utf-8"))
    assert told
    assert [each["text"] for each in json.loads(told[1])["overlay"]["key"]] == ["hatched: loss undefined"]
    relief = painter(redrawn(shown, {"view": "3d"}))
    assert relief.cloth is not None


def test_a_live_page_of_a_loss_without_any_value_is_written(tmp_path: Path) -> None:
    shown = redrawn(result("undefined everywhere"), {"page": "live"})
    write_picture(picture_request(shown), tmp_path / "live.html")
    assert (tmp_path / "live.html").stat().st_size > 100_000
