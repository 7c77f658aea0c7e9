"""The window on a real screen, with a real pointer and keyboard."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import group_colours, theme
from errsurf.scenario import resolved_toml
from errsurf.viewer.viewport import pixel_of
from helpers.real_window import MISSING, RealWindow, real_window
from helpers.window_driver import middle, scenario, watched

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")

SIZE, SMALLER = (1100, 640), (900, 560)
STARTS = [(0.5, 0.5), (-0.5, 0.25), (0.1, -0.6)]
GROUP = {"kind": "sgd", "batch": 1, "lr": 1e-9}


def soon(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "it did not come about"
        sleep(0.05)


def stands(real: RealWindow, area: Box) -> bool:
    """Whether all particles, which hardly move, are where they belong on a map."""
    shot = real.screenshot().astype(int)
    if shot.shape[0] < area.bottom or shot.shape[1] < area.right:
        return False
    colours = group_colours(theme("light"), range(1)).astype(int)
    places = [pixel_of(((-2.0, 2.0), (-1.5, 1.5)), area, start) for start in STARTS]
    parts = [shot[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].reshape(-1, 3) for x, y in places]
    return all((np.abs(part - colours).max(axis=-1) < 25).any() for part in parts)


def test_a_real_pointer_and_keyboard_work(tmp_path: Path) -> None:
    chosen = scenario(optimizer=[GROUP], run={"updates": 100_000, "frames": 50})
    (tmp_path / "still.toml").write_text(resolved_toml(chosen))
    with watched(tmp_path, chosen, SIZE) as same:
        area, more, lr = same.screen.map, same.middle("more"), same.element("lr").bar
        same.resize(SMALLER)
        small = same.screen.map
    with real_window("still.toml", tmp_path, SIZE) as real:
        soon(lambda: stands(real, area))
        real.key("space")
        real.key("s")
        soon(lambda: list(tmp_path.glob("*.png")))
        real.click(more)
        real.key("Escape", "g")
        real.drag(middle(lr), (lr.right - 20, middle(lr)[1]))
        real.key("p")
        soon(lambda: list(tmp_path.glob("*-watched.toml")))
        real.resize(SMALLER)
        soon(lambda: stands(real, small))
        soon(lambda: list(tmp_path.glob("*.gif")))
        real.key("ctrl+q")
        assert real.process.wait(20) == 0
