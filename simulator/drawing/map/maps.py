"""The maps of a picture, and the particles that overlays follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from errsurf.analysis.hessian import eigenvalues
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Contours
from errsurf.drawing.colours import Colour, Pixels, Theme, map_tones, profile_tones
from errsurf.drawing.history.contours import Grid, contour_width
from errsurf.drawing.history.frames import Array, Ints, clock_values, latest
from errsurf.drawing.history.heights import light_from_above
from errsurf.drawing.history.numbers import History
from errsurf.drawing.history.profile import Profile, placed
from errsurf.drawing.history.window import Window, pixel_scale
from errsurf.drawing.layout.parts import Layout, map_style
from errsurf.drawing.layout.style import Style
from errsurf.drawing.map.axes import axis_names
from errsurf.run.batch_members import BatchMembers, Integers, batch_members
from errsurf.scenario import total_updates
from errsurf.scenario.overlays import followed

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Group, Result
    from errsurf.scenario import OptimizerGroup

T = TypeVar("T")

CURVE = 3.0
"""How many times as wide as a contour the curve of a profile is."""


@dataclass(frozen=True)
class Follower:
    """The followed particle of one group: place ``k`` in the result, ``colour`` (3,), its clock values (frames,)."""

    group: "Group"
    settings: "OptimizerGroup"
    members: BatchMembers
    particle: int
    colour: Pixels
    values: Ints
    updates: int

    @property
    def tone(self) -> Colour:
        """The group's colour."""
        red, green, blue = (int(part) for part in self.colour)
        return red, green, blue

    def frame(self, clock: float) -> int:
        """The recorded frame that is shown at a clock value."""
        return latest(self.values, clock)

    def update(self, clock: float) -> int:
        """The update, counted from 0, that the particle makes next; at the end of the run the last one."""
        return min(int(self.group.update[self.frame(clock)]), self.updates - 1)

    def theta(self, clock: float) -> Array:
        """Where the particle is, shape (2,); NaN once it has diverged."""
        frame = self.frame(clock)
        place = np.asarray(self.group.position[frame][self.particle], dtype=np.float64)
        return place if self.group.alive(frame)[self.particle] else np.full(2, np.nan)

    def rule(self, update: int) -> Any:
        """The settings of the group's rule at an update, counted from 0."""
        return next(part.settings for part in reversed(self.members.segments) if part.first <= update)

    def batches(self, clock: float) -> list[Integers]:
        """The examples of the batches of its next update, each (B,)."""
        return self.members.of_update(self.particle, self.update(clock))


@dataclass(frozen=True)
class View:
    """One map: its area, the groups on it by their places among those shown, which of them is followed.

    ``surface`` is what fills it; ``second`` the map beside the first.
    """

    area: Box
    groups: tuple[int, ...]
    follow: int
    surface: str
    second: bool = False


@dataclass(frozen=True)
class Maps:
    """What the maps of a picture show.

    ``shown`` are places of the groups in the result, ``colours`` (shown, 3) theirs; ``grid`` is the training loss over
    the window, with its ``levels``.
    """

    result: "Result"
    plan: Layout
    window: Window
    shown: list[int]
    colours: Pixels
    histories: list[History]
    grid: Grid
    levels: Array
    fade: float
    critical: Sequence["Critical"]
    kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What follows from window and surface alone, worked out once: more of the same run may come to be shown."""
        if name not in self.kept:
            self.kept[name] = make()
        found: T = self.kept[name]
        return found

    @cached_property
    def views(self) -> list[View]:
        """All maps."""
        picture, follow = self.result.scenario.picture, self.follow
        everybody = tuple(range(len(self.shown)))
        if len(self.plan.maps) > 1:
            return [View(area, (k,), k, picture.surface) for k, area in enumerate(self.plan.maps)]
        views = [View(self.plan.map, everybody, follow, picture.surface)]
        if self.plan.beside.height:
            some = (follow,) if picture.beside == "batch" else everybody
            views.append(View(self.plan.beside, some, follow, picture.beside, second=True))
        return views

    @cached_property
    def follow(self) -> int:
        """Place of the followed group among those shown."""
        groups = self.result.scenario.optimizer
        labels, batches = [each.label for each in groups], [each.batch for each in groups]
        return self.shown.index(followed(self.result.scenario.picture, labels, batches))

    @cached_property
    def followers(self) -> list[Follower]:
        """The followed particle of every shown group."""
        return [self._follower(place, k) for place, k in enumerate(self.shown)]

    @cached_property
    def names(self) -> tuple[str, str]:
        """Names of the two parameters."""
        names = axis_names(self.result.scenario.surface)
        return names if self.level is None else ("loss", names[1]) if self.level == 0 else (names[0], "loss")

    @property
    def level(self) -> int | None:
        """The parameter whose place the loss has, as the loss does not depend on it; None where it depends on both."""
        return self.result.level if isinstance(self.result, Profile) else None

    def contours(self, loss: Array) -> Contours:
        """A loss (rows, columns) over the grid in the colours of the training loss, at the same levels.

        Of a profile it is what lies below the curve, and above.
        """
        tones, sides = self.tones(self.style.theme), (self.plan.map.width, self.plan.map.height)
        if self.level is not None:
            return Contours(*self.grid[:2], *self.above(loss), *tones, CURVE * contour_width(self.style))
        light = light_from_above((*self.grid[:2], loss), sides, self.result.scenario.picture.level_scale)
        return Contours(*self.grid[:2], loss, self.levels, *tones, contour_width(self.style), light)

    def tones(self, chosen: Theme) -> tuple[Pixels, Pixels]:
        """Areas and lines of the map from low loss to high in a theme, each (bands, tones, 3)."""
        return map_tones(chosen, len(self.levels) - 1) if self.level is None else profile_tones(chosen)

    def above(self, loss: Array) -> tuple[Array, Array]:
        """How far above a curve each node of a profile lies, (rows, columns), and levels: 0 is the curve."""
        places = self.grid[self.level or 0]
        side = float(places[-1] - places[0])
        height = np.meshgrid(*self.grid[:2])[self.level or 0] - np.nan_to_num(loss, nan=np.inf)
        return np.clip(height, -side, side), np.array([-side, 0.0, side])

    @property
    def surface_loss(self) -> Array:
        """The loss over the grid that fills the map where it stays the same, shape (rows, columns)."""
        return self.test_loss if self.result.scenario.picture.surface == "test" else self.grid[2]

    @property
    def test_loss(self) -> Array:
        """The test loss over the grid, shape (rows, columns)."""
        return self.once("test loss", lambda: self.result.landscape.loss(self._points(), "test"))

    @property
    def sharpness(self) -> Array:
        """The largest eigenvalue of the training loss's Hessian over the grid, shape (rows, columns)."""
        hessians = self.result.landscape.hessian
        return self.once("sharpness", lambda: np.nan_to_num(eigenvalues(hessians(self._points()))[..., 1]))

    @cached_property
    def style(self) -> Style:
        """The style of what is drawn on the maps."""
        return map_style(self.plan)

    def pixels(self, area: Box, points: Array) -> Array:
        """Points (..., 2) of the plane in pixels from a map's upper left corner; on the curve of a profile."""
        x0, across, y1, down = pixel_scale(self.window, area)
        return np.asarray((placed(self.result, points) - np.array([x0, y1])) * np.array([across, -down]))

    def moved(self, area: Box, movement: Array) -> Array:
        """Movements (..., 2) in the plane in pixels."""
        _, across, _, down = pixel_scale(self.window, area)
        return np.asarray(movement * np.array([across, -down]))

    def _follower(self, place: int, k: int) -> Follower:
        scenario, group = self.result.scenario, self.result.groups[k]
        return Follower(
            group,
            scenario.optimizer[k],
            batch_members(scenario, k),
            scenario.picture.particle,
            self.colours[place],
            clock_values(group, scenario.picture.clock),
            total_updates(scenario.run, scenario.optimizer[k], scenario.surface.train.examples),
        )

    def _points(self) -> Array:
        """The nodes of the grid, shape (rows, columns, 2)."""
        return np.stack(np.meshgrid(*self.grid[:2]), axis=-1)
