"""The view that a statistic has of a run: one group, up to one moment."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical
from errsurf.settings.regions import Region

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


class FreshBatches(NamedTuple):
    """Positions of particles, and there the gradients of all examples and of a fresh batch, each (n, 2)."""

    points: Array
    full: Array
    batch: Array


class Passage(NamedTuple):
    """The first updates after which particles are inside a region, and outside it after that, each (particles,).

    0 where a particle starts inside, -1 where that never happens.
    """

    entered: Integers
    left: Integers


class Trajectories(Protocol):
    """The arrays of a group; docs/results.md has their shapes."""

    @property
    def lr(self) -> Array:
        """Learning rate of the next update at each frame, shape (frames,)."""

    @property
    def watched(self) -> Integers:
        """Particles of which parts of updates are recorded, shape (watched,)."""

    @property
    def parts(self) -> Mapping[str, NDArray[np.floating]]:
        """What ``run.record`` asks for, each (frames, watched, 2)."""

    @property
    def seconds_an_update(self) -> float:
        """Seconds that one update of all particles took."""

    def alive(self, frames: Any, particles: Any = ...) -> NDArray[np.bool_]:
        """Which particles have not diverged at frames, shape (frames, particles)."""


class Surface(Protocol):
    """The training and test surface of a run, at points (..., 2)."""

    def loss(self, points: Array, which: Any = ...) -> Array:
        """Mean loss, shape (...)."""

    def gradient(self, points: Array, which: Any = ...) -> Array:
        """Gradient of the mean loss, shape (..., 2)."""

    def hessian(self, points: Array, which: Any = ...) -> Array:
        """Second derivatives xx, xy, yy, shape (..., 3)."""


class View(Protocol):
    """One group of a run up to one moment."""

    @property
    def group(self) -> Trajectories:
        """The group's arrays."""

    @property
    def landscape(self) -> Surface:
        """The training and test surface."""

    @property
    def minima(self) -> Sequence[Critical]:
        """The minima of the training loss that were found."""

    @property
    def examples(self) -> int:
        """Number of training examples."""

    @property
    def batch_size(self) -> int:
        """Examples in a batch of the next update."""

    @property
    def updates_an_epoch(self) -> int:
        """Updates of the epoch of the next update."""

    @property
    def replacement(self) -> bool:
        """Whether examples are drawn with replacement."""

    @property
    def frame(self) -> int:
        """The last recorded frame up to the moment."""

    @property
    def moment(self) -> int:
        """Updates done at the moment itself, which may come after that frame."""

    @property
    def theta(self) -> Array:
        """Where the particles are, shape (particles, 2); NaN once they have diverged."""

    @property
    def basins(self) -> Integers:
        """In the basin of which of ``minima`` each particle is, shape (particles,); -1 for none."""

    @property
    def tracked(self) -> Integers:
        """Particles whose whole paths are looked at, the same in every group, shape (tracked,)."""

    @property
    def measured(self) -> Integers:
        """Particles whose losses are taken at the moment, shape (measured,)."""

    @property
    def drawn(self) -> Integers:
        """Particles for which fresh batches are drawn, the same in every group, shape (drawn,)."""

    def groups(self) -> Sequence["View"]:
        """Every group of the run at the same moment."""

    def of(self, label: str) -> "View":
        """The group of this label at the same moment."""

    def path(self, after: int | str) -> slice:
        """The recorded frames from a time on, at least one, to the moment."""

    def thetas(self, frames: Any, particles: Any = ...) -> Array:
        """Where particles are at recorded frames, shape (frames, particles, 2); NaN once they have diverged."""

    def loss(self, which: str) -> Array:
        """Training or test loss of the ``measured`` particles; NaN for the diverged ones."""

    def losses(self, which: str, frames: Any) -> Array:
        """The recorded losses, shape (frames, loss particles); NaN once a particle has diverged."""

    def time(self, frames: Any, unit: str) -> Array:
        """The recorded frames in updates, examples, epochs or measured seconds."""

    def clock(self, updates: Integers, unit: str) -> Array:
        """So many updates of the group in updates, examples, epochs or measured seconds; shape as given."""

    def passage(self, region: Region | str) -> Passage:
        """When particles first entered and left a region, or that of this name, up to the moment, by every update."""

    def order(self, particle: int, slots: int) -> Integers:
        """The examples that a particle sees in its first slots, one after the other, shape (slots,)."""

    def full_gradients(self, points: Array) -> Array:
        """Gradients of the training loss at points (n, 2), NaN where these are."""

    def batch_gradients(self, points: Array, particles: Integers, batch: int | None) -> Array:
        """The gradient at each point (n, 2) of a fresh batch of the particle in its place; NaN where the point is.

        ``batch`` is the number of examples, by default that of one update of the group.
        """

    def fresh_batches(self, batch: int | None) -> FreshBatches:
        """Both gradients at the ``drawn`` particles; ``batch`` is as for ``batch_gradients``."""

    def example_covariance(self, points: Array) -> Array:
        """Covariance xx, xy, yy of the training examples' gradients at points (n, 2), NaN where these are: (n, 3)."""

    def batch_covariance(self, points: Array, batch: int | None) -> Array:
        """Covariance of a fresh batch's gradient at points (n, 2), shape (n, 3); ``batch`` as for batch_gradients."""


def where_finite(number: Any, points: Array) -> Array:
    """A number of points (n, 2) where they are finite, NaN elsewhere, shape (n, ...)."""
    finite = np.isfinite(points).all(axis=-1)
    some = number(points[finite])
    found = np.full((len(points), *some.shape[1:]), np.nan)
    found[finite] = some
    return found
