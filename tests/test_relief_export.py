"""Reliefs from the command line: pictures, turns, formats without them, and wrong values."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from helpers.command_line import SMALL, CommandLine

QUICK = ("--size", "480x270", "--seconds", "0.4", "--hold", "0", "--fps", "20")


def frames(path: Path) -> list[np.ndarray]:
    with Image.open(path) as image:
        return [np.asarray(frame.convert("RGB")).astype(int) for frame in ImageSequence.Iterator(image)]


def test_a_gif_turns(errsurf: CommandLine) -> None:
    file = errsurf.file()
    assert errsurf("export", file, "turning.gif", *QUICK, "--view", "3d", "--turn", "90") == 0
    assert errsurf("export", file, "fixed.gif", *QUICK, "--view", "3d", "--chart", "none", "--no-legend") == 0
    turning, fixed = (frames(errsurf.folder / name) for name in ("turning.gif", "fixed.gif"))
    assert len(turning) == len(fixed) == 8

    def moved(film: list[np.ndarray]) -> float:
        return float(np.mean(np.abs(film[-1] - film[0]).max(axis=-1) > 40))

    assert moved(turning) > 0.05
    assert moved(fixed) < 0.03
    assert not errsurf.err
    assert errsurf("export", file, "flat.png", "--turn", "90") == 0
    assert 'picture.turn is for view = "3d"' in errsurf.err


def test_a_gif_keeps_the_shades_of_a_relief(errsurf: CommandLine) -> None:
    file = errsurf.file()
    assert errsurf("export", file, "r.gif", *QUICK, "--view", "3d") == 0
    assert errsurf("export", file, "r.png", "--at", "0", "--view", "3d", "--size", "480x270") == 0
    first, exact = frames(errsurf.folder / "r.gif")[0], np.asarray(Image.open(errsurf.folder / "r.png")).astype(int)
    error = np.abs(first - exact).max(axis=-1)
    assert np.quantile(error, 0.99) < 12


def test_a_scenario_says_how_its_relief_is_seen(errsurf: CommandLine) -> None:
    keys = '\n[picture]\nview = "3d"\nazimuth = 20\nelevation = 60.0\nsize = [480, 270]\n'
    assert errsurf("export", errsurf.file(SMALL + keys), "a.png") == 0
    plain, same = errsurf.file(SMALL, "plain.toml"), ("--size", "480x270", "--title", "small")
    assert errsurf("export", plain, "b.png", *same, "--view", "3d", "--azimuth", "20", "--elevation", "60") == 0
    assert errsurf("export", plain, "flat.png", *same) == 0
    a, b, flat = (np.asarray(Image.open(errsurf.folder / name)) for name in ("a.png", "b.png", "flat.png"))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, flat)


@pytest.mark.parametrize("suffix", ["svg", "html"])
def test_pictures_of_lines_say_that_they_are_flat(errsurf: CommandLine, suffix: str) -> None:
    file = errsurf.file()
    assert errsurf("export", file, f"a.{suffix}", "--view", "3d") == 0
    assert "flat map" in errsurf.err
    assert errsurf("export", file, f"b.{suffix}") == 0
    assert "flat map" not in errsurf.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--view", "4d"), "'flat', '3d'"),
        (("--elevation", "5"), "picture.elevation = 5"),
        (("--elevation", "steep"), "picture.elevation"),
        (("--azimuth", "1000"), "picture.azimuth = 1000"),
        (("--turn", "around"), "picture.turn"),
        (("--view", "3d", "--surface", "batch"), "picture.surface"),
    ],
)
def test_wrong_values_are_said_in_words(errsurf: CommandLine, options: tuple[str, ...], words: str) -> None:
    assert errsurf("export", errsurf.file(), "a.png", *options) == 2
    assert words in errsurf.err
    assert "allowed" in errsurf.err or "one of" in errsurf.err
    assert not (errsurf.folder / "a.png").exists()


def test_where_the_surface_is_too_sharp_is_hatched_on_the_relief(errsurf: CommandLine) -> None:
    file = errsurf.file()
    options = ("--at", "0", "--view", "3d", "--size", "480x270", "--stability", "--window=-2,2,-2,2")
    for name, lr in (("hatched", 50), ("plain", 1e-6)):
        assert errsurf("export", file, f"{name}.png", *options, "--set", f"optimizer.lr={lr}") == 0
    (hatched,), (plain,) = frames(errsurf.folder / "hatched.png"), frames(errsurf.folder / "plain.png")
    changed = np.abs(hatched - plain).max(axis=-1)[:210, :290] > 20
    assert changed.mean() > 0.03
