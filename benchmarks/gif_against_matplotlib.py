"""The default moving picture against matplotlib's FuncAnimation with PillowWriter: time, size and fidelity.

Run ``python -m benchmarks.gif_against_matplotlib [SCENARIO]``.

One scene, 150 frames of 960 x 540: filled contours, all particles, five trails a group, the loss curves.  Both write
into a file, in turn, five times, and medians are told.  Fidelity is measured by decoding the GIF with FFmpeg (PyAV)
against the drawn frames: peak signal-to-noise ratio over all pixels, and over those that differ from the frame before.
Time in brackets is that of the processors, which other work on the machine disturbs little.
"""

import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, process_time
from typing import NamedTuple, TypeVar

import av
import click
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from benchmarks.results import default_file, keep, rounded, say
from errsurf import read_scenario, simulate
from errsurf.drawing.formats import PictureRequest, picture_format
from errsurf.drawing.history.contours import contour_levels, loss_grid
from errsurf.drawing.history.frames import clock_values, latest
from errsurf.drawing.moving.film import Film, film
from errsurf.drawing.moving.gif import UNIT, encode_gif
from errsurf.drawing.moving.palette import film_palette, indexer
from errsurf.drawing.painter import Painter
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings

RUNS = 5
T = TypeVar("T")


@click.command(help=__doc__)
@click.argument("scenario", default="saddle_escape")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(scenario: str, out: Path | None) -> None:
    result = simulate(read_scenario(scenario, {"picture.chart": "loss"}))
    findings = Findings(result)
    order = PictureRequest(result, findings.critical, findings.basin_of, findings.regions)
    ready = film(order)
    write_gif(order)
    several = [
        (timed(lambda: write_gif(order))[0], timed(lambda: with_matplotlib(result, ready))[0]) for _ in range(RUNS)
    ]
    total, slow = (middle(each) for each in zip(*several, strict=True))
    frames = [np.empty_like(ready.painter.base) for _ in ready.clocks]
    drawing = middle([timed(lambda: draw(ready, frames))[0] for _ in range(RUNS)])
    encodings = [timed(lambda: encoded(ready, frames)) for _ in range(RUNS)]
    encoding, content = middle([seconds for seconds, _ in encodings]), encodings[0][1]
    moving, every = fidelity(content, frames)
    say(f"{result.scenario.name}: {len(result.groups)} groups, {len(frames)} frames, {len(content) / 1e6:.2f} MB")
    say(f"fidelity {every:.1f} dB over all, {moving:.1f} dB on pixels that move")
    for what, each in (("errsurf", total), ("drawn", drawing), ("encoded", encoding), ("FuncAnimation", slow)):
        say(f"{what:15}{each}")
    figures = {"errsurf": total.wall, "FuncAnimation": slow.wall, "drawn": drawing.wall, "encoded": encoding.wall}
    keep(out or default_file(), "gif", rounded({"frames": len(frames), "seconds": figures}))


def write_gif(order: PictureRequest) -> None:
    """Write the picture as a command does."""
    with TemporaryFile() as file:
        picture_format("gif").write(order, file)


class Seconds(NamedTuple):
    """Time by the clock on the wall and of the processors."""

    wall: float
    processor: float

    def __str__(self) -> str:
        """Both, the second in brackets."""
        return f"{self.wall:6.2f} s ({self.processor:.2f} s)"


def timed(work: Callable[[], T]) -> tuple[Seconds, T]:
    """How long it takes, and what comes out."""
    wall, processor = perf_counter(), process_time()
    found = work()
    return Seconds(perf_counter() - wall, process_time() - processor), found


def middle(several: Sequence[Seconds]) -> Seconds:
    """The medians."""
    return Seconds(*(median(part) for part in zip(*several, strict=True)))


def draw(ready: Film, frames: list[np.ndarray]) -> None:
    """Draw all frames."""
    for frame, clock in zip(frames, ready.clocks, strict=True):
        ready.painter.draw(float(clock), frame)


def encoded(ready: Film, frames: list[np.ndarray]) -> bytes:
    """The GIF of drawn frames, its colours chosen."""
    file, palette = BytesIO(), film_palette(ready)
    encode_gif(file, map(indexer(palette), frames), [UNIT // 25] * len(frames), palette)
    return file.getvalue()


def fidelity(content: bytes, frames: list[np.ndarray]) -> tuple[float, float]:
    """Peak signal-to-noise ratio in dB over the pixels that move, and over all."""
    errors, moved = [], []
    with av.open(BytesIO(content), "r") as file:
        shown = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    for before, now, decoded in zip(frames[:-1], frames[1:], shown[1:], strict=True):
        error = np.mean((now.astype(np.float32) - decoded) ** 2, axis=-1)
        errors.append(error.mean())
        moved.append(error[np.any(now != before, axis=-1)])
    return ratio(np.concatenate(moved).mean()), ratio(np.mean(errors))


def ratio(error: float) -> float:
    """A mean squared error as a peak signal-to-noise ratio in dB."""
    return float(10 * np.log10(255**2 / error))


def with_matplotlib(result: Result, ready: Film) -> None:
    """Draw and encode the same scene."""
    assert isinstance(ready.painter, Painter)
    maps, area = ready.painter.scene.maps, ready.painter.layout.maps[0]
    x, y, loss = loss_grid(result.landscape, maps.window, area)
    levels = contour_levels(loss, 24)
    figure = Figure(figsize=(9.6, 5.4), dpi=100)
    plane, chart = figure.subplots(1, 2, width_ratios=(2, 1))
    plane.contourf(x, y, loss, levels=levels)
    plane.contour(x, y, loss, levels=levels, linewidths=0.5, colors="grey")
    plane.set(xlim=maps.window[0], ylim=maps.window[1], title=result.scenario.title)
    chart.set(xlim=(0, ready.clocks[-1]), ylim=(loss.min(), np.quantile(loss, 0.9)))
    colours = [tuple(colour / 255) for colour in maps.colours]
    clocks = [clock_values(group, result.scenario.picture.clock) for group in result.groups]
    dots = [plane.scatter([], [], s=9, color=colour, alpha=0.6) for colour in colours]
    trails = [[plane.plot([], [], color=colour, lw=1.2)[0] for _ in range(5)] for colour in colours]
    curves = [chart.plot([], [], color=colour)[0] for colour in colours]

    def update(k: int) -> list[Artist]:
        for g, group in enumerate(result.groups):
            row = latest(clocks[g], ready.clocks[k])
            dots[g].set_offsets(group.position[row])
            for p, trail in enumerate(trails[g]):
                path = group.position[: row + 1, p * (group.position.shape[1] // 5)]
                trail.set_data(path[:, 0], path[:, 1])
            curves[g].set_data(clocks[g][: row + 1], np.median(group.train_loss[: row + 1], axis=1))
        return []

    with TemporaryDirectory() as folder:
        moving = FuncAnimation(figure, update, frames=len(ready.clocks), blit=False)
        moving.save(Path(folder) / "slow.gif", writer=PillowWriter(fps=25))


if __name__ == "__main__":
    sys.exit(main())
