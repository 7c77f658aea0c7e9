"""The map of the training loss: filled contours and thin lines."""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulator.drawing.colours import CONTOUR, Pixels, map_colours
from simulator.drawing.frames import Array
from simulator.drawing.layout import Box
from simulator.drawing.window import Window

if TYPE_CHECKING:
    from simulator.landscape import Landscape

Grid: TypeAlias = tuple[Array, Array, Array]


def loss_grid(landscape: "Landscape", window: Window, area: Box) -> Grid:
    """x (columns,), y (rows,) and the training loss (rows, columns) on a grid about three pixels wide."""
    columns, rows = (int(np.clip(n // 3, 80, 320)) for n in (area.width, area.height))
    x, y = np.linspace(*window[0], columns), np.linspace(*window[1], rows)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, np.asarray(landscape.loss(points, "train"), dtype=np.float64)


def contour_levels(loss: Array, count: int) -> Array:
    """``count`` + 1 rising levels from the lowest to the highest loss, closer where more of the map lies."""
    finite = loss[np.isfinite(loss)] if np.isfinite(loss).any() else np.zeros(1)
    low, high = float(finite.min()), float(finite.max())
    if not low < high:
        return low + np.linspace(0.0, 1.0, count + 1)
    middle = float(np.clip((np.median(finite) - low) / (high - low), 1e-6, 0.8))
    power = float(np.clip(np.log(middle) / np.log(0.5), 0.6, 6.0))
    return low + (high - low) * np.linspace(0.0, 1.0, count + 1) ** power


def map_image(grid: Grid, area: Box, count: int, unit: float) -> Pixels:
    """The contours over the whole grid, shape (area height, area width, 3)."""
    x, y, loss = grid
    levels = contour_levels(loss, count)
    shown = np.clip(np.nan_to_num(loss, nan=levels[-1], posinf=levels[-1]), levels[0], levels[-1])
    figure, axes = bare_axes(area)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.contourf(x, y, shown, levels=levels, colors=map_colours(count), antialiased=False)
    axes.contour(x, y, shown, levels=levels[1:-1], colors=CONTOUR, linewidths=0.5 * max(unit, 0.6), linestyles="solid")
    return pixels(figure)


def bare_axes(box: Box) -> tuple[Figure, Any]:
    """A figure of exactly the box's pixels at 100 to the inch, and axes without marks that fill it."""
    figure = Figure(figsize=(box.width / 100, box.height / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def pixels(figure: Figure) -> Pixels:
    """The drawn figure, shape (height, width, 3)."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()  # type: ignore[no-untyped-call]
    image = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(image[..., :3])
