"""What a statistic sees of a run: one group, up to one moment."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.batches import Stage, stage_of
from simulator.findings import Findings
from simulator.group_work import evenly
from simulator.landscape import Landscape
from simulator.result import Group, Result
from simulator.scenario import OptimizerGroup
from simulator.scenario.scenario import group_stages, parts, updates_at

Array = NDArray[np.float64]
EVALUATIONS = 100_000_000
POSITIONS = 5_000_000


@dataclass(frozen=True)
class View:
    """Group ``k`` of a run up to the moment ``at``: updates, epochs, or a share of the group's updates."""

    findings: Findings
    k: int
    at: int | str

    @property
    def result(self) -> Result:
        """The run."""
        return self.findings.result

    @property
    def group(self) -> Group:
        """The group's trajectories."""
        return self.result.groups[self.k]

    @property
    def settings(self) -> OptimizerGroup:
        """The group's ``[[optimizer]]`` table."""
        return self.result.scenario.optimizer[self.k]

    @property
    def landscape(self) -> Landscape:
        """The training and test surface."""
        return self.result.landscape

    @property
    def examples(self) -> int:
        """Number of training examples."""
        return self.result.scenario.surface.train.examples

    @cached_property
    def frame(self) -> int:
        """The last recorded frame up to the moment."""
        return self._frame(self.at)

    @property
    def update(self) -> int:
        """Updates done at that frame."""
        return int(self.group.update[self.frame])

    @property
    def batch(self) -> int | str:
        """Examples in a batch of the next update, or ``full``."""
        now = next(part for part in reversed(parts(self.settings)) if part.first <= self.update)
        found: int | str = now.batch
        return found

    @cached_property
    def stage(self) -> Stage:
        """How the epochs of the next update are cut into batches and updates."""
        return stage_of(self._stages, self.update)

    @cached_property
    def _stages(self) -> tuple[Stage, ...]:
        return group_stages(self.settings, self.examples)

    def _frame(self, time: int | str) -> int:
        updates = updates_at(self.result.scenario.run, self.settings, self.examples, time)
        return int(np.searchsorted(self.group.update, updates, side="right")) - 1

    def path(self, after: int | str) -> slice:
        """The recorded frames from a time on, at least one, to the moment."""
        return slice(min(self._frame(after), self.frame), self.frame + 1)

    def of(self, label: str) -> "View":
        """Another group at the same moment."""
        return view(self.findings, label, self.at)

    @cached_property
    def theta(self) -> Array:
        """Where the particles are, shape (particles, 2); NaN once they have diverged."""
        return self.thetas(self.frame)

    def thetas(self, frames: Any, particles: Any = slice(None)) -> Array:
        """Where particles are at recorded frames, shape (frames, particles, 2); NaN once they have diverged."""
        found = np.asarray(self.group.position[frames][..., particles, :], np.float64)
        return np.where(self.group.alive(frames, particles)[..., None], found, np.nan)

    @cached_property
    def tracked(self) -> NDArray[np.int64]:
        """Particles whose whole paths are looked at: all or, of very many, an even sample, the same in every group."""
        frames = max(len(group.update) for group in self.result.groups)
        return evenly(self.result.scenario.swarm.particles, max(16, POSITIONS // frames))

    @cached_property
    def measured(self) -> NDArray[np.int64]:
        """Particles whose losses are taken at the moment: all, or those of the frames where that takes too long."""
        few = len(self.theta) * self.landscape.evaluations <= EVALUATIONS
        return np.arange(len(self.theta)) if few else self.group.loss_particles

    def loss(self, which: str) -> Array:
        """Training or test loss of the ``measured`` particles; NaN for the diverged ones."""
        return where_finite(lambda points: self.landscape.loss(points, which), self.theta[self.measured])

    def losses(self, which: str, frames: Any) -> Array:
        """The recorded losses, shape (frames, loss particles); NaN once a particle has diverged."""
        found = self.group.train_loss if which == "train" else self.group.test_loss
        return np.where(self.group.alive(frames, self.group.loss_particles), found[frames], np.nan)

    def time(self, frames: Any, unit: str) -> Array:
        """The recorded frames in updates, examples, epochs or measured seconds."""
        factors = {"updates": 1.0, "seconds": self.group.seconds_an_update}
        if unit in factors:
            return np.asarray(self.group.update[frames] * factors[unit])
        return np.asarray(self.group.examples_seen[frames] / (1 if unit == "examples" else self.examples))


def where_finite(number: Any, points: Array) -> Array:
    """A number of points (n, 2) where they are finite, NaN elsewhere, shape (n, ...)."""
    finite = np.isfinite(points).all(axis=-1)
    some = number(points[finite])
    found = np.full((len(points), *some.shape[1:]), np.nan)
    found[finite] = some
    return found


def view(findings: Findings, label: str, at: int | str) -> View:
    """The group of this label up to a moment."""
    return View(findings, [group.label for group in findings.result.groups].index(label), at)
