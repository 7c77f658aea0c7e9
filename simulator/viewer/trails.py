"""Growing trails: each frame draws the new part, and a thread redraws all of them as they fade.

Drawing them whole takes 11.7 ms of each frame, the new part 1.5 ms.
"""

from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas, Scale
from errsurf.drawing.canvas.raster import Cover, cover_strokes, empty_cover
from errsurf.drawing.colours import Pixels
from errsurf.drawing.history.frames import Array, clock_values, latest
from errsurf.drawing.history.pace import Pace
from errsurf.drawing.layout.sizes import SIZES, particle_dots
from errsurf.drawing.layout.style import Style
from errsurf.drawing.map.swarm import Swarm, draw_heads, draw_steps, trail_strokes
from errsurf.drawing.map.trails import AGAIN, FEW_UPDATES, Trail, oldest_strength, path_pixels, thinned
from errsurf.viewer.view_state import ViewState

FADE = 0.08
_ROWS_AT_ONCE, _PALING = 100, 0.01


@dataclass
class Trails:
    """The trails of one map: their coverage up to a clock value, and where their particles were then.

    ``stamp`` is what they depend on besides the clock; ``made`` is the clock value of the last complete drawing, and
    ``coming`` the next complete drawing.
    """

    cover: Cover
    stamp: Any = None
    clock: float = 0.0
    made: float = 0.0
    heads: Array | None = None
    coming: Future[tuple[Cover, Any, float, Array]] | None = None

    def draw(
        self, canvas: RasterCanvas, state: ViewState, swarm: Swarm, points: Array, stamp: Any, pool: Executor
    ) -> None:
        """Draw the trails up to the clock value, and their particles, which are at ``points``."""
        if self.coming is not None and self.coming.done():
            cover, of, clock, heads = self.coming.result()
            self.coming = None
            if of == stamp and clock <= state.clock:
                self.cover, self.stamp, self.clock, self.made, self.heads = cover, of, clock, clock, heads
        whole = self.stamp == stamp and self.heads is not None and self.clock <= state.clock
        if not whole:
            self.cover, self.heads = _covered(with_trails(swarm, state, points, most=_ROWS_AT_ONCE), state.clock)
            self.stamp, self.clock, self.made = stamp, state.clock, -1.0
        elif self.clock < state.clock:
            assert self.heads is not None
            new = with_trails(swarm, state, points, after=self.clock, heads=self.heads)
            _lay(self.cover, new, state.clock)
            self.clock, self.heads = state.clock, _last(new)
        if self.coming is None and (self.made < 0 or state.clock - self.made > _PALING * state.end):
            every = with_trails(swarm, state, points)
            self.coming = pool.submit(_whole, every, stamp, state.clock)
        canvas.draw_cover(swarm.area, self.cover, swarm.colours, swarm.background)
        if any(group.update[-1] <= FEW_UPDATES for group in swarm.groups):
            draw_steps(canvas, swarm, with_trails(swarm, state, points).trails)
        draw_heads(canvas, swarm, points)


def bare_swarm(state: ViewState, shown: list[int], colours: Pixels, area: Box, scale: Scale, style: Style) -> Swarm:
    """The particles of some groups on one map, without trails."""
    reach = state.picture.trail_length
    groups = tuple(state.moment.result.groups[k] for k in shown)
    return Swarm(
        groups, colours, tuple(shown), area, scale, style.line, style.theme.background, FADE * state.end,
        reach=reach * state.end if reach < 1 else np.inf,
        clocks=[clock_values(group, state.picture.clock) for group in groups],
        pace=Pace("even", state.end),
        chosen=state.tracks.chosen,
        trails=[],
        dots=particle_dots(groups[0].position.shape[1], style.line),
    )  # fmt: skip


def with_trails(
    swarm: Swarm,
    state: ViewState,
    points: Array,
    *,
    after: float = -1.0,
    heads: Array | None = None,
    most: int | None = None,
) -> Swarm:
    """The swarm with trails up to the clock value, which end at the particles where the path is known that far.

    With ``after``, a clock value, they begin at ``heads``, (groups, chosen, 2) in pixels; of more than ``most`` updates
    the last ones are drawn.
    """
    found: list[list[Trail]] = []
    for k, group in enumerate(swarm.groups):
        path = state.tracks.paths[group.label]
        clock = path.clock(state.picture.clock).astype(np.float64)
        rows = slice(*np.searchsorted(clock, (after, state.clock), "right"))
        position, along = path.position[rows], clock[rows]
        if most is not None:
            position, along = position[-most:], along[-most:]
        if len(clock) and clock[-1] >= swarm.clocks[k][latest(swarm.clocks[k], state.clock)]:
            position = np.concatenate([position.reshape(-1, len(swarm.chosen), 2), points[k, swarm.chosen][None]])
            along = np.append(along, state.clock)
        pixels = path_pixels(position, swarm.scale, swarm.area)
        if heads is not None:
            pixels, along = np.concatenate([heads[k][None], pixels]), np.append(after, along)
        steps = int(group.update[-1]) <= FEW_UPDATES
        found.append([_trail(each, along, swarm, steps=steps) for each in pixels.transpose(1, 0, 2)])
    return replace(swarm, trails=found)


def _trail(pixels: Array, clock: Array, swarm: Swarm, *, steps: bool) -> Trail:
    points, along = (pixels, clock) if steps or len(pixels) < 2 else thinned(pixels, clock, AGAIN * swarm.fade)
    return Trail(points, along, oldest_strength(points, swarm.area.width), steps)


def _whole(swarm: Swarm, stamp: Any, clock: float) -> tuple[Cover, Any, float, Array]:
    cover, heads = _covered(swarm, clock)
    return cover, stamp, clock, heads


def _covered(swarm: Swarm, clock: float) -> tuple[Cover, Array]:
    """The coverage of the trails, and where they end."""
    cover = empty_cover(swarm.area)
    _lay(cover, swarm, clock)
    return cover, _last(swarm)


def _lay(cover: Cover, swarm: Swarm, clock: float) -> None:
    """Lay the trails up to a clock value over those that are there."""
    cover_strokes(cover, trail_strokes(swarm, clock, swarm.trails), SIZES.trail_rim * swarm.unit)


def _last(swarm: Swarm) -> Array:
    return np.array([[_end(trail) for trail in group] for group in swarm.trails])


def _end(trail: Trail) -> Array:
    """Where a trail ends; NaN where it is not known."""
    return trail.points[-1] if len(trail.points) else np.full(2, np.nan)
