"""The result of a run: trajectories, losses and divergence of every group."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.landscape import Landscape
from errsurf.scenario import Scenario
from errsurf.system.notebook import shown

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Group:
    """All particles of one ``[[optimizer]]`` table, over F recorded frames and P particles.

    ``update`` (F,) updates done at each frame, ``examples_seen`` (F,), ``lr`` (F,) the rate of the next
    update (of the last one in the last frame), ``position`` (F, P, 2), ``train_loss`` and ``test_loss``
    (F, K) of the particles ``loss_particles`` (K,), ``diverged`` (P,) the update at which a particle
    became infinite or NaN, -1 if never; it stays at its last finite position.

    ``parts`` has what ``run.record`` asks for, each (F, W, 2) for the particles ``watched`` (W,): the
    "gradient" that the update before a frame used, the "movement" it made, and the "effective_rate" of each
    parameter, the lr over the rule's denominator; NaN in the first frame.  The gradient is the one the rule
    got: after noise and clipping, at the probe for sam, replaced by a direction for the Newton methods.

    ``seconds`` is the time that its updates took on the run's device, for all particles, without losses and
    files; NaN if it was not measured.

    ``entered`` and ``left``, each (R, P), are of the ``scenario.regions``: the first update after which a particle is
    inside, 0 if it starts there, and the first after which it is outside after that; -1 where it never is.  Every
    update counts, also those without a frame.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> group = result["batch 1"]
        >>> group.position[-1].shape, group.train_loss.shape, group.alive(-1).shape
        ((16, 2), (161, 16), (16,))
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
    seconds: float = np.nan
    entered: Integers = field(default_factory=lambda: np.empty((0, 0), np.int64))
    left: Integers = field(default_factory=lambda: np.empty((0, 0), np.int64))

    def __repr__(self) -> str:
        """Its size, in one line."""
        frames, particles = self.position.shape[:2]
        size = f"{frames:,} frames of {particles:,} particles, {int(self.update[-1]):,} updates"
        return f"Group({self.label!r}, {self.kind}: {size})"

    def alive(self, frames: Any, particles: Any = slice(None)) -> NDArray[np.bool_]:
        """Which particles have not diverged at frames, shape (frames, particles); for one frame (particles,)."""
        diverged = self.diverged[particles]
        return np.asarray((diverged < 0) | (diverged > np.expand_dims(self.update[frames], -1)))

    @property
    def updates_made(self) -> int:
        """Updates that the group made."""
        return int(self.update[-1])

    @property
    def seconds_an_update(self) -> float:
        """Seconds that one update of all particles took; NaN if not measured."""
        return self.seconds / max(int(self.update[-1]), 1)


@dataclass(frozen=True, repr=False)
class Result:
    """A run: its scenario, its groups, and how it was made.

    ``groups`` are in the order of the scenario, and ``result["label"]`` is the one of that label; ``device`` is the
    name of what made the updates, and ``wall_time`` is in seconds.  ``complete`` is False if the run was stopped early
    or still goes on; the frames up to then are here.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> result
        Result('saddle_escape', cpu: 'full batch', 'batch 5', 'batch 1')
        >>> result.landscape.loss([[0.0, 0.0]], "test").shape
        (1,)
    """

    scenario: Scenario
    groups: Sequence[Group]
    device: str
    wall_time: float
    complete: bool = True
    _kept: dict[Hashable, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        """The scenario's name, the device, and the groups' labels."""
        labels = ", ".join(repr(group.label) for group in self.groups)
        return f"Result({self.scenario.name!r}, {self.device}{'' if self.complete else ', unfinished'}: {labels})"

    def _repr_html_(self) -> str:
        """The page that plays the run, for notebooks."""
        return str(shown("result_html", self))

    def _repr_png_(self) -> bytes:
        """The last frame, for notebooks that trust no page."""
        return bytes(shown("result_png", self))

    def __getitem__(self, label: str) -> Group:
        """The group with this label; KeyError lists the labels."""
        for group in self.groups:
            if group.label == label:
                return group
        raise KeyError(f"no group `{label}`; there are {', '.join(f'`{group.label}`' for group in self.groups)}")

    @cached_property
    def landscape(self) -> Landscape:
        """The training and test surface of the run."""
        from errsurf.engine.examples import problem

        return Landscape(problem(*self.scenario.drawn_from))

    def to_xarray(self) -> Any:
        """The groups' arrays as an xarray Dataset with the dimensions group, frame and particle.

        The scenario is in ``attrs``, and with each array what it is and its unit.  A group with fewer frames than
        others ends with NaN, and with -1 where numbers are whole.  Raises UserError if xarray is not installed.

        Examples:
            >>> import errsurf
            >>> found = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})).to_xarray()
            >>> float(found.position.sel(group="batch 1", axis="x").isel(frame=0).std()) < 0.05
            True
        """
        from errsurf.run.labelled import dataset

        return dataset(self)

    def to_dataframe(self) -> Any:
        """One row a group, recorded frame and particle, as a pandas DataFrame: x, y, updates, losses where recorded.

        Raises UserError if pandas is not installed.

        Examples:
            >>> import errsurf
            >>> found = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})).to_dataframe()
            >>> found[found.updates == 160].groupby("group", observed=True).train_loss.median().shape
            (3,)
        """
        from errsurf.run.labelled import dataframe

        return dataframe(self)

    def on(self, landscape: Landscape) -> "Result":
        """The same, with its training and test surface where that is known already."""
        vars(self)["landscape"] = landscape
        return self

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs; it draws the surface again, whose kernels are modules."""
        return {name: part for name, part in vars(self).items() if name != "landscape"}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What follows from the run alone, worked out once."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found


def require_result(given: object) -> None:
    """Raise TypeError, with what to do, for what is no result."""
    if not isinstance(given, Result):
        example = "open_result(folder)" if isinstance(given, str) else "simulate(scenario)"
        raise TypeError(f"a result is needed, such as {example}, not {type(given).__name__}")


def unrecorded(run: Scenario, shown: Scenario) -> str:
    """What pictures of ``shown`` need and a run of the other scenario has not recorded, in words; empty if nothing."""
    missing = set(shown.run.record) - set(run.run.record)
    parts = ", ".join(f'"{part}"' for part in sorted(missing))
    return f"this picture needs run.record = [{parts}], which was not recorded; run it again" if missing else ""
