"""The bundled scenarios look as they did when someone last looked at them."""

import numpy as np
import pytest

from errsurf.scenario import bundled
from helpers.golden_frames import FOLDER, SHARES, SIZE, difference, frames, golden, ready

MOST = 0.0005


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_scenario_looks_as_it_did(name: str) -> None:
    """Takes up to 5 s: three frames of a whole run."""
    assert (FOLDER / f"{name}.gif").is_file(), f"write it with: python tests/helpers/golden_frames.py {name}"
    differences = [difference(now, good) for now, good in zip(frames(ready(name)), golden(name), strict=True)]
    assert max(differences) <= MOST, (
        f"{name} looks otherwise, {differences} of its pixels; if that is as it should be, look at the frames that "
        f"`python tests/helpers/golden_frames.py {name}` writes, and commit them"
    )


def test_no_golden_frames_are_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} <= set(bundled())


def test_a_moved_mark_is_seen_and_an_edge_is_not() -> None:
    good = golden(bundled()[0])
    assert len(good) == len(SHARES)
    assert good[0].shape == (SIZE[1], SIZE[0], 3)
    assert difference(good[0], good[0]) == 0
    assert difference(good[0], good[-1]) > MOST
    moved = good[-1].copy()
    moved[100:130, 100:130] = (213, 94, 0)
    assert difference(moved, good[-1]) > MOST
    softer = (good[-1].astype(float) + np.roll(good[-1], 1, axis=1)) / 2
    assert difference(softer.astype(np.uint8), good[-1]) < MOST
