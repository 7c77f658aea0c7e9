"""Few colours for all frames of a moving picture."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from errsurf.drawing.canvas.kernels import indices
from errsurf.drawing.colours import Pixels, unlike
from errsurf.drawing.moving.changes import Change
from errsurf.drawing.moving.film import Film

MAX_COLOURS = 255
"""One index of 256 is left for what does not change."""

CLEAR = 255
"""Index of a pixel that stays as it is."""

_COMMON = 32
_SAMPLES = 6


def film_palette(ready: Film, count: int = MAX_COLOURS) -> Pixels:
    """At most ``count`` <= 255 colours for a moving picture, from pairs of frames spread over it, shape (n, 3)."""
    frame = ready.painter.frame
    places = np.unique(np.linspace(1, len(ready.clocks) - 1, _SAMPLES).astype(np.int64))
    pairs = [(frame(float(ready.clocks[k - 1])), frame(float(ready.clocks[k]))) for k in places]
    return shared_palette(pairs, ready.painter.exact, count)


def shared_palette(pairs: Sequence[tuple[Pixels, Pixels]], exact: Pixels, count: int = MAX_COLOURS) -> Pixels:
    """At most ``count`` <= 255 colours for all frames, shape (colours, 3).

    ``pairs`` are some frames and the ones that follow them.  The palette holds ``exact`` (n, 3), the commonest
    colours, and a spread over those of the pixels that change: of these alone, an octree is as good as k-means, 36.4
    and 36.6 dB with 96 colours for three groups of 2,000 dots, in 2 ms and 60 ms; with 255 it is 39 dB.
    An octree over whole frames spends its colours on what stands still: 32 dB with 64.
    """
    moving = np.concatenate([now[unlike(now, before)] for before, now in pairs])
    some = np.concatenate([now[::3, ::3].reshape(-1, 3) for _, now in pairs]).astype(np.int64)
    packed, counts = np.unique(some @ np.array([65536, 256, 1]), return_counts=True)
    top = packed[np.argsort(-counts, kind="stable")[:_COMMON]]
    found = np.concatenate([exact, np.stack([top >> 16, top >> 8 & 255, top & 255], axis=1).astype(np.uint8)])
    if len(moving) and len(found) < count:
        image = Image.fromarray(moving[None])
        image = image.quantize(count - len(found), method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        found = np.concatenate([found, np.array(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)])
    _, first = np.unique(found, axis=0, return_index=True)
    return found[np.sort(first)][:count]


def indexer(palette: Pixels) -> Callable[[Pixels], Pixels]:
    """What finds the nearest colours in a palette: of a frame (height, width, 3) their places, (height, width)."""
    table = _nearest(palette)

    def indexed(frame: Pixels) -> Pixels:
        out = np.empty(frame.shape[:2], np.uint8)
        indices(frame, table, out)
        return out

    return indexed


def cleared(change: Change) -> Pixels:
    """Indices with CLEAR where nothing changed, shape (rows, columns)."""
    return change.pixels | (change.changed.view(np.uint8) - np.uint8(1))  # the bits of CLEAR, or none


def _nearest(palette: Pixels) -> Pixels:
    """For each cell of 4 x 4 x 4 colours the palette's first colour in it, or else the nearest; shape (64^3,)."""
    levels = (np.arange(64) * 4 + 2).astype(np.uint8)
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    cells = Image.fromarray(np.stack([red, green, blue], axis=-1).reshape(512, 512, 3))
    source = Image.new("P", (1, 1))
    padded = np.concatenate([palette, np.repeat(palette[:1], 256 - len(palette), axis=0)])
    source.putpalette(padded.tobytes())
    table = np.asarray(cells.quantize(palette=source, dither=Image.Dither.NONE)).reshape(-1).copy()
    own = (palette.astype(np.int64) >> 2) @ np.array([4096, 64, 1])
    table[own[::-1]] = np.arange(len(palette), dtype=np.uint8)[::-1]
    return table
