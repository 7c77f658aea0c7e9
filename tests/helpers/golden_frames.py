"""The accepted frames of every bundled scenario, in tests/golden; as a script, it writes them again.

``python tests/helpers/golden_frames.py`` writes all, with ``saddle_escape`` only that one; look at them before you
commit them.
"""

import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageSequence

from errsurf.drawing import Painter, painter
from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.palette import shared_palette
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import bundled, read_scenario

FOLDER = Path(__file__).parents[1] / "golden"
SIZE = (480, 270)
CHANGES: dict[str, object] = {"swarm.particles": 24, "picture.size": list(SIZE), "run.record": []}
SHARES = (0.0, 0.4, 1.0)
FLAT, CLOSE = 24, 40


def ready(name: str) -> Painter:
    """The painter of a bundled scenario with a few particles, as if each run took the same time."""
    result = simulate(read_scenario(name, CHANGES))
    groups = [replace(group, seconds=1e-5 * int(group.update[-1])) for group in result.groups]
    result = replace(result, groups=groups)
    findings = Findings(result)
    return painter(result, critical=findings.critical, basin_of=findings.basin_of, regions=findings.regions)


def frames(scene: Painter) -> list[Pixels]:
    """First frame, one on the way, and last frame."""
    return [scene.frame(share * scene.end) for share in SHARES]


def golden(name: str) -> list[Pixels]:
    """The same as they were when they were good; FileNotFoundError if they were never written."""
    with Image.open(FOLDER / f"{name}.gif") as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


def difference(one: Pixels, other: Pixels) -> float:
    """Share of the pixels that differ, of those that lie away from edges in both pictures."""
    flat = ~(_edges(one) | _edges(other))
    apart = np.abs(one.astype(int) - other).max(axis=-1) > CLOSE
    return float(np.mean(apart[flat]))


def write(name: str) -> None:
    """Keep the frames of a scenario as they are now, in 96 colours."""
    scene = ready(name)
    now = frames(scene)
    colours = shared_palette(list(pairwise(now)), scene.exact, 96)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours.tobytes() + colours[:1].tobytes() * (256 - len(colours)))
    first, *rest = (Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in now)
    FOLDER.mkdir(exist_ok=True)
    first.save(FOLDER / f"{name}.gif", save_all=True, append_images=rest, duration=1000, optimize=True)


def _edges(picture: Pixels) -> NDArray[np.bool_]:
    image = Image.fromarray(picture)
    high, low = (
        np.asarray(image.filter(kind(3))).astype(int) for kind in (ImageFilter.MaxFilter, ImageFilter.MinFilter)
    )
    return (high - low).max(axis=-1) > FLAT


if __name__ == "__main__":
    for each in sys.argv[1:] or bundled():
        write(each)
