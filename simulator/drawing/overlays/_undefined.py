"""Hatching where the loss is undefined, with the words that say so."""

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.overlays._record import Entry, Ready

KEY, WORDS = "hatched: loss undefined", "loss undefined"
_APART, _STEP, _STRENGTH = 9.0, 2.0, 110


def undefined(maps: Maps) -> list[Ready]:
    """Hatching of each map's cells whose loss is NaN, with its part of the key; none where the loss has a value."""
    losses = {view.area: maps.test_loss if view.surface == "test" else maps.grid[2] for view in maps.views}
    if maps.level is not None or not any(np.isnan(loss).any() for loss in losses.values()):
        return []

    def still(canvas: Canvas) -> None:
        for area, loss in losses.items():
            _draw(canvas, area, np.isnan(loss)[::-1], maps.style)

    def sample(width: int, height: int) -> Drawing:
        return _lines(np.ones((1, 1), np.bool_), Box(0, 0, width, height), maps.style)

    return [Ready(still=still, entries=(Entry((KEY, WORDS), sample),))]


def _draw(canvas: Canvas, area: Box, gone: NDArray[np.bool_], style: Style) -> None:
    """Hatch these cells (rows from the top, columns), and write what that means where there is room."""
    if gone.any():
        canvas.strokes(area, _lines(gone, area, style), 0.0, style.theme.background, below=True)
        _write(canvas, area, gone, style)


def _lines(gone: NDArray[np.bool_], area: Box, style: Style) -> Drawing:
    path = _hatching(gone, area, style.unit)
    strength = np.full(len(path), _STRENGTH, np.uint8)
    return Drawing([Stroke(path, 0.5 * style.line, strength=strength)], [style.theme.grey])


def _hatching(gone: NDArray[np.bool_], area: Box, unit: float) -> Array:
    """Parallel lines through the cells (rows from the top, columns), in pixels, with gaps at NaN."""
    down = np.arange(0.0, area.height + _STEP, _STEP)
    x = np.subtract.outer(np.arange(0.0, area.width + area.height, _APART * unit), down)
    y = np.broadcast_to(down, x.shape)
    row, column = (
        np.clip(part / size * count, 0, count - 1).astype(np.intp)
        for part, size, count in ((y, area.height, len(gone)), (x, area.width, gone.shape[1]))
    )
    shown = gone[row, column] & (x >= 0) & (x <= area.width)
    path = np.where(shown[..., None], np.stack([x, y], axis=-1), np.nan)
    return np.concatenate([path, np.full((len(path), 1, 2), np.nan)], axis=1).reshape(-1, 2)


def _write(canvas: Canvas, area: Box, gone: NDArray[np.bool_], style: Style) -> None:
    """The words in the middle of the widest part, if it holds them."""
    from scipy.ndimage import distance_transform_edt

    scale = np.array([area.height, area.width]) / gone.shape
    room = distance_transform_edt(np.pad(gone, 1), sampling=scale)[1:-1, 1:-1]
    widest = np.argwhere(room >= 0.99 * room.max())
    row, column = widest[len(widest) // 2]
    width, height = text_width(WORDS, style.tick), line_height(style.tick)
    if 2 * room.max() >= height and gone[row].mean() * area.width >= 1.2 * width:
        middle = (np.array([row, column]) + 0.5) * scale
        left = int(np.clip(area.left + middle[1] - width / 2, area.left + 3, area.right - width - 3))
        top = int(area.top + middle[0] - height / 2)
        canvas.write(WORDS, left, top, style.tick, style.theme.foreground, style.theme.background)
