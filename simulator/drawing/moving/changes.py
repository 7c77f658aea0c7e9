"""What changes from frame to frame: the rectangle that a moving picture's file has to hold."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.colours import Pixels, unlike
from errsurf.drawing.history.frames import Ints


class Change(NamedTuple):
    """A rectangle with its corner at (left, top), and how long the picture then stays as it is.

    ``pixels`` are (rows, columns) indices or (rows, columns, 3) colours, ``changed`` (rows, columns) which of them
    differ from the picture before.
    """

    left: int
    top: int
    pixels: Pixels
    changed: NDArray[np.bool_]
    delay: int


def changes(frames: Iterable[Pixels], delays: Iterable[int], longest: int, *, even: bool = False) -> Iterator[Change]:
    """The changes between frames of one size, the first of which is whole.

    A frame that equals the one before only adds its delay to that one's, up to ``longest``.  With ``even`` corners
    lie at even places.  The frames may be drawn into one array.
    """
    before: Pixels | None = None
    waiting: Change | None = None
    for now, delay in zip(frames, delays, strict=True):
        changed = np.ones(now.shape[:2], np.bool_) if before is None else unlike(now, before)
        rows = np.flatnonzero(changed.any(axis=1))
        if waiting is not None and not len(rows) and waiting.delay + delay <= longest:
            waiting = waiting._replace(delay=waiting.delay + delay)
            continue
        if waiting is not None:
            yield waiting
        waiting = _rectangle(now, changed, rows, delay, even=even)
        before = now.copy()
    if waiting is not None:
        yield waiting


def rgba(change: Change) -> Pixels:
    """Its colours, clear where nothing changed, shape (rows, columns, 4)."""
    return np.dstack([change.pixels * change.changed[..., None], change.changed * np.uint8(255)])


def _rectangle(now: Pixels, changed: NDArray[np.bool_], rows: Ints, delay: int, *, even: bool) -> Change:
    """The smallest rectangle that holds all changes, in these rows; one pixel if there are none."""
    if not len(rows):
        return Change(0, 0, now[:1, :1].copy(), changed[:1, :1], delay)
    columns = np.flatnonzero(changed[rows[0] : rows[-1] + 1].any(axis=0))
    top, left = (int(k[0]) // 2 * 2 if even else int(k[0]) for k in (rows, columns))
    place = np.s_[top : rows[-1] + 1, left : columns[-1] + 1]
    return Change(left, top, now[place].copy(), changed[place], delay)
