"""The map of the training loss: filled contours and thin lines."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels, hexadecimal, map_colours
from errsurf.drawing.frames import Array
from errsurf.drawing.look import Look
from errsurf.drawing.matplotlib_defaults import matplotlib_defaults
from errsurf.drawing.window import Window

if TYPE_CHECKING:
    from errsurf.engine.landscape import Landscape

Grid: TypeAlias = tuple[Array, Array, Array]

_HIGHEST, _ROUNDING = 1e300, 1e-12


def loss_grid(landscape: "Landscape", window: Window, area: Box, which: str = "train") -> Grid:
    """x (columns,), y (rows,) and the training or test loss (rows, columns) on a grid about three pixels wide."""
    columns, rows = (int(np.clip(n // 3, 80, 320)) for n in (area.width, area.height))
    x, y = np.linspace(*window[0], columns), np.linspace(*window[1], rows)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, np.asarray(landscape.loss(points, which), dtype=np.float64)


def contour_levels(loss: Array, wanted: int | Sequence[float], scale: str = "area") -> Array:
    """Rising levels from the lowest to the highest loss, between them the ``wanted`` ones.

    A number of levels is, by ``scale``, closer where more of the map lies ("area"), "linear", or even in the
    logarithm of the loss ("log"); where the lowest loss is not positive, "log" counts from it.
    """
    drawn = drawable(loss)
    low, high = float(drawn.min()), float(drawn.max())
    if is_level(low, high):
        high = low + max(1.0, abs(low))
    if not isinstance(wanted, int):
        inner = [float(level) for level in wanted if low < level < high]
        return np.array([low, *inner, high])
    return np.unique(_even_levels(drawn, low, high, wanted, scale))


def drawable(loss: Array) -> Array:
    """The losses that a map tells apart, shape (n,), at least one: no larger than 1e300, so that sums stay finite."""
    found = loss[np.abs(loss) <= _HIGHEST]
    return found if len(found) else np.zeros(1)


def is_level(low: float, high: float) -> bool:
    """Whether losses from ``low`` to ``high`` differ by no more than rounding errors."""
    return not high - low > _ROUNDING * max(abs(low), abs(high))


def _even_levels(drawn: Array, low: float, high: float, wanted: int, scale: str) -> Array:
    share = np.linspace(0.0, 1.0, wanted + 1)
    if scale == "log":
        first = low if low > 0 else 1e-4 * (high - low)
        edges = first * (high / first if low > 0 else (high - low) / first) ** share
        return np.asarray(edges if low > 0 else low + np.where(share > 0, edges, 0.0))
    if scale == "linear":
        return low + (high - low) * share
    middle = float(np.clip((np.median(drawn) - low) / (high - low), 1e-6, 0.8))
    return low + (high - low) * share ** float(np.clip(np.log(middle) / np.log(0.5), 0.6, 6.0))


def map_image(grid: Grid, area: Box, wanted: int | Sequence[float], scale: str, look: Look) -> Pixels:
    """The contours over the whole grid, shape (area height, area width, 3)."""
    return level_image(grid, area, contour_levels(grid[2], wanted, scale), look)


def level_image(grid: Grid, area: Box, levels: Array, look: Look) -> Pixels:
    """The contours at these levels over the whole grid, shape (area height, area width, 3)."""
    return rendered(area, lambda axes: draw_contours(axes, grid, levels, look))[..., :3]


def draw_contours(axes: Any, grid: Grid, levels: Array, look: Look) -> None:
    """Fill the axes with the contours of a grid; what lies beyond the levels, or is no number, is clipped to them."""
    x, y, loss = grid
    shown = within_levels(loss, levels)
    if levels[0] - 1 == levels[0]:
        # matplotlib lowers the first level by 1 to fill the lowest places too, which does nothing to 1e17.
        span = levels[-1] - levels[0]
        shown, levels = (shown - levels[0]) / span, (levels - levels[0]) / span
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.contourf(x, y, shown, levels=levels, colors=map_colours(look.theme, len(levels) - 1), antialiased=False)
    if len(levels) > 2:
        lines = {"colors": hexadecimal(look.theme.contour), "linewidths": 0.5 * max(look.line, 0.6)}
        axes.contour(x, y, shown, levels=levels[1:-1], linestyles="solid", **lines)


def within_levels(loss: Array, levels: Array) -> Array:
    """The losses, clipped to the levels; where there is none, the highest."""
    return np.clip(np.nan_to_num(loss, nan=levels[-1], posinf=levels[-1]), levels[0], levels[-1])


@matplotlib_defaults()
def rendered(box: Box, draw: Callable[[Any], object]) -> Pixels:
    """What is drawn into bare axes that fill the box, at 100 pixels to the inch, shape (box height, box width, 4).

    The last number is the coverage; where nothing is drawn it is 0.
    """
    figure = Figure(figsize=(box.width / 100, box.height / 100), dpi=100, facecolor="none")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    draw(axes)
    canvas.draw()  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]


def laid_over(below: Pixels, drawn: Pixels, share: Array | float = 1.0) -> Pixels:
    """``below`` (height, width, 3) with what was ``drawn`` (height, width, 4) over it, of which only a share counts."""
    cover = drawn[..., 3:] / 255 * share
    return np.rint(drawn[..., :3] * cover + below * (1 - cover)).astype(np.uint8)
