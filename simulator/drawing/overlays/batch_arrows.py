"""The slopes of the next batch's loss and of all examples' loss at the followed particle, downhill."""

import numpy as np

from errsurf.drawing.canvas import Drawing
from errsurf.drawing.colours import Colour
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps, View
from errsurf.drawing.map.strokes import arrow
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.system.numbers import drawn_number

_SAMPLES = 60
_ROOM = 0.2


def ready(maps: Maps) -> Ready:
    """Two arrows on every map."""
    style, length = maps.style, pixel_length(maps)

    def lines(view: View, clock: float) -> Drawing:
        follower = maps.followers[view.follow]
        theta = follower.theta(clock)
        start = maps.pixels(view.area, theta)
        batch, mean = slopes(maps, follower, theta, clock)
        tips = [start + maps.moved(view.area, -length * slope) for slope in (mean, batch)]
        strokes = [stroke for k, tip in enumerate(tips) for stroke in arrow(start, tip, style.line, k)]
        return Drawing(strokes, (style.theme.foreground, follower.tone))

    own = maps.followers[maps.follow].tone
    times = f"{drawn_number(length, 2)} \N{MULTIPLICATION SIGN}"
    entries = (
        arrow_entry(
            maps,
            (f"downhill for all examples, {times} the gradient", "downhill for all examples", "downhill: all"),
            style.theme.foreground,
        ),
        arrow_entry(
            maps,
            (
                f"downhill for its next batch, {times} its gradient",
                "downhill for its next batch",
                "downhill: its batch",
            ),
            own,
        ),
    )
    return line_overlay(maps, lines, entries)


def arrow_entry(maps: Maps, texts: tuple[str, ...], colour: Colour, *, dashed: bool = False) -> Entry:
    """An arrow in the key."""
    unit = maps.plan.style.line

    def sample(width: int, height: int) -> Drawing:
        ends = np.array([[1.0, height / 2], [width - 1.0, height / 2]])
        return Drawing(arrow(ends[0], ends[1], unit, dashed=dashed), [colour])

    return Entry(texts, sample)


def slopes(maps: Maps, follower: Follower, theta: Array, clock: float) -> tuple[Array, Array]:
    """Gradients at theta of the loss of the next update's batches and of all training examples, each (2,)."""
    if not np.isfinite(theta).all():
        return theta, theta
    landscape = maps.result.landscape
    batches = [landscape.gradient(theta, batch) for batch in follower.batches(clock)]
    return np.mean(batches, axis=0), landscape.gradient(theta)


def pixel_length(maps: Maps) -> float:
    """How far a gradient's arrow reaches in theta, the same all along the run: 19 of 20 have room on the map."""
    found = [slope for view in maps.views for slope in _sampled(maps, maps.followers[view.follow])]
    sizes = np.hypot(*maps.moved(maps.plan.map, np.array(found)).T)
    sizes = sizes[np.isfinite(sizes)]
    longest = float(np.quantile(sizes, 0.95)) if len(sizes) else 0.0
    return _ROOM * min(maps.plan.map.width, maps.plan.map.height) / longest if longest > 0 else 1.0


def _sampled(maps: Maps, follower: Follower) -> list[Array]:
    clocks = np.unique(follower.values[:: -(-len(follower.values) // _SAMPLES)]).tolist()
    return [slope for clock in clocks for slope in slopes(maps, follower, follower.theta(clock), clock)]


RECORD = Overlay(wanted=lambda picture: picture.arrows == "batch", ready=ready, entries=2)
