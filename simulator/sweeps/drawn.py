"""What pictures need of a sweep, and of the curve of a comparison."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.settings.value_lists import Value
from errsurf.sweeps.axes import Axis
from errsurf.sweeps.columns import Column
from errsurf.sweeps.table import Row


class Drawn(Protocol):
    """What is drawn of a sweep; see ``Sweep``."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that is varied."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The varied keys, each with its different values."""

    @property
    def seeds(self) -> tuple[Value, ...]:
        """The seeds of every combination of settings."""

    @property
    def rows(self) -> Sequence[Row]:
        """One row for each group of each finished cell."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all rows together."""

    @property
    def known(self) -> Mapping[str, Column]:
        """What the numbers of columns are."""

    @property
    def measures(self) -> Sequence[str]:
        """The columns of the scenario's measures."""

    @property
    def lacking(self) -> bool:
        """Whether records of one's own that made the numbers are not loaded."""

    @property
    def cells(self) -> int:
        """How many cells there are."""

    @property
    def finished(self) -> int:
        """How many cells are finished."""

    def over_seeds(self) -> Sequence[Row]:
        """One row for each combination and group: numbers over seeds."""

    def group_of(self, row: Row) -> OptimizerGroup:
        """The group that a row is of, with its settings."""
