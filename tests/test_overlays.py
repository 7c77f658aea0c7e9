"""What is drawn on maps beside particles is where the mathematics says."""

from typing import Any

import numpy as np
import pytest

from errsurf.drawing.colours import map_colours
from errsurf.drawing.map.strokes import arrow, round_factor
from errsurf.run.batch_members import batch_members
from helpers.overlay_cases import added, painted, part, pixel, run

SHIFTED = {"shift": 0.5}


def test_the_head_of_an_arrow_takes_at_most_half_of_it() -> None:
    for length, head in ((40.0, 8.0), (6.0, 3.0)):
        (stroke,) = arrow(np.zeros(2), np.array([length, 0.0]), 1.0)
        shaft, barbs = stroke.path[:2], stroke.path[3:]
        assert shaft.tolist() == [[0, 0], [length, 0]]
        assert barbs.tolist() == [[length - head, head / 2], [length, 0], [length - head, -head / 2]]
    assert arrow(np.zeros(2), np.array([2.0, 0.0]), 1.0) == []
    assert arrow(np.array([np.nan, 0.0]), np.array([9.0, 0.0]), 1.0) == []


def test_lengths_are_multiplied_by_a_round_factor_that_leaves_them_in_their_room() -> None:
    found = [round_factor(longest, 100.0) for longest in (3.0, 0.1, 99.0, 100.0, 2000.0, 0.0)]
    assert found == pytest.approx([30.0, 1000.0, 1.0, 1.0, 1.0, 1.0])


def lowest(ready: Any, frame: Any, box: Any = None) -> Any:
    """Middle of a map's lowest level, in pixels of the picture."""
    box, theme = box or ready.layout.map, ready.layout.style.theme
    area = part(frame, box)
    for colour in map_colours(theme, len(ready.scene.maps.levels) - 1).astype(int):
        rows, columns = np.nonzero((np.abs(area - colour) <= 1).all(axis=-1))
        if len(rows) > 40:
            return np.array([columns.mean() + box.left + 0.5, rows.mean() + box.top + 0.5])
    raise AssertionError("no level is to be seen")


@pytest.mark.parametrize("panels", [False, True])
def test_the_drawn_surface_of_a_batch_is_lowest_where_that_batch_is(panels: bool) -> None:
    """A bowl's batch has its minimum at the mean of its examples' shifts; every update has another batch."""
    result = run({"batch": 3}, {"batch": 2}, surface=SHIFTED)
    ready = painted(result, surface="batch", panels=panels, follow=1, levels=40, level_scale="linear")
    shifts, members = result.landscape.train[:, :2], batch_members(result.scenario, 0)
    seen = []
    for update in range(0, 12, 2):
        centre = shifts[np.concatenate(members.of_update(0, update))].mean(axis=0)
        seen.append(centre)
        assert lowest(ready, ready.frame(float(update))) == pytest.approx(pixel(ready, centre), abs=2.5)
    assert np.ptp(pixel(ready, np.array(seen)), axis=0).max() > 20


def test_the_surface_of_all_examples_looks_as_the_map_does() -> None:
    own = painted(run({"batch": "full"}, surface=SHIFTED), surface="batch")
    middle = np.s_[20:-60, 20:-20]
    apart = np.abs(
        own.canvas.surfaces[own.layout.map][middle].astype(int) - part(own.frame(0.0), own.layout.map)[middle]
    )
    assert np.mean(apart.max(axis=-1) > 24) < 0.01


def test_dashes_lie_on_the_contour_of_the_test_loss() -> None:
    """A level l of a bowl around (0.5, 0.25) is a circle of radius sqrt(2 l), a little more than half of it drawn.

    A picture of another overlay that has nothing to show has the same layout.
    """
    result = run({"batch": "full"}, surface={"test": {"shift": [0.5, 0.25], "examples": 5}})
    with_lines = painted(result, levels=(0.1, 0.5), test=True)
    found = added(with_lines, painted(result, levels=(0.1, 0.5), stability=True))
    for level in (0.1, 0.5):
        radius = np.hypot(*((found - pixel(with_lines, (0.5, 0.25))) / (_scale(with_lines))).T)
        near = np.abs(radius - np.sqrt(2 * level)) * _scale(with_lines)[0] < 2.5
        angles = np.unique(np.degrees(np.arctan2(*(found[near] - pixel(with_lines, (0.5, 0.25))).T)).astype(int))
        assert 0.45 * 360 < len(angles) < 0.95 * 360
        found, kept = found[~near], len(found)
        assert kept > 100
    assert len(found) == 0


def test_a_filled_test_surface_is_lowest_at_its_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.drawing.map.maps.light_from_above", lambda grid, *_: np.full_like(grid[2], 0.5))
    result = run({"batch": "full"}, surface={"test": {"shift": [0.7, -0.6], "examples": 5}})
    ready = painted(result, surface="test", levels=40, level_scale="linear")
    assert lowest(ready, ready.frame(0.0)) == pytest.approx(pixel(ready, (0.7, -0.6)), abs=2.5)
    both = painted(result, beside="test", levels=40, level_scale="linear")
    assert lowest(both, both.frame(0.0), both.layout.beside) == pytest.approx(
        pixel(both, (0.7, -0.6), both.layout.beside), abs=2.5
    )
    assert lowest(both, both.frame(0.0)) == pytest.approx(pixel(both, (0.0, 0.0)), abs=2.5)


def _scale(ready: Any) -> Any:
    """Pixels of a unit along x and y."""
    return np.abs(pixel(ready, (1.0, 1.0)) - pixel(ready, (0.0, 0.0)))
