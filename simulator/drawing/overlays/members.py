"""A strip with a cell for each training example: filled in the followed particle's next batch, pale where used."""

from itertools import pairwise

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame
from errsurf.drawing.colours import Colour, contrasting, mixed
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, longest, text_width
from errsurf.drawing.map.maps import Follower, Maps
from errsurf.drawing.overlays._foot import strip_height
from errsurf.drawing.overlays._record import Entry, Overlay, Ready

_PALEST, _LEAST_PALE = 0.82, 0.5


def ready(maps: Maps) -> Ready:
    """The strip in the foot, and which batch of which epoch it is."""
    follower, style = maps.followers[maps.follow], maps.plan.style
    box = strip_box(maps)
    room = maps.plan.foot.right - box.right - style.tick.size // 2

    def over(canvas: Canvas, clock: float) -> None:
        draw_strip(canvas, box, follower, clock, style)
        text = longest(_texts(follower, follower.update(clock)), room, style.tick)
        canvas.write(text, box.right + style.tick.size // 2, box.top, style.tick, style.theme.foreground)

    texts = (
        "a cell for each example: filled in the next batch, pale once used in this epoch",
        "filled: in the next batch; pale: used in this epoch",
        "filled: next batch; pale: used",
    )
    return Ready(over=over, entries=(Entry(texts),))


def strip_box(maps: Maps) -> Box:
    """The cells at the left of the foot, with room for words at their right where there is enough."""
    foot, style, follower = maps.plan.foot, maps.plan.style, maps.followers[maps.follow]
    most = text_width(_texts(follower, max(follower.updates - 1, 0))[0], style.tick) + style.tick.size // 2
    words = most if most < 0.45 * foot.width else 0
    top = foot.top + (strip_height(style) - line_height(style.tick)) // 2
    count = follower.members.examples
    whole = (foot.width - words - 1) // count * count if count * 4 < foot.width - words else foot.width - words - 1
    return Box(foot.left + 1, top, foot.left + 1 + whole, top + line_height(style.tick))


def draw_strip(canvas: Canvas, box: Box, follower: Follower, clock: float, style: Style) -> None:
    """One cell an example, or a column of pixels for several of them."""
    count, own, theme = follower.members.examples, follower.tone, style.theme
    now, used = _places(follower, clock)
    edges = box.left + np.rint(np.arange(min(count, box.width) + 1) * box.width / min(count, box.width)).astype(int)
    cell = np.arange(count, dtype=np.int64) * (len(edges) - 1) // count
    times, order = _summed(now, cell), _summed(used, cell, mean=True)
    frame(canvas, box, theme.grey)
    canvas.fill(box, theme.background)
    gap = 1 if box.width >= 4 * count else 0
    for k, (left, right) in enumerate(pairwise(edges)):
        part = Box(int(left), box.top, int(right) - (gap if k < len(edges) - 2 else 0), box.bottom)
        if order[k] > 0:
            canvas.fill(part, mixed(own, theme.background, _PALEST - (_PALEST - _LEAST_PALE) * float(order[k])))
        if times[k] > 0:
            canvas.fill(part, own)
        if gap and k < len(edges) - 2:
            canvas.fill(Box(part.right, box.top, part.right + gap, box.bottom), theme.pale)
        if gap and times[k] > 1:
            _write_times(canvas, part, int(times[k]), own, style)


def _write_times(canvas: Canvas, part: Box, times: int, own: Colour, style: Style) -> None:
    """How many times an example was drawn into the batch."""
    text = longest((f"{times}\N{MULTIPLICATION SIGN}", str(times)), part.width, style.tick)
    left = (part.left + part.right - text_width(text, style.tick)) // 2
    canvas.write(text, left, part.top, style.tick, contrasting(own, style.theme))


def _places(follower: Follower, clock: float) -> tuple[Array, Array]:
    """How many times each example is in the next batch; when it was used in this epoch, from 0, never, up to 1."""
    update, members = follower.update(clock), follower.members
    count = members.examples
    now = np.bincount(np.concatenate(members.of_update(follower.particle, update)), minlength=count)
    used = np.zeros(count)
    before = members.of_epoch(follower.particle, update)
    used[before] = (np.arange(len(before)) + 1) / count
    return now.astype(np.float64), used


def _summed(values: Array, cell: Ints, *, mean: bool = False) -> Array:
    total = np.bincount(cell, weights=values)
    return np.asarray(total / np.bincount(cell) if mean else total)


def _texts(follower: Follower, update: int) -> tuple[str, ...]:
    """Which batch of which epoch, in full and shorter."""
    members = follower.members
    epoch, slot = divmod(members.first_slot(update), members.examples)
    plan = members.plan(update)
    batch = f"{slot // (plan.size * plan.accumulate) + 1:,}"
    count, epochs = f"{plan.updates_an_epoch:,}", f"epoch {epoch:,}"
    return f"batch {batch} of {count}, {epochs}", f"{batch}/{count}, {epochs}", epochs


RECORD = Overlay(
    wanted=lambda picture: picture.members, ready=ready, entries=1, strip=True, room=lambda plan: plan.foot.height > 0
)
