"""The window shows known particles at known pixels, zoomed, pulled or resized; and says why it cannot open."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from errsurf.drawing.colours import theme
from errsurf.drawing.group_looks import scenario_colours
from errsurf.errors import UserError
from errsurf.viewer.display import asked_size
from errsurf.viewer.places import places
from errsurf.viewer.viewport import pixel_of
from helpers.window_driver import Watched, middle, scenario, watched

STARTS = [(0.5, 0.5), (-0.5, 0.25), (0.1, -0.6)]


def shown_at(made: Watched, theta: tuple[float, float]) -> bool:
    """Whether a group's colour is at the pixel of a theta."""
    window = made.state.view or made.state.home
    assert window is not None
    x, y = (int(value) for value in pixel_of(window, made.screen.map, theta))
    colours = scenario_colours(theme(made.state.picture.theme), made.state.scenario.optimizer, range(2)).astype(int)
    around = made.pixels()[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).astype(int)
    return bool((np.abs(around[:, None] - colours).max(axis=-1) < 25).any())


def test_particles_stand_where_they_are(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        assert all(shown_at(made, start) for start in STARTS)
        assert not shown_at(made, (1.5, 1.2))
        made.wheel(middle(made.screen.map), 3)
        assert made.state.view is not None
        assert all(shown_at(made, start) for start in STARTS)
        made.resize((1280, 720))
        assert all(shown_at(made, start) for start in STARTS)
        made.resize((700, 800))
        assert all(shown_at(made, start) for start in STARTS)


def test_the_wheel_zooms_at_the_pointer_and_dragging_moves(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        place = (made.screen.map.left + 80, made.screen.map.top + 60)
        before = made.screen.theta_at(made.state, place)
        made.wheel(place, 4)
        assert made.screen.theta_at(made.state, place) == pytest.approx(before)
        made.drag(place, (place[0] + 40, place[1]), (place[0] + 90, place[1] + 50))
        assert made.screen.theta_at(made.state, (place[0] + 90, place[1] + 50)) == pytest.approx(before)
        made.key("0")
        assert made.state.view is None
        assert made.state.home == ((-2.0, 2.0), (-1.5, 1.5))


def test_particles_move_with_the_clock(tmp_path: Path) -> None:
    from errsurf import simulate

    ends = simulate(scenario()).groups[1].position
    with watched(tmp_path) as made:
        made.state.seek(60.0)
        made.until(lambda: made.state.moment.update == (60, 60))
        made.frames(2)
        assert np.array_equal(made.state.moment.position[1], ends[-1])
        assert all(shown_at(made, (float(x), float(y))) for x, y in ends[-1])
        made.drag(made.middle("scrub"), (made.element("scrub").box.left, made.element("scrub").box.top + 3))
        made.until(lambda: made.state.moment.update == (0, 0))
        assert all(shown_at(made, start) for start in STARTS)


@pytest.mark.parametrize("size", [(640, 400), (800, 500), (960, 600), (1280, 720), (700, 800), (2560, 1440)])
@pytest.mark.parametrize("large", [False, True])
def test_everything_has_a_place(tmp_path: Path, size: tuple[int, int], large: bool) -> None:
    with watched(tmp_path, size=size) as made:
        made.state.large = large
        made.frames(2)
        boxes = [element.box for element in made.screen.elements] + [made.screen.map]
        for k, box in enumerate(boxes):
            assert box.width > 8
            assert box.height > 8
            assert 0 <= box.left <= box.right <= size[0]
            assert 0 <= box.top <= box.bottom <= size[1]
            assert not any(box.overlaps(other) for other in boxes[k + 1 :])
        made.key("h")
        (layer,) = made.screen.layers
        assert layer.pixels.shape[0] <= size[1]
        assert layer.pixels.shape[1] <= size[0]


def test_buttons_are_large_enough_for_a_hand(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        for name in ("pause", "update", "undo", "reset", "more", "help"):
            assert made.element(name).box.height >= 22
            assert made.element(name).box.width >= 40
        style = made.screen.at.style
        assert places((960, 540), style, ("a",), ("c",), "", 3).map.width > 500


def test_without_a_display_it_says_so() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = errsurf("saddle_escape", environment)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("errsurf: no display to open a window on")


def test_another_pygame_in_the_place_of_pygame_ce_is_named(tmp_path: Path) -> None:
    (tmp_path / "pygame").mkdir()
    (tmp_path / "pygame" / "__init__.py").write_text("ver = '2.6.1'\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = errsurf("saddle_escape", os.environ | {"PYTHONPATH": path, "SDL_VIDEODRIVER": "dummy"})
    assert done.returncode == 1
    assert "pip uninstall --yes pygame; python -m pip install --force-reinstall pygame-ce" in done.stderr


def errsurf(source: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What ``errsurf watch`` says and gives."""
    program = "import sys; from errsurf.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "watch", source]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize("text", ["", "1280", "1280x", "ax b", "100x100", "1280x99999", "-1x-1"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not a window size; allowed: 640x400 to 7680x7680"):
        asked_size(text)


def test_a_size_is_read() -> None:
    assert asked_size("1280x720") == (1280, 720)
    assert asked_size(None) is None
