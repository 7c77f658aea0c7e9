"""Pictures do not depend on matplotlib's settings, and leave them as they were."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from errsurf.drawing import PictureRequest, write_picture
from errsurf.drawing.history import window
from errsurf.drawing.lettering import formulas
from errsurf.drawing.matplotlib_defaults import matplotlib_defaults
from helpers.synthetic_results import made_run, walks

# What a matplotlibrc in the working folder, or the program around, may say.
OTHER: dict[str, Any] = {
    "agg.path.chunksize": 100,
    "axes.autolimit_mode": "round_numbers",
    "axes.unicode_minus": False,
    "contour.algorithm": "mpl2005",
    "contour.linewidth": 9,
    "figure.autolayout": True,
    "figure.dpi": 30,
    "font.family": "serif",
    "font.size": 30,
    "lines.antialiased": False,
    "lines.dash_capstyle": "round",
    "lines.linewidth": 9,
    "lines.marker": "s",
    "lines.scale_dashes": False,
    "mathtext.default": "rm",
    "mathtext.fontset": "stix",
    "patch.antialiased": False,
    "patch.edgecolor": "green",
    "patch.force_edgecolor": True,
    "path.simplify": False,
    "path.sketch": (4, 60, 2),
    "path.snap": False,
    "pdf.compression": 0,
    "savefig.bbox": "tight",
    "svg.fonttype": "path",
    "text.antialiased": False,
    "text.parse_math": False,
    "text.usetex": True,
}
PICTURE: dict[str, Any] = {"caption": "below $-x_1$", "test": True, "chart": ["loss"], "seconds": 0.2}
SETTINGS: tuple[dict[str, Any], ...] = ({}, OTHER)


@pytest.mark.parametrize("name", ["still.png", "moving.gif", "page.html", "figure.svg", "figure.pdf"])
def test_pictures_are_the_same_under_any_settings(tmp_path: Path, name: str) -> None:
    found = []
    for settings in SETTINGS:
        for kept in (formulas.formula, window._ticks):
            kept.cache_clear()
        with mpl.rc_context(settings):
            before = dict(mpl.rcParams)
            write_picture(PictureRequest(made_run(*walks(2), title=r"A $\frac{a}{b}$", **PICTURE)), tmp_path / name)
            assert dict(mpl.rcParams) == before
        found.append((tmp_path / name).read_bytes())
    assert found[0] == found[1]


def test_marks_of_axes_are_the_same_under_any_settings() -> None:
    found = []
    for settings in SETTINGS:
        window._ticks.cache_clear()
        with mpl.rc_context(settings):
            found.append([window.marks(9.38, 23.92, 3), window.marks(-0.4, 14.5, 8), window.marks(-0.07, 2.3, 5)])
    assert found[0] == found[1]


@pytest.mark.parametrize("last", [0, 1])
def test_blocks_may_overlap(last: int) -> None:
    """As those of two threads do: the second one to end restores what was before."""
    with mpl.rc_context({"lines.linewidth": 9}):
        blocks = ExitStack(), ExitStack()
        for block in blocks:
            block.enter_context(matplotlib_defaults())
        assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
        blocks[1 - last].close()
        assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
        blocks[last].close()
        assert mpl.rcParams["lines.linewidth"] == 9


def test_settings_are_restored_after_an_error() -> None:
    def fail() -> None:
        with matplotlib_defaults():
            raise LookupError

    with mpl.rc_context({"lines.linewidth": 9}):
        backend = mpl.get_backend()
        with pytest.raises(LookupError):
            fail()
        assert (mpl.rcParams["lines.linewidth"], mpl.get_backend()) == (9, backend)
