"""Whatever is pressed, pulled and turned in whatever order, the window goes on."""

from pathlib import Path
from random import Random

import pytest

from errsurf.viewer.actions import ACTIONS
from helpers.window_driver import Watched, scenario, watched

LEFT_OUT = ("quit", "gif", "png", "save", "open", "full")
SIZES = ((960, 540), (700, 420), (650, 900))


def act(made: Watched, random: Random, keys: list[str]) -> None:
    """One thing that a user may do."""
    width, height = made.state.size
    place, other = ((random.randrange(width), random.randrange(height)) for _ in range(2))
    what = random.choice("kkkkkkcdwfre")
    if what == "k":
        made.key(random.choice(keys))
    elif what == "c":
        made.click(place)
    elif what == "d":
        made.drag(place, other)
    elif what == "w":
        made.wheel(place, random.choice((-3, 3)))
    elif what == "f":
        made.frames(random.randrange(1, 8))
    elif what == "r":
        made.resize(random.choice(SIZES))
    else:
        made.key("return")


@pytest.mark.parametrize("seed", range(3))
def test_the_window_goes_on(tmp_path: Path, seed: int) -> None:
    random, keys = Random(seed), [key for each in ACTIONS for key in each.keys if each.name not in LEFT_OUT]
    with watched(tmp_path, scenario(swarm={"start": "cloud", "particles": 30})) as made:
        for _ in range(70):
            act(made, random, keys)
        assert made.state.moment.trouble == ""
