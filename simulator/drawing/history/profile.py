"""Runs on a loss of one parameter, as pictures show them: along the curve of the loss."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.critical import Critical
from errsurf.analysis.hessian import Window
from errsurf.drawing.history.frames import Array, visited_points
from errsurf.engine.landscape import Landscape
from errsurf.run.result import Group, Result
from errsurf.run_analysis.extent import extent

_PLACES, _EXAMPLES = 9, 64
_BELOW, _ABOVE, _BESIDE, _FARTHEST = 0.14, 0.1, 0.06, 1e12
_MOST = 0.9


@dataclass(frozen=True, repr=False)
class Profile(Result):
    """A run whose positions have the loss in place of parameter ``level``, 0 or 1, on which no loss depends.

    Losses and gradients of its landscape are right there as well.  ``own`` is the run with its own positions.
    """

    own: Result | None = None
    level: int = 1

    def placed(self, points: Array) -> Array:
        """Points (..., 2) of the plane, moved to the curve."""
        found = np.array(points, dtype=np.float64)
        found[..., self.level] = np.clip(self.landscape.loss(found), -_FARTHEST, _FARTHEST)
        return found

    @cached_property
    def window(self) -> Window:
        """The scenario's window, or the curve as far up as nine tenths of the run and half of it lie."""
        assert self.own is not None
        across = 1 - self.level
        given, (low, high), visited = self.scenario.picture.window, extent(self.own), visited_points(self)
        first, last = (float(low[across]), float(high[across])) if given is None else given[across]
        line = np.linspace(first, last, 400)
        curve = self.placed(np.stack([line, line], axis=-1))[:, self.level]
        seen = visited[(visited[:, across] >= first) & (visited[:, across] <= last), self.level]
        starts = np.concatenate([group.position[0][:, self.level] for group in self.groups])
        least, *reached = float(np.nanmin(curve)), *(np.quantile(each, _MOST) for each in (starts, seen) if len(each))
        most = float(max(np.nanmedian(curve), *reached))
        height = max(most - least, 1e-9 * abs(least), 1e-12)
        losses = (least - _BELOW * height, most + _ABOVE * height)
        inner = line[curve <= losses[1]]
        room = _BESIDE * (inner[-1] - inner[0])
        ends = (first, last) if given is not None else (float(inner[0] - room), float(inner[-1] + room))
        return (ends, losses) if self.level else (losses, ends)

    def marked(self, critical: Critical) -> Critical:
        """A critical point on the curve, where a valley floor is a minimum."""
        x, y = (float(part) for part in self.placed(np.array([critical.x, critical.y])))
        kind = "minimum" if critical.is_floor else "maximum" if critical.eigenvalues[0] < 0 else "saddle"
        return replace(critical, x=x, y=y, kind=kind, curve=())


def profiled(result: Result, window: Window) -> Result:
    """The run with the loss in place of a parameter that does not matter in the window, or the run itself.

    It is the run itself where both parameters matter, and for a relief.
    """
    level = None if result.scenario.picture.view == "3d" else level_axis(result.landscape, window)
    if level is None:
        return result
    kept = {field.name: getattr(result, field.name) for field in fields(Result) if field.init}
    bare = Profile(**kept | {"_kept": {}}, own=result, level=level)
    return replace(bare, groups=[_on_curve(group, bare) for group in result.groups])


def plain(result: Result) -> Result:
    """The run with its own positions."""
    return (result.own if isinstance(result, Profile) else None) or result


def placed(result: Result, points: Array) -> Array:
    """Points (..., 2) of the plane where the picture of a run shows them."""
    return result.placed(points) if isinstance(result, Profile) else points


def level_axis(landscape: Landscape, window: Window) -> int | None:
    """The parameter, 0 or 1, on which the loss of no example depends in a window; None if both matter, or neither."""
    points = np.stack(np.meshgrid(*(np.linspace(*side, _PLACES) for side in window)), axis=-1)
    level = _is_level(landscape, points, "train")
    if np.count_nonzero(level) == 1:
        level &= _is_level(landscape, points, "test")
        for example in range(min(_EXAMPLES, len(landscape.train))):
            level &= _is_level(landscape, points, [example])
    return int(np.argmax(level)) if np.count_nonzero(level) == 1 else None


def _on_curve(group: Group, run: Profile) -> Group:
    return replace(group, position=np.stack([run.placed(np.asarray(frame)) for frame in group.position]))


def _is_level(landscape: Landscape, points: Array, which: str | list[int]) -> NDArray[np.bool_]:
    """Of each parameter whether losses do not change along it at points on a grid, (rows, columns, 2)."""
    loss = landscape.loss(points, which)
    return np.array([bool((loss == loss[:, :1]).all()), bool((loss == loss[:1]).all())])
