"""What a run leaves behind: trajectories, losses and divergence of every group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.landscape import Landscape
from simulator.scenario import Scenario

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """All particles of one ``[[optimizer]]`` table, over F recorded frames and P particles.

    ``update`` (F,) updates done at each frame, ``examples_seen`` (F,), ``lr`` (F,) the rate of the next
    update (of the last one in the last frame), ``position`` (F, P, 2), ``train_loss`` and ``test_loss``
    (F, K) of the particles ``loss_particles`` (K,), ``diverged`` (P,) the update at which a particle left
    the finite numbers, -1 if never; it stays where it last was.

    ``parts`` holds what ``run.record`` asked for, each (F, W, 2) for the particles ``watched`` (W,): the
    "gradient" that the update before a frame used, the "movement" it made, and the "effective_rate" of each
    parameter, the lr over the rule's denominator; NaN in the first frame.  The gradient is the one the rule
    saw: after noise and clipping, at the probe for sam, turned into a direction for the Newton forms.
    """

    label: str
    kind: str
    update: Integers
    examples_seen: Integers
    lr: Floats
    position: NDArray[np.floating]
    loss_particles: Integers
    train_loss: Floats
    test_loss: Floats
    diverged: Integers
    watched: Integers
    parts: Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True)
class Result:
    """A run: its scenario, its groups, and how it was made.

    ``complete`` is False if the run was stopped early; the frames up to then are here.
    """

    scenario: Scenario
    groups: Sequence[Group]
    device: str
    wall_time: float
    complete: bool = True

    def __getitem__(self, label: str) -> Group:
        """The group with this label; KeyError names the labels there are."""
        for group in self.groups:
            if group.label == label:
                return group
        raise KeyError(f"no group `{label}`; there are {', '.join(f'`{group.label}`' for group in self.groups)}")

    @cached_property
    def landscape(self) -> Landscape:
        """The training and test surface of the run."""
        from simulator.problem import problem

        return Landscape(problem(self.scenario.surface, self.scenario.seed))
