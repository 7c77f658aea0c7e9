"""The window for a lesson: what it shows is what runs, whatever is steered, undone or switched on."""

from pathlib import Path

import numpy as np

from errsurf.drawing.colours import theme
from errsurf.drawing.group_looks import scenario_colours
from errsurf.settings.learning_rates import lr_words
from helpers.window_driver import Watched, middle, scenario, watched


def coloured(made: Watched) -> list[int]:
    """How many pixels of the map have each group's colour."""
    area, colours = made.screen.at.map, scenario_colours(theme("light"), made.state.scenario.optimizer, range(2))
    part = made.pixels()[area.top : area.bottom, area.left : area.right].astype(int)
    return [int((np.abs(part - colour.astype(int)).max(axis=-1) < 12).sum()) for colour in colours]


def test_a_relief_keeps_particles_and_shading_when_the_map_is_of_a_batch(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state, run_map = made.state, made.screen.run_map
        assert run_map is not None
        made.key("3")
        made.until(lambda: run_map.on_relief(state))
        made.frames(2)
        before = coloured(made)
        made.key("b")
        made.key("b")
        made.until(lambda: run_map.map_relief.coming is None, 20)
        made.frames(2)
        assert all(now > 0.8 * then for now, then in zip(coloured(made), before, strict=True))
        assert state.scenario.picture.surface == "train"


def test_a_group_that_joins_runs_with_the_rate_and_batch_that_are_announced(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        state.steer("one")
        state.seek(20.0)
        made.until(lambda: state.moment.update == (20, 20))
        state.change(lr=0.011, batch=2)
        made.key("a")
        made.key("return")
        said = [notice.text for notice in state.current_notices()]
        made.until(lambda: len(state.labels) == 3)
        group = state.live.scenario.optimizer[2]
        assert (group.settings.lr, group.batch) == (0.011, 2)
        assert any(f"batch {group.batch}, lr {lr_words(group.settings.lr)}" in text for text in said)
