"""A loss of one parameter is seen as a curve, with the particles on it, in all pictures but the relief."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from errsurf import Findings, Result, build_scenario, save_picture, simulate, surface
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.history.profile import Profile, level_axis, profiled
from errsurf.drawing.map.swarm import current_points
from errsurf.drawing.overlays import overlay
from errsurf.drawing.page.content import content, points
from errsurf.drawing.scene import Scene, scene
from errsurf.drawing.scene_on_canvas import draw_scenery


def _run(loss: str, **picture: object) -> Result:
    return simulate(
        build_scenario(
            surface={"kind": "expression", "loss": loss},
            optimizer=[{"kind": "sgd", "lr": 0.1}, {"kind": "sgd", "lr": 0.2, "label": "fast"}],
            swarm={"particles": 3, "start": "cloud", "at": [1.9, 1.0], "spread": 0.05},
            run={"updates": 40, "frames": 5},
            picture={"size": [480, 270], **picture},
        )
    )


def _scene(result: Result) -> Scene:
    return scene(result, critical=Findings(result).critical)


def _curve(x: np.ndarray) -> np.ndarray:
    return np.asarray(x**4 - 2 * x**3 + 1)


@pytest.fixture(scope="module")
def quartic() -> Result:
    return _run("x^4 - 2*x^3 + 1")


def test_the_loss_takes_the_place_of_the_parameter_that_does_not_matter(quartic: Result) -> None:
    shown = _scene(quartic)
    assert shown.maps.names == ("x", "loss")
    swarm = shown.swarms[0]
    for clock in (0.0, 10.0, 40.0):
        x, y = current_points(swarm, clock).T
        assert_allclose(y, _curve(x), rtol=1e-12)
    x0, across, y1, down = swarm.scale
    for path in (path for group in swarm.trails for path in group):
        x, y = x0 + path.points[:, 0] / across, y1 - path.points[:, 1] / down
        assert len(x) > 5
        assert_allclose(y, _curve(x), rtol=1e-9, equal_nan=True)
    (lowest,) = [mark for mark in shown.marks if mark.kind == "lowest minimum"]
    assert_allclose((lowest.x, lowest.y), (1.5, -0.6875), atol=1e-6)


def test_the_map_is_filled_below_the_curve(quartic: Result) -> None:
    shown = _scene(quartic)
    canvas = RasterCanvas.blank(shown.plan.size, shown.plan.style.theme.background)
    draw_scenery(canvas, shown)
    area = shown.plan.map
    for x in (0.6, 0.9, 1.2, 1.7):
        column, row = np.rint(shown.maps.pixels(area, np.array([x, _curve(np.array(x))]))).astype(int)
        above, below = (canvas.out[area.top + row + step, area.left + column] for step in (-9, 9))
        assert_allclose(above, shown.plan.style.theme.background)
        assert np.abs(above.astype(int) - below).max() > 30, x


def test_the_other_parameter_may_be_the_one() -> None:
    shown = _scene(_run("y^2"))
    assert shown.maps.names == ("loss", "y")
    x, y = current_points(shown.swarms[0], 40.0).T
    assert_allclose(x, y**2)


def test_both_parameters_matter() -> None:
    window = ((-2.0, 2.0), (-1.0, 1.0))
    result = _run("x*y")
    assert profiled(result, window) is result
    assert level_axis(surface("expression", loss="x^2 + 1e-9*y^2"), window) is None
    assert level_axis(surface("expression", loss="x^2"), window) == 1


def test_a_mean_that_is_level_of_losses_that_are_not_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "tilts.csv").write_text("a\n1\n-1\n")
    tilted = surface("expression", folder=tmp_path, loss="x^2 + a*y", columns={"a": "tilts.csv:a"})
    assert_allclose(tilted.gradient(np.ones((1, 2)))[:, 1], 0.0)
    assert level_axis(tilted, ((-1.0, 1.0), (-1.0, 1.0))) is None


def test_a_relief_stays_a_relief(quartic: Result) -> None:
    for view, found in (("flat", Profile), ("3d", Result)):
        picture = quartic.scenario.picture._replace(view=view)
        seen = replace(quartic, scenario=replace(quartic.scenario, picture=picture))
        assert type(profiled(seen, ((-2.0, 2.0), (-1.0, 1.0)))) is found


def test_lines_and_page_show_the_same(quartic: Result, tmp_path: Path) -> None:
    svg = save_picture(quartic, tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert ">loss</text>" in svg.replace("<!-- loss -->", "")
    told = content(quartic, (), None)
    x, y = points(told.groups[0], np.array([0, 2]), told.shown).T
    assert_allclose(y, _curve(x))


def test_the_test_loss_is_a_second_curve() -> None:
    result = _run("x^2", test=True, overlays=["stability"], colorbar=True)
    shown = _scene(result)
    assert overlay("dashed_test").wanted(result.scenario.picture)
    height, levels = shown.maps.above(shown.maps.test_loss)
    assert levels[1] == 0.0
    canvas = RasterCanvas.blank(shown.plan.size, shown.plan.style.theme.background)
    draw_scenery(canvas, shown)
    assert height.min() < 0 < height.max()


def test_what_lies_over_the_map_lies_on_the_curve(tmp_path: Path) -> None:
    result = _run("x^4 - 2*x^3 + 1", overlays=["gradient_flow", "noise"])
    maps = _scene(result).maps
    x = np.array([0.5, 1.2])
    assert_allclose(maps.pixels(maps.plan.map, np.stack([x, 0 * x], axis=-1))[:, 1],
                    maps.pixels(maps.plan.map, np.stack([x, _curve(x)], axis=-1))[:, 1])  # fmt: skip
    assert save_picture(result, tmp_path / "all.png").stat().st_size > 1000


def test_a_particle_that_is_thrown_out_does_not_flatten_the_curve() -> None:
    thrown = simulate(build_scenario(
        surface={"kind": "expression", "loss": "x^4 - 2*x^3 + 1"},
        optimizer=[{"kind": "sgd", "lr": 0.1}, {"kind": "sgd", "lr": 0.5, "label": "thrown"}],
        swarm={"particles": 1, "start": "point", "at": [2.0, 0.0]},
        run={"updates": 12, "frames": "all"},
    ))  # fmt: skip
    (low, high) = _scene(thrown).maps.window[1]
    assert low < -0.6875
    assert 1.0 < high < 3.0
