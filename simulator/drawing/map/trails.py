"""The paths of single particles as lines on a map: every update, thinned to what can be seen."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Scale
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.pace import Pace
from errsurf.drawing.history.profile import placed, plain
from errsurf.drawing.layout.sizes import SIZES
from errsurf.engine.kernel_cache import cached_njit
from errsurf.run.paths import kept_paths

if TYPE_CHECKING:
    from errsurf.run.result import Result

# A line is at most so many pixels from the path; a step between two pixels that was drawn a short while ago is not
# drawn again.
_TOLERANCE, AGAIN = 0.35, 0.25
_SLOTS = 1 << 16
# Paths of so few updates show each of them.
FEW_UPDATES = 36


class Trail(NamedTuple):
    """One particle's path: ``points`` (n, 2) in pixels of the map with gaps at NaN, and ``clock`` (n,).

    These clock values are evened, as those of all parameters here: the same time always lies between equal steps.

    ``oldest`` is how strong its oldest part stays, and ``steps`` says whether each update is to be marked.
    """

    points: Array
    clock: Array
    oldest: float
    steps: bool

    def until(self, clock: float, head: Array) -> "Trail":
        """The path up to a clock value, at which the particle is at ``head``, (2,)."""
        rows = int(np.searchsorted(self.clock, clock, "right"))
        return self._replace(
            points=np.concatenate([self.points[:rows], head[None]]), clock=np.append(self.clock[:rows], clock)
        )


def trails(
    result: "Result", k: int, chosen: Ints, scale: Scale, area: Box, fade: float, evened: Pace
) -> list[Trail]:  # fmt: skip
    """The paths of chosen particles of group ``k`` on a map; ``fade`` is how soon a trail pales, in clock values."""
    if not len(chosen):
        return []
    parts: list[list[tuple[Array, Array]]] = [[] for _ in chosen]
    by_examples, steps = result.scenario.picture.clock == "examples", int(result.groups[k].update[-1]) <= FEW_UPDATES
    for update, examples_seen, position, _ in kept_paths(plain(result), k, chosen):
        clock = evened.evened(np.asarray(examples_seen if by_examples else update, np.float64))
        pixels = path_pixels(placed(result, position), scale, area)
        for found, path in zip(parts, pixels.transpose(1, 0, 2), strict=True):
            along = clock
            if found:
                path, along = np.concatenate([found[-1][0][-1:], path]), np.append(found[-1][1][-1], clock)
            found.append((path, along) if steps else thinned(path, along, AGAIN * fade))
    return [_trail(found, area.width, steps=steps) for found in parts]


def thinned(path: Array, clock: Array, again: float) -> tuple[Array, Array]:
    """The points of a path, (n, 2) in pixels, that are needed to see it, and their clock values.

    A step that was drawn less than ``again`` ago, in either direction, is a gap.
    """
    kept = np.empty(len(path), np.int64)
    rows = kept[: _straight(np.ascontiguousarray(path), clock, _TOLERANCE, float(again), kept)]
    path, clock = path[rows], clock[rows]
    left_out = _walked_before(path, clock, float(again))
    gaps = np.flatnonzero(left_out & ~np.roll(left_out, 1))
    needed = ~(left_out & np.append(left_out[1:], False))
    order = np.argsort(np.concatenate([2 * gaps, 2 * np.flatnonzero(needed) + 1]))
    points = np.concatenate([np.full((len(gaps), 2), np.nan), path[needed]])[order]
    return points, np.concatenate([clock[gaps], clock[needed]])[order]


def path_pixels(path: Array, scale: Scale, area: Box) -> Array:
    """Pixel positions of paths (..., 2), NaN more than a map's size outside the map."""
    size = np.array([area.width, area.height])
    pixels = (np.clip(path, -1e12, 1e12) - (scale[0], scale[2])) * (scale[1], -scale[3])
    near = np.all((pixels > -size) & (pixels < 2 * size), axis=-1, keepdims=True)
    return np.where(near, pixels, np.nan)


def oldest_strength(points: Array, width: int) -> float:
    """Strength in which a trail's oldest part stays: less for one that scribbles over the map."""
    length, most = float(np.nansum(np.hypot(*np.diff(points, axis=0).T))), SIZES.trail_oldest
    return float(np.clip(most * 1.4 * width / max(length, 1.0), SIZES.trail_scribbled, most))


def _trail(found: list[tuple[Array, Array]], width: int, *, steps: bool) -> Trail:
    points, clock = (np.concatenate(part) for part in zip(*found, strict=True))
    return Trail(points, clock, oldest_strength(points, width), steps)


# From each kept point on, points are left out while all of them are near one straight line and follow each other
# along it: the directions allowed by each are cut with those of the ones before (Sklansky and Gonzalez, 1980).
# A part is never longer than ``again``, so that trails pale evenly.
@cached_njit(nogil=True)
def _straight(path: Any, clock: Any, tolerance: float, again: float, kept: Any) -> int:
    """Write the rows of a path that are corners into ``kept`` (n,), gaps among them; returns their number."""
    kept[0] = 0
    count, anchor = 1, 0
    base, low, high, far = 0.0, -np.inf, np.inf, 0.0
    for row in range(1, path.shape[0]):
        fits = clock[row] - clock[anchor] < again
        dx, dy = path[row, 0] - path[anchor, 0], path[row, 1] - path[anchor, 1]
        away = np.hypot(dx, dy)
        if fits and far <= tolerance:
            base, low, high = np.arctan2(dy, dx), -np.inf, np.inf
        turn = np.arctan2(dy, dx) - base
        turn -= 2.0 * np.pi * np.floor(turn / (2.0 * np.pi) + 0.5)
        if not (fits and low <= turn <= high and away >= far - tolerance):
            if kept[count - 1] != row - 1:
                kept[count] = row - 1
                count += 1
            anchor = row - 1
            dx, dy = path[row, 0] - path[anchor, 0], path[row, 1] - path[anchor, 1]
            base, low, high, far, away, turn = np.arctan2(dy, dx), -np.inf, np.inf, 0.0, np.hypot(dx, dy), 0.0
        if not away >= 0.0:
            kept[count] = row
            count += 1
            anchor, far = row, 0.0
            continue
        half = np.arcsin(min(1.0, tolerance / max(away, tolerance)))
        low, high, far = max(low, turn - half), min(high, turn + half), max(far, away)
    if kept[count - 1] != path.shape[0] - 1:
        kept[count] = path.shape[0] - 1
        count += 1
    return count


@cached_njit(nogil=True)
def _walked_before(path: Any, clock: Any, again: float) -> Any:
    """For each row whether the step to it joins the same two pixels as one that was kept less than ``again`` before."""
    found = np.zeros(path.shape[0], np.bool_)
    slots = 64
    while slots < min(8 * path.shape[0], _SLOTS):
        slots *= 2
    pairs, last = np.zeros((slots, 4), np.int64), np.full(slots, -np.inf)
    for row in range(1, path.shape[0]):
        if np.isnan(path[row, 0] + path[row - 1, 0]):
            continue
        a, b = int(np.floor(path[row - 1, 0])), int(np.floor(path[row - 1, 1]))
        c, d = int(np.floor(path[row, 0])), int(np.floor(path[row, 1]))
        if (c, d) < (a, b):
            a, b, c, d = c, d, a, b
        slot = (a * 73856093 ^ b * 19349663 ^ c * 83492791 ^ d * 50331653) & (slots - 1)
        pair = pairs[slot]
        same = pair[0] == a and pair[1] == b and pair[2] == c and pair[3] == d
        found[row] = same and clock[row] - last[slot] < again
        if not found[row]:
            pair[0], pair[1], pair[2], pair[3] = a, b, c, d
            last[slot] = clock[row]
    return found
