"""The view that statistics have of a finished run: one group, up to one moment."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical, batch_covariance
from errsurf.engine.landscape import Landscape
from errsurf.engine.random_lanes import fill_order, index_type
from errsurf.engine.segments import group_examples_seen, group_order
from errsurf.run.regions import passage
from errsurf.run.result import Group, Result
from errsurf.run_analysis.findings import Findings
from errsurf.sampling.batches import BatchPhase, phase_at
from errsurf.sampling.particles import evenly
from errsurf.scenario import OptimizerGroup
from errsurf.scenario.scenario import group_phases, segments, updates_at
from errsurf.settings.regions import Region
from errsurf.statistics import FreshBatches, Passage, where_finite

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
POSITIONS = 5_000_000
MAX_DRAWN = 1000
MAX_GRADIENTS = 20_000_000


@dataclass(frozen=True)
class RunView:
    """Group ``k`` of a run up to the moment ``at``: updates, epochs, or a share of the group's updates.

    It is a ``View`` of ``errsurf.statistics``, whose docstrings hold here too.
    """

    findings: Findings
    k: int
    at: int | str

    @property
    def result(self) -> Result:
        """The run."""
        return self.findings.result

    @property
    def group(self) -> Group:
        """The group's arrays."""
        return self.result.groups[self.k]

    @property
    def settings(self) -> OptimizerGroup:
        """The group's ``[[optimizer]]`` table."""
        return self.result.scenario.optimizer[self.k]

    @property
    def landscape(self) -> Landscape:
        """The training and test surface."""
        return self.findings.landscape

    @property
    def minima(self) -> tuple[Critical, ...]:
        """The minima of the training loss found in the window."""
        return self.findings.minima

    @property
    def examples(self) -> int:
        """Number of training examples."""
        return self.result.scenario.surface.train.examples

    @property
    def replacement(self) -> bool:
        """Whether examples are drawn with replacement."""
        return self.result.scenario.run.sampling.kind == "replacement"

    @cached_property
    def frame(self) -> int:
        """The last recorded frame up to the moment."""
        return self._frame(self.at)

    @property
    def update(self) -> int:
        """Updates done at that frame."""
        return int(self.group.update[self.frame])

    @property
    def moment(self) -> int:
        """Updates done at the moment itself, which may come after that frame."""
        return min(self._moment(self.at), int(self.group.update[-1]))

    @property
    def batch(self) -> int | str:
        """Examples in a batch of the next update, or ``full``."""
        now = next(segment for segment in reversed(segments(self.settings)) if segment.first <= self.update)
        found: int | str = now.batch
        return found

    @property
    def batch_size(self) -> int:
        """Examples in a batch of the next update."""
        return self._phase.plan.size

    @property
    def updates_an_epoch(self) -> int:
        """Updates of the epoch of the next update."""
        return self._phase.plan.updates_an_epoch

    @cached_property
    def _phase(self) -> BatchPhase:
        """How the epochs of the next update are cut into batches and updates."""
        return phase_at(group_phases(self.settings, self.examples, self.result.scenario.run.sampling), self.update)

    def _frame(self, time: int | str) -> int:
        return int(np.searchsorted(self.group.update, self._moment(time), side="right")) - 1

    def _moment(self, time: int | str) -> int:
        return updates_at(self.result.scenario.run, self.settings, self.examples, time)

    def path(self, after: int | str) -> slice:
        """The recorded frames from a time on, at least one, to the moment."""
        return slice(min(self._frame(after), self.frame), self.frame + 1)

    def groups(self) -> list["RunView"]:
        """Every group of the run at the same moment."""
        return [RunView(self.findings, k, self.at) for k in range(len(self.result.groups))]

    def of(self, label: str) -> "RunView":
        """The group of this label at the same moment."""
        return view(self.findings, label, self.at)

    @cached_property
    def theta(self) -> Array:
        """Where the particles are, shape (particles, 2); NaN once they have diverged."""
        return self.thetas(self.frame)

    @cached_property
    def basins(self) -> Integers:
        """In the basin of which of ``minima`` each particle is, shape (particles,); -1 for none."""
        return self.findings.basins(self.k, self.frame)

    def thetas(self, frames: Any, particles: Any = slice(None)) -> Array:
        """Where particles are at recorded frames, shape (frames, particles, 2); NaN once they have diverged."""
        found = np.asarray(self.group.position[frames][..., particles, :], np.float64)
        return np.where(self.group.alive(frames, particles)[..., None], found, np.nan)

    @cached_property
    def tracked(self) -> Integers:
        """Particles whose whole paths are looked at: all or, of very many, an even sample, the same in every group."""
        frames = max(len(group.update) for group in self.result.groups)
        return evenly(self.result.scenario.swarm.particles, max(16, POSITIONS // frames))

    @cached_property
    def measured(self) -> Integers:
        """Particles whose losses are taken at the moment, the same in every group: all or, of very many, a sample."""
        return self.findings.measured

    @cached_property
    def drawn(self) -> Integers:
        """Particles for which batches are drawn: all or, of many, an even sample, the same in every group."""
        return evenly(len(self.theta), max(16, min(MAX_DRAWN, MAX_GRADIENTS // self.examples)))

    def loss(self, which: str) -> Array:
        """Training or test loss of the ``measured`` particles; NaN for the diverged ones."""
        return where_finite(lambda points: self.landscape.loss(points, which), self.theta[self.measured])

    def losses(self, which: str, frames: Any) -> Array:
        """The recorded losses, shape (frames, loss particles); NaN once a particle has diverged."""
        found = self.group.train_loss if which == "train" else self.group.test_loss
        return np.where(self.group.alive(frames, self.group.loss_particles), found[frames], np.nan)

    def time(self, frames: Any, unit: str) -> Array:
        """The recorded frames in updates, examples, epochs or measured seconds."""
        return self.clock(self.group.update[frames], unit)

    def clock(self, updates: Integers, unit: str) -> Array:
        """So many updates of the group in updates, examples, epochs or measured seconds; shape as given."""
        factors = {"updates": 1.0, "seconds": self.group.seconds_an_update}
        if unit in factors:
            return np.asarray(updates * factors[unit])
        seen = group_examples_seen(self.result.scenario, self.k, updates)
        return np.asarray(seen / (1 if unit == "examples" else self.examples))

    def passage(self, region: Region | str) -> Passage:
        """When particles first entered and left a region, or that of this name, up to the moment, by every update."""
        return Passage(*(np.where(each <= self.moment, each, -1) for each in passage(self.result, self.k, region)))

    def order(self, particle: int, slots: int) -> Integers:
        """The examples that a particle sees in its first slots, one after the other, shape (slots,)."""
        return self._examples(particle, 0, slots, self.batch_size)

    def full_gradients(self, points: Array) -> Array:
        """Gradients of the training loss at points (n, 2), NaN where these are."""
        return where_finite(lambda some: self.landscape.gradient(some, "train"), points)

    def batch_gradients(self, points: Array, particles: Integers, batch: int | None) -> Array:
        """The gradient at each point (n, 2) of a batch that the particle in its place has not seen.

        It is the first one of the epoch after the moment.
        """
        size, found = self._drawn_examples(batch), np.full_like(points, np.nan)
        epochs = -(-(self.update - self._phase.first) // self.updates_an_epoch)
        first = (self._phase.slot // self._phase.plan.used + epochs) * self.examples
        for k in np.flatnonzero(np.isfinite(points).all(axis=1)):
            chosen = self._examples(particles[k], first, size, batch or self.batch)
            found[k] = self.landscape.gradient(points[k], chosen)
        return found

    def fresh_batches(self, batch: int | None) -> FreshBatches:
        """Both gradients at the ``drawn`` particles; ``batch`` is as for ``batch_gradients``.

        The batches are the first of the next epoch in the engine's order: they do not depend on what a particle has
        seen, so their mean squared error over ``tr(C) / B (N - B) / (N - 1)`` is 1 within its uncertainty.
        """
        points = self.theta[self.drawn]
        return FreshBatches(points, self.full_gradients(points), self.batch_gradients(points, self.drawn, batch))

    def example_covariance(self, points: Array) -> Array:
        """Covariance xx, xy, yy of the training examples' gradients at points (n, 2), NaN where these are: (n, 3)."""
        return where_finite(lambda some: self.landscape.covariance(some, "train"), points)

    def batch_covariance(self, points: Array, batch: int | None) -> Array:
        """Covariance of a fresh batch's gradient at points (n, 2), shape (n, 3); ``batch`` as for batch_gradients."""
        replaced = self.replacement and (batch or self.batch) != "full"
        found, examples = self.example_covariance(points), self._drawn_examples(batch)
        return batch_covariance(found, self.examples, examples, replacement=replaced)

    def _drawn_examples(self, batch: int | None) -> int:
        return min(batch or self.batch_size * self._phase.plan.accumulate, self.examples)

    def _examples(self, particle: int, first_slot: int, slots: int, batch: int | str) -> Integers:
        """The examples that a particle with such batches sees in slots counted over all epochs, shape (slots,)."""
        scenario = self.result.scenario
        index = np.empty((slots, 1), index_type(self.examples))
        order = group_order(scenario, batch, scenario.run_seed, self.examples)
        fill_order(order, index, 0 if scenario.run.sampling.shared else int(particle), first_slot)
        return index[:, 0].astype(np.int64)


def view(findings: Findings, label: str, at: int | str) -> RunView:
    """The group of this label up to a moment."""
    return RunView(findings, [group.label for group in findings.result.groups].index(label), at)
