"""Pictures of a result as files: moving, still, and the figure of the result folder."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from simulator.drawing.colours import INK, WARNING, WHITE, Pixels
from simulator.drawing.frames import Array, clock_end, frame_clocks
from simulator.drawing.gif import GIF_FPS, encode_gif, frame_delays, shared_palette
from simulator.drawing.history import BasinOf
from simulator.drawing.painter import Painter, painter
from simulator.drawing.whole_file import whole_file

if TYPE_CHECKING:
    from simulator.analysis import Critical
    from simulator.result import Result


def write_gif(
    result: "Result",
    path: str | Path,
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the moving picture that the scenario's ``[picture]`` describes; it repeats forever.

    ``critical`` and ``basin_of`` as for ``painter``; ``progress(done, total)`` is called after each frame.  The file
    appears under its name when it is complete.  Above 50 frames per second, the most a GIF can show, it has 50.
    Raises OSError.
    """
    picture = result.scenario.picture
    fps = min(picture.fps, GIF_FPS)
    clocks = frame_clocks(result, fps)
    delays = frame_delays(len(clocks), fps, picture.hold)
    ready = painter(result, critical=critical, basin_of=basin_of)
    samples = [ready.frame(float(clock)) for clock in clocks[np.linspace(0, len(clocks) - 1, 6).astype(np.int64)]]
    exact = np.concatenate([ready.colours, np.array([WHITE, INK, WARNING], dtype=np.uint8)])
    palette = shared_palette(samples, exact, max(64, 34 + 10 * len(result.groups)))
    with whole_file(path) as file:
        encode_gif(file, _drawn(ready, clocks, progress), delays, palette)


def write_png(
    result: "Result",
    path: str | Path,
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    clock: float | None = None,
) -> None:
    """Write one frame as a still picture, the last one unless a clock value is given; raises OSError."""
    ready = painter(result, critical=critical, basin_of=basin_of)
    _save(ready.frame(clock_end(result) if clock is None else clock), path)


def write_figure(result: "Result", path: str | Path, *, critical: Sequence["Critical"] = ()) -> None:
    """Write the result folder's figure: the last frame at twice the size, long trails, loss curves; raises OSError."""
    width, height = result.scenario.picture.size
    factor = min(2.0, 3840 / width, 3840 / height)
    size = (round(width * factor), round(height * factor))
    ready = painter(result, critical=critical, size=size, chart="loss", fade=0.5)
    _save(ready.frame(clock_end(result)), path)


def _drawn(ready: Painter, clocks: Array, progress: Callable[[int, int], None] | None) -> Iterator[Pixels]:
    """The frames one after the other, all in the same array."""
    out = np.empty_like(ready.base)
    for done, clock in enumerate(clocks, 1):
        ready.draw(float(clock), out)
        yield out
        if progress:
            progress(done, len(clocks))


def _save(frame: Pixels, path: str | Path) -> None:
    with whole_file(path) as file:
        Image.fromarray(frame).save(file, format="PNG", compress_level=6)
