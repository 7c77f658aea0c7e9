"""Statistics of a group at the end of its run."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.basin import basin_labels
from errsurf.analysis.critical import Critical
from errsurf.analysis.hessian import Array, Landscape, eigenvalues

DEVIATIONS = 1.959964
"""Standard deviations on either side of the mean that contain 95% of a normal distribution."""


class Group(Protocol):
    """The attributes of a finished group that are used; see errsurf.run.result."""

    @property
    def update(self) -> NDArray[np.int64]: ...
    @property
    def examples_seen(self) -> NDArray[np.int64]: ...
    @property
    def position(self) -> NDArray[np.floating]: ...
    @property
    def diverged(self) -> NDArray[np.int64]: ...


class Range(NamedTuple):
    """The 5% quantile, the median and the 95% quantile; NaN without values."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class GroupStatistics:
    """The last frame of a group.

    Losses and sharpness are of the ``measured`` particles: those that have not diverged or, of very many, a sample.
    Shares are of all particles: those that gradient flow would take to each minimum, elsewhere, and those that
    diverged; they add up to 1.  Where particles are is another thing: see ``errsurf.Findings.ends``.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 16, "run.epochs": 5})
        >>> statistics = errsurf.Findings(errsurf.simulate(scenario)).statistics[0]
        >>> statistics.shares  # in the basin of each minimum, from left to right
        (1.0, 0.0)
    """

    updates: int
    examples_seen: int
    particles: int
    train_loss: Range
    test_loss: Range
    sharpness: float
    shares: tuple[float, ...]
    elsewhere: float
    diverged: int
    measured: int

    @property
    def share_diverged(self) -> float:
        """Diverged particles as a share of all."""
        return self.diverged / self.particles


def group_statistics(
    group: Group, landscape: Landscape, minima: Sequence[Critical], sample: NDArray[np.int64] | None = None
) -> GroupStatistics:
    """Final statistics of a group; ``sharpness`` is the median at the places where particles ended.

    Losses and sharpness are of all particles, or of a ``sample`` of them, indices (n,).
    """
    end = np.asarray(group.position[-1], dtype=np.float64)
    alive = group.diverged < 0
    labels = basin_labels(landscape, end[alive], minima)
    chosen = np.arange(len(end)) if sample is None else sample
    ended = end[chosen[alive[chosen]]]
    return GroupStatistics(
        updates=int(group.update[-1]),
        examples_seen=int(group.examples_seen[-1]),
        particles=len(end),
        train_loss=_range(landscape.loss(ended, "train")),
        test_loss=_range(landscape.loss(ended, "test")),
        sharpness=_range(eigenvalues(landscape.hessian(ended, "train"))[:, 1]).median,
        shares=tuple(float((labels == k).sum() / len(end)) for k in range(len(minima))),
        elsewhere=float((labels < 0).sum() / len(end)),
        diverged=int((~alive).sum()),
        measured=len(ended),
    )


def wilson_interval(count: int, total: int, deviations: float = DEVIATIONS) -> tuple[float, float]:
    """Interval for a share of which ``count`` of ``total`` were seen; without ``deviations`` it holds 95% of the time.

    Wilson 1927, Journal of the American Statistical Association 22, 209-212; (0, 1) where total is 0.
    """
    if total == 0:
        return 0.0, 1.0
    share, z2 = count / total, deviations**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = deviations * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return middle - half if count else 0.0, middle + half if count < total else 1.0


def _range(values: Array) -> Range:
    if not len(values):
        return Range(np.nan, np.nan, np.nan)
    return Range(*(float(q) for q in np.quantile(values, (0.05, 0.5, 0.95))))
