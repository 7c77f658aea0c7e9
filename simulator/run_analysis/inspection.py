"""The critical points of a scenario's surface, with their test loss and gradient noise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical, batch_covariance, critical_points, is_resting, named, noise_scale
from errsurf.engine.landscape import Landscape, surface
from errsurf.errors import UserError
from errsurf.run_analysis.extent import Window, window_before_run
from errsurf.run_analysis.terrain import searched
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import batch_plan, require_scenario, segments

Array = NDArray[np.float64]
ROUNDING = 1e-12
PLACES = 25
"""Places along each axis at which the gradient noise scale is worked out."""
KINDS = ("minimum", "saddle", "maximum", "degenerate")


@dataclass(frozen=True, repr=False)
class Inspection:
    """The critical points in a window, minima first and low ones before high ones; and batch sizes, ascending.

    Examples:
        >>> import errsurf
        >>> found = errsurf.inspect(errsurf.read_scenario("flat_or_sharp"))
        >>> found
        Inspection('flat_or_sharp': 2 minimum, 1 saddle)
        >>> found.points.shape, found.gap.round(2), found.batches  # test loss less training loss, at each point
        ((3, 2), array([ 0.35,  0.06, -0.17]), (1, 2))
        >>> found.covariance(1).shape  # of the gradient of a batch of 1: xx, xy, yy
        (3, 3)
    """

    scenario: Scenario
    landscape: Landscape
    window: Window
    critical: tuple[Critical, ...]
    batches: tuple[float, ...]

    def __repr__(self) -> str:
        """The scenario, and how many points of each kind there are."""
        counts = Counter(point.kind for point in self.critical)
        return f"Inspection({self.scenario.name!r}: {', '.join(f'{n} {kind}' for kind, n in counts.items())})"

    @cached_property
    def points(self) -> Array:
        """Positions of the critical points, shape (n, 2)."""
        return np.array([(c.x, c.y) for c in self.critical], np.float64).reshape(-1, 2)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the points are called in all tables and pictures: minima as there, the others by number."""
        short, numbers = named(self.critical, self.window).short, count(1)
        return tuple(
            name if is_resting(point) else str(next(numbers)) for name, point in zip(short, self.critical, strict=True)
        )

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What the points are, in words."""
        lowest = named(self.critical, self.window).lowest
        several = sum(map(is_resting, self.critical)) > 1
        return tuple(
            f"lowest {c.word}" if low and several else f"local {c.word}" if c.kind == "minimum" and several else c.word
            for c, low in zip(self.critical, lowest, strict=True)
        )

    @cached_property
    def test_loss(self) -> Array:
        """Test loss at the critical points, shape (n,)."""
        return self.landscape.loss(self.points, "test")

    @cached_property
    def gap(self) -> Array:
        """Test loss minus training loss at the critical points, shape (n,); 0 where it is a rounding error."""
        losses = np.array([c.loss for c in self.critical])
        gap = self.test_loss - losses
        return np.where(np.abs(gap) < ROUNDING * np.maximum(np.abs(losses), 1), 0.0, gap)

    @cached_property
    def _population(self) -> Array:
        return self.landscape.covariance(self.points)

    def covariance(self, batch: float) -> Array:
        """Covariance xx, xy, yy of the gradient of a batch at the critical points, shape (n, 3)."""
        replacement = self.scenario.run.sampling.kind == "replacement"
        return batch_covariance(self._population, len(self.landscape.train), batch, replacement=replacement)

    @cached_property
    def noise_scale(self) -> tuple[float, float, float] | None:
        """Gradient noise scale ``tr(C) / |g|^2`` over the window: 5% quantile, median and 95% quantile of finite ones.

        At critical points it is infinite, so these are of evenly spaced places.  None if it is finite nowhere.
        """
        axes = [np.linspace(low, high, PLACES + 1)[:-1] + (high - low) / (2 * PLACES) for low, high in self.window]
        places = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        found = noise_scale(self.landscape.covariance(places), self.landscape.gradient(places))
        found = found[np.isfinite(found)]
        if not len(found):
            return None
        low, median, high = np.quantile(found, (0.05, 0.5, 0.95)).tolist()
        return low, median, high

    @property
    def lr(self) -> tuple[float, float]:
        """The rates of x and y of the first group with the smallest of the batches, or else of the first group."""
        groups = [part for group in self.scenario.optimizer for part in segments(group)]
        count, cut = len(self.landscape.train), self.scenario.run.sampling
        plans = [batch_plan(part.batch, part.accumulate, count, cut) for part in groups]
        each = zip(groups, plans, strict=True)
        least = [part for part, plan in each if plan.equal_examples in self.batches[:1]]
        lr = (least or groups)[0].settings.lr
        return lr if isinstance(lr, tuple) else (lr, lr)

    @property
    def largest_lr(self) -> list[float | None]:
        """``2 / sharpness`` at each point, None if no direction curves upwards."""
        return [2 / c.sharpness if c.sharpness > 0 else None for c in self.critical]

    def document(self) -> dict[str, Any]:
        """All of it as plain values; docs/landscape.md lists the keys."""
        return {
            "surface": self.scenario.surface.kind,
            "seed": self.scenario.seed,
            "examples": len(self.landscape.train),
            "test_examples": len(self.landscape.test),
            "window": {"x": list(self.window[0]), "y": list(self.window[1])},
            "batches": list(self.batches),
            "noise_scale": self.noise_scale and dict(zip(("low", "median", "high"), self.noise_scale, strict=True)),
            "points": [
                {
                    "name": self.names[k],
                    "x": c.x,
                    "y": c.y,
                    "kind": c.kind,
                    "train_loss": c.loss,
                    "test_loss": float(self.test_loss[k]),
                    "gap": float(self.gap[k]),
                    "eigenvalues": list(c.eigenvalues),
                    "sharpness": c.sharpness,
                    "largest_lr": self.largest_lr[k],
                    "noise": [self._noise(batch, k) for batch in self.batches],
                }
                for k, c in enumerate(self.critical)
            ],
        }

    def _noise(self, batch: float, k: int) -> dict[str, Any]:
        xx, xy, yy = map(float, self.covariance(batch)[k])
        return {"batch": batch, "covariance": [[xx, xy], [xy, yy]]}


def plural(kind: str) -> str:
    """Several points of a kind, in words."""
    return kind.replace("minimum", "minima").replace("maximum", "maxima") if kind.endswith("um") else f"{kind}s"


def inspect(scenario: Scenario, batches: Sequence[int] = ()) -> Inspection:
    """Find the critical points of a scenario's surface in the scenario's window, or else where a run looks for them.

    That is the surface's usual window or, of a formula or data of one's own, one around the starts and the minimum
    below them; one without any point is tripled, up to five times, until it has a minimum.

    Gradient noise is told for batches of these sizes; without ``batches`` they are those of the updates in the
    scenario's groups, full batch left out.  Raises UserError for a size beyond the examples, and TooLargeError for
    more examples than fit the memory.

    Examples:
        >>> import errsurf
        >>> found = errsurf.inspect(errsurf.read_scenario("flat_or_sharp"))
        >>> for point, lr in zip(found.critical, found.largest_lr):
        ...     print(f"{point.kind} at ({point.x:.2f}, {point.y:.2f}), largest stable lr {lr:.2f}")
        minimum at (-0.79, 0.00), largest stable lr 0.10
        minimum at (0.77, 0.00), largest stable lr 0.70
        saddle at (-0.27, 0.00), largest stable lr 1.08
    """
    require_scenario(scenario)
    landscape = surface(scenario)
    examples = len(landscape.train)
    for batch in batches:
        if not 1 <= batch <= examples:
            raise UserError(f"batch = {batch}: the surface has {examples:,} examples; allowed: from 1 to {examples:,}")
    sizes = tuple(sorted(set(batches) or _sampled(scenario, examples)))
    window = window_before_run(scenario, landscape)
    points = critical_points(landscape, window)
    if not points and scenario.picture.window is None:
        window, points = searched(landscape, window)
    found = sorted(points, key=lambda c: (KINDS.index(c.kind), c.loss))
    return Inspection(scenario, landscape, window, tuple(found), sizes)


def _sampled(scenario: Scenario, count: int) -> set[float]:
    """Examples of an update, of the groups that do not use all of them alike: see ``BatchPlan.equal_examples``."""
    drawn = [part for group in scenario.optimizer for part in segments(group) if part.batch != "full"]
    cut = scenario.run.sampling
    sizes = {batch_plan(part.batch, part.accumulate, count, cut).equal_examples for part in drawn}
    return sizes if scenario.run.sampling.kind == "replacement" else sizes - {count}
