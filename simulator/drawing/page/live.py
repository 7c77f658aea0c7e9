"""A page that computes its run: what it knows of the scenario and of the surface, without any run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical, Regions, named
from errsurf.drawing.charts import chart_kind, chart_names
from errsurf.drawing.charts.near import disc
from errsurf.drawing.colours import hexadecimal, theme
from errsurf.drawing.group_looks import SHAPES, shape_corners
from errsurf.drawing.page.content import Content, content
from errsurf.drawing.page.records_table import MOST_UPDATES, page_tables, records_table
from errsurf.drawing.page.starting import calm, left_out, start_result
from errsurf.drawing.page.themes import bright_and_dark
from errsurf.engine.examples import Problem
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import own_window
from errsurf.scenario.claims import Claim
from errsurf.scenario.overlays import drawn_groups, followed
from errsurf.statistics import statistic

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario

CHARTS = ("loss", "basins", "theta x", "theta y", "lr", "near", "gap", "gradient norm", "sharpness", "noise scale")
"""Charts whose numbers follow from where particles are, from losses, gradients and Hessians there, and from rates."""
ROWS, COLUMNS = 128, 192
ARRAYS = ("middles", "axes", "masks", "basins", "train", "test", "terms")


@dataclass(frozen=True)
class Live:
    """What a page needs to compute its run: ``told`` is plain, ``arrays`` are numbers by their names in ``ARRAYS``."""

    problem: Problem
    content: Content
    told: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    findings: Findings


def live(
    scenario: "Scenario",
    optimizers: Sequence[str],
    lacking: Collection[tuple[str, str]] = (),
    known: Findings | None = None,
) -> Live:
    """Read all from the scenario; ``optimizers`` are those that the page has kernels of.

    The page has no formulas of records ``lacking``, by kind and name.  ``known`` are findings of the same scenario in
    another language.
    """
    result = calm(start_result(scenario))
    findings = Findings(result) if known is None else known.of(result)
    several = len(findings.minima) > 1
    charts = _charts(result, findings, several=several)
    made = content(result, findings.critical, findings.basin_of if findings.minima else None, findings.regions, charts)
    return Live(
        result.landscape.problem,
        made,
        _told(scenario, result, findings, made, records_table(scenario, optimizers, lacking)),
        _arrays(findings),
        findings,
    )


def _charts(result: "Result", findings: Findings, *, several: bool) -> tuple[str, ...]:
    """The charts of the page, those of the scenario first."""
    wanted = [name for name in result.scenario.picture.charts if name in CHARTS]
    known = [name for name in CHARTS if name in chart_names() and (several or name != "basins")]
    return tuple(
        name for name in dict.fromkeys((*wanted, *known)) if chart_kind(name).possible(result, findings.critical)
    )


def _told(
    scenario: "Scenario", result: "Result", findings: Findings, made: Content, records: dict[str, Any]
) -> dict[str, Any]:
    names, near = named(findings.critical, own_window(result.scenario)), disc(result, findings.critical)
    loss = made.scene.maps.grid[2]
    sharp = [float(each.sharpness) for each in findings.minima if each.sharpness > 0]
    picture, labels = scenario.picture, [group.label for group in scenario.optimizer]
    return {
        "name": scenario.name,
        "tables": page_tables(scenario),
        "labels": labels,
        "drawn": drawn_groups(picture, labels),
        "records": records,
        "most_updates": MOST_UPDATES,
        "arrays": ARRAYS,
        "examples": scenario.surface.train.examples,
        "alike": result.landscape.alike,
        "clock": picture.clock,
        "window": made.scene.maps.window,
        "names": {"order": names.order, "followed": names.followed},
        "basins": _basin_grid(findings),
        "near": None if near is None else {**near._asdict(), "log": bool(picture.near and picture.near.log)},
        "top": float(np.max(loss[np.isfinite(loss)], initial=np.finfo(np.float64).min)),
        "follow": {"group": _followed(scenario), "particle": picture.particle},
        "trails": picture.trails,
        "markers": picture.markers,
        "sharpest": max(sharp, default=None),
        "corners": [shape_corners(k, 1.0).round(3).tolist() for k in range(len(SHAPES))],
        "palette": {
            key: [hexadecimal(colour) for colour in theme(each, picture.colormap).groups]
            for key, each in zip(("light", "dark"), bright_and_dark(picture.theme), strict=True)
        },
        "evaluations": result.landscape.evaluations,
        "findings": {
            "minima": [_minimum(each) for each in findings.minima],
            "names": {"titles": names.titles, "minima": names.minima},
            "examples": scenario.surface.train.examples,
        },
        "claims": [_claim(claim) for claim in scenario.claim],
        "regions": [region._asdict() for region in scenario.regions],
        "lacks": lacks(scenario),
    }


def _followed(scenario: "Scenario") -> int:
    groups = scenario.optimizer
    return followed(scenario.picture, [each.label for each in groups], [each.batch for each in groups])


def lacks(scenario: "Scenario") -> list[str]:
    """What the page does not show of the scenario, a sentence each."""
    missing = [name for name in scenario.picture.charts if name not in CHARTS]
    words = [f"Not on this page, but in one without --page live: the chart {name}." for name in missing]
    return [
        *words,
        *(f"Not on this page, but in one without --page live: picture.{key}." for key in left_out(scenario.picture)),
    ]


def _minimum(point: Critical) -> dict[str, Any]:
    return {"x": point.x, "y": point.y, "kind": point.kind, "is_floor": point.is_floor, "curve": point.curve}


def _claim(claim: Claim) -> dict[str, Any]:
    """A claim as the page checks it, with what its statistic is called."""
    settings = claim.settings._asdict()
    record = statistic(claim.statistic)
    plain = record.share or record.number or claim.take is None
    words = record.said_of(claim.settings)
    words = words if plain else f"{claim.take} {words}"
    return claim._asdict() | {"settings": settings, "words": words}


def _basin_grid(findings: Findings) -> dict[str, Any] | None:
    return {"rows": ROWS, "columns": COLUMNS, "window": findings.window} if findings.minima else None


def _arrays(findings: Findings) -> dict[str, NDArray[Any]]:
    landscape, found = findings.result.landscape, _regions(findings)
    problem = landscape.problem
    return {
        "middles": found.middles.astype(np.float64).ravel(),
        "axes": found.axes.astype(np.float64).ravel(),
        "masks": np.packbits(found.masks),
        "basins": _labels(findings),
        "train": np.ascontiguousarray(problem.train, np.float64).ravel(),
        "test": np.ascontiguousarray(problem.test, np.float64).ravel(),
        "terms": np.ascontiguousarray(problem.terms, np.float64).ravel(),
    }


def _regions(findings: Findings) -> Regions:
    if findings.critical:
        return findings.regions
    return Regions(np.empty((0, 2)), np.empty((0, 2, 2)), np.empty((0, 64, 64), np.bool_))


def _labels(findings: Findings) -> NDArray[np.uint16]:
    """The basins' map, (rows, columns), numbers of minima counted from 1; 0 for none."""
    if not findings.minima:
        return np.zeros(0, np.uint16)
    (x0, x1), (y0, y1) = findings.window
    x, y = (np.arange(COLUMNS) + 0.5) / COLUMNS, (np.arange(ROWS) + 0.5) / ROWS
    places = np.stack(np.meshgrid(x0 + (x1 - x0) * x, y0 + (y1 - y0) * y), axis=-1)
    return (np.asarray(findings.basin_of(places.reshape(-1, 2)), np.int64) + 1).astype(np.uint16)
