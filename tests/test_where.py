"""Where particles are said to be, and what critical points are called."""

from typing import Any

import numpy as np
import pytest

import errsurf
from errsurf.analysis import Critical, Regions, basin_labels, critical_points, named, regions, whereabouts
from errsurf.analysis.regions import ON_THE_WAY, SHARE
from errsurf.drawing import painter
from errsurf.drawing.map.landmarks import LOWEST, name_labels
from helpers.chart_results import made
from helpers.plain_landscape import Formulas
from helpers.synthetic_results import made_run, read

SADDLE = {"kind": "saddle", "examples": 20, "tilt": 0.0}
WIDE = ((-2.0, 2.0), (-1.0, 1.0))


SEVEN = {
    "kind": "wells",
    "wells": [
        {"at": [0.9, -0.3], "depth": 1.6, "width": 0.7},
        *({"at": at, "depth": 0.45, "width": 0.2} for at in
          ([-1.0, 0.4], [-0.6, -0.7], [-0.1, 0.8], [-1.5, -0.4], [0.1, -1.2], [-0.3, 0.05])),
    ],
    "bowl": 0.1,
}  # fmt: skip


LINE = Formulas(
    lambda x, y: x**4 - 2 * x**3 + 1 + 0 * y,
    lambda x, y: (4 * x**3 - 6 * x**2, 0 * y),
    lambda x, _y: (12 * x**2 - 12 * x, 0 * x, 0 * x),
)
BANANA = Formulas(
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    lambda x, y: (2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)),
    lambda x, y: (2 + 1200 * x**2 - 400 * y, -400 * x, 200),
)
BOWL = Formulas(lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y), lambda _x, _y: (2.0, 0.0, 2.0))


def found(of: Any, window: Any) -> tuple[Any, tuple[Critical, ...], Regions]:
    surface = (
        errsurf.surface(of["kind"], **{key: of[key] for key in of if key != "kind"}) if isinstance(of, dict) else of
    )
    critical = critical_points(surface, window)
    return surface, critical, regions(surface, window, critical)


def test_particles_that_stay_at_the_saddle_are_not_at_the_minima_whose_basins_they_lie_in() -> None:
    path = np.zeros((2, 100, 2))
    path[1, :, 0] = np.linspace(-0.01, 0.01, 100)
    path[1, 90:95] = (1.0, 0.05)
    findings = errsurf.Findings(made_run(path))
    assert findings.statistics[0].shares == pytest.approx((0.5, 0.5), abs=0.051)
    counts = dict(zip(findings.names.parts, findings.ends(WIDE)[0].tolist(), strict=True))
    assert counts == {"A": 0, "B": 5, "saddle": 95, "on the way": 0, "outside the map": 0, "diverged": 0}


def test_a_particle_that_rests_on_a_slope_or_flies_past_is_on_the_way() -> None:
    _, _, near = found(BANANA, ((-2.0, 2.0), (-1.0, 3.0)))
    assert near.at(np.array([(-1.2, 1.0), (0.0, 2.5), (1.0, 1.0), (1.05, 1.1)])).tolist() == [-1, -1, 0, 0]
    _, _, near = found(BOWL, ((-1.0, 1.0), (-1.0, 1.0)))
    spokes = np.linspace(0, 2, 81)[:, None] * (1.0, 0.0)
    away = np.abs(spokes[:, 0] - SHARE**0.5) > 0.02
    assert (near.at(spokes) == np.where(spokes[:, 0] ** 2 <= SHARE, 0, ON_THE_WAY))[away].all()


def test_a_region_ends_at_a_tenth_of_the_way_to_the_lowest_pass_however_wide_the_minimum_is() -> None:
    for stretch in (1.0, 1e-3):
        double_well = Formulas(
            lambda x, y, s=stretch: x**4 / 4 - x**2 / 2 + (y / s) ** 2 / 2,
            lambda x, y, s=stretch: (x**3 - x, y / s**2),
            lambda x, _y, s=stretch: (3 * x**2 - 1, 0 * x, s**-2.0),
        )
        _, critical, near = found(double_well, ((-2.0, 2.0), (-1.0, 1.0)))
        x = np.linspace(0.4, 1.5, 400)
        at = near.at(np.stack([x, 0 * x], axis=-1))
        assert np.mean((at == 2) == (saddle_loss(x) <= -0.25 + SHARE * 0.25)) > 0.97
        y = np.linspace(0, 1, 400) * stretch
        at = near.at(np.stack([0 * y - 1, y], axis=-1))
        assert np.mean((at == 0) == ((y / stretch) ** 2 / 2 <= SHARE * 0.25)) > 0.97
        assert near.at(np.array([(each.x, each.y) for each in critical])).tolist() == [0, 1, 2]


def saddle_loss(x: Any) -> Any:
    return x**2 * (x**2 / 4 - 0.5)


def test_no_two_regions_overlap_and_all_lie_in_their_basin() -> None:
    surface, critical, near = found(SEVEN, ((-2.0, 2.0), (-2.0, 2.0)))
    points = np.random.default_rng(0).uniform(-1.7, 1.2, (4000, 2))
    at, basin = near.at(points), basin_labels(surface, points, [each for each in critical if each.kind == "minimum"])
    minima = [k for k, each in enumerate(critical) if each.kind == "minimum"]
    held = np.isin(at, minima)
    assert held.sum() > 50
    assert (at[held] == np.array(minima)[basin[held]]).all()
    assert near.at(np.array([(each.x, each.y) for each in critical])).tolist() == list(range(len(critical)))


def test_the_valley_of_a_function_of_one_parameter_is_a_valley_and_particles_are_on_its_floor() -> None:
    window = ((-1.0, 2.5), (-2.0, 2.0))
    _, critical, near = found(LINE, window)
    names = named(critical, window)
    assert "valley floor" in names.titles
    assert "degenerate" not in names.titles
    floor = names.titles.index("valley floor")
    y = np.linspace(*window[1], 9)[1:-1]
    assert (near.at(np.stack([np.full_like(y, 1.5), y], axis=-1)) == floor).all()
    assert (near.at(np.stack([np.full_like(y, 0.8), y], axis=-1)) != floor).all()


def test_counts_add_up_and_outside_goes_before_what_lies_there() -> None:
    _, critical, near = found(SADDLE, WIDE)
    names = named(critical, WIDE)
    points = np.array([(-1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (0.5, 0.5), (1.5, 0.9)])
    counts = whereabouts(points, 3, names, near, ((-2.0, 0.6), (-1.0, 1.0)))
    assert counts.tolist() == [1, 0, 1, 1, 2, 3]


def test_every_minimum_of_many_has_its_letter_on_the_map_and_the_lowest_one_two_rings() -> None:
    result = made(np.zeros((2, 9, 2)), of=SEVEN, chart="basins", size=(960, 540))
    known = read(result)
    ready = painter(result, **known)
    names = errsurf.Findings(result).names
    written = {label.text for label in name_labels(ready.scene.spots[0], ready.layout.style)}
    assert {names.short[k] for k in names.order} == written - {"start"}
    assert names.short[names.flattest] in next(iter(ready.scene.charts.values())).title.split()
    assert [mark.name for mark in ready.scene.marks if mark.kind == LOWEST] == ["minimum G"]


def test_of_many_regions_the_nearest_are_enough() -> None:
    waves = Formulas(
        lambda x, y: np.sin(x) ** 2 + 0.2 * np.sin(y) ** 2,
        lambda x, y: (np.sin(2 * x), 0.2 * np.sin(2 * y)),
        lambda x, y: (2 * np.cos(2 * x), 0 * x, 0.4 * np.cos(2 * y)),
    )
    _, critical, near = found(waves, ((-9.0, 9.0), (-9.0, 9.0)))
    points = np.random.default_rng(0).uniform(-9, 9, (4000, 2))
    at = near.at(points)
    few = [k for k in range(len(critical)) if k % 3 == 0]
    for k in few:
        one = Regions(near.middles[[k]], near.axes[[k]], near.masks[[k]]).at(points) == 0
        assert (one == (at == k)).all()
    assert len(critical) > 100
    assert np.isin(at, few).sum() > 10
