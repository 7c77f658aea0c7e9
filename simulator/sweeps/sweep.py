"""A sweep and its rows."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from errsurf.scenario import OptimizerGroup, Scenario, scenario_from
from errsurf.scenario.reading import Source
from errsurf.settings.value_lists import Value
from errsurf.sweeps.axes import Axis
from errsurf.sweeps.columns import Column
from errsurf.sweeps.frames import dataframe
from errsurf.sweeps.plotting import sweep_plot
from errsurf.sweeps.seeds import over_seeds
from errsurf.sweeps.table import Row, Rows

_OF_SWEEPS = ("size", "theme", "colormap", "transparent", "font", "caption", "legend")
"""Keys of ``[picture]`` that matter to pictures of sweeps."""


def without_own_records(tables: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario that pictures of finished numbers can be drawn of where records that made them are not loaded."""
    picture = {key: value for key, value in (tables.get("picture") or {}).items() if key in _OF_SWEEPS}
    swarm = {key: value for key, value in (tables.get("swarm") or {}).items() if key == "particles"}
    kept = {key: tables[key] for key in ("title", "seed") if key in tables}
    runs = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd", "lr": 0.1}]}
    return {**kept, "picture": picture, "swarm": swarm, **runs}


class Sweep:
    """The rows of a sweep, one for each group of each finished cell.

    ``rows`` are mappings in the order of cells: the ``cell``'s name, the value of each varied key, and the columns that
    a run's ``table.csv`` has.  ``axes`` are the varied keys with their values, ``seeds`` those of every combination.
    ``folder`` is where the sweep is kept, None for one in memory, and ``complete`` says whether all cells are finished.

    Examples:
        >>> import errsurf
        >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": "0.01,0.1"}, changes={"swarm.particles": 16})
        >>> found
        Sweep('saddle_escape': 2 of 2 cells, optimizer.lr: 6 rows)
        >>> [(row["optimizer.lr"], row["group"]) for row in found.rows][:2]
        [(0.01, 'full batch'), (0.01, 'batch 5')]
    """

    def __init__(
        self,
        source: Source,
        rows: Rows,
        folder: Path | None,
        columns: Sequence[str] = (),
        *,
        lacking: bool = False,
    ) -> None:
        self._source, self._rows, self.folder, self._columns = source, rows, folder, tuple(columns)
        self.lacking = lacking

    def __repr__(self) -> str:
        """Its scenario, how many cells are finished, what varies, and how many rows that gave."""
        varied = ", ".join(axis.key for axis in self.axes) or "seed"
        cells = f"{self.finished:,} of {self.cells:,} cells"
        return f"Sweep({self._source.name!r}: {cells}, {varied}: {len(self.rows):,} rows)"

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that is varied; one with its texts and pictures where records of one's own are ``lacking``."""
        return self.shown({})

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The varied keys, each with its different values."""
        return self._rows.cells.axes

    @property
    def seeds(self) -> tuple[Value, ...]:
        """The seeds of every combination of settings."""
        return self._rows.cells.seeds

    @property
    def rows(self) -> Sequence[Row]:
        """One row for each group of each finished cell, in the order of cells."""
        return self._rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all rows together."""
        return self._columns or tuple(self._rows.columns())

    @property
    def known(self) -> Mapping[str, Column]:
        """What the numbers of columns are; those that are not in it are shares."""
        return self._rows.known

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns of the scenario's measures."""
        return tuple(name for name, column in self.known.items() if column.asked)

    @property
    def groups(self) -> tuple[str, ...]:
        """What the groups are called in the column ``group``."""
        return tuple(self._rows.groups)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self._rows.names)

    @property
    def finished(self) -> int:
        """How many cells are finished."""
        return sum(name in self._rows.journal for name in self._rows.names)

    @property
    def complete(self) -> bool:
        """Whether all cells are finished."""
        return self.finished == self.cells

    def over_seeds(self) -> list[Row]:
        """One row for each combination of settings and group: its seeds together, with two kinds of intervals.

        ``x`` is the mean of the seeds' numbers, of times their median, to which what never came is larger than all.
        ``x_seeds_low`` and ``x_seeds_high`` are its 95% interval over seeds, which holds no impossible numbers;
        ``x_low`` and ``x_high`` that over particles, of these seeds alone.  ``x_n`` counts the particles of all seeds,
        ``seeds`` these, and ``x_seeds_n`` those in which a time is finite.

        Examples:
            >>> import errsurf
            >>> found = errsurf.sweep("saddle_escape", {}, seeds=3, changes={"swarm.particles": 16})
            >>> row = found.over_seeds()[0]
            >>> row["seeds"], row["train_loss_seeds_low"] < row["train_loss"] < row["train_loss_seeds_high"]
            (3, True)
        """
        return list(over_seeds(self._rows))

    def group_of(self, row: Row) -> OptimizerGroup:
        """The group that a row is of, with the settings of its cell."""
        k = self._rows.names.index(str(row["cell"]))
        place = [each["group"] for each in self._rows.of_cell(k)].index(row["group"])
        return self._rows.cells.scenario(k).optimizer[place]

    def to_dataframe(self) -> Any:
        """The rows as a pandas DataFrame; raises UserError if pandas is not installed.

        Examples:
            >>> import errsurf
            >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": [0.01, 0.1]}, changes={"swarm.particles": 16})
            >>> found.to_dataframe().groupby("optimizer.lr").train_loss.min().shape
            (2,)
        """
        return dataframe(self._rows, self.columns)

    def shown(self, changes: Mapping[str, object]) -> Scenario:
        """The scenario whose title and ``[picture]`` pictures of the sweep have, with changes; raises ScenarioError."""
        tables = without_own_records(self._source.tables) if self.lacking else self._source.tables
        return scenario_from(tables, self._source.folder, self._source.name, changes)

    def save_picture(
        self,
        file: str | Path,
        statistic: str | None = None,
        *,
        x: str | None = None,
        y: str | None = None,
        where: Mapping[str, object] | None = None,
        best: str | None = None,
        lines: bool | None = None,
        scale: str | None = None,
        x_scale: str | None = None,
        changes: Mapping[str, object] | None = None,
    ) -> None:
        """Draw a column over the settings: lines over one, a map over two, a panel for each value of others.

        ``statistic`` is a column, by default that of the first measure, else the test loss.  ``x`` and ``y`` are varied
        keys or "group", by default the lr and the key with the most values; ``where`` keeps rows with these values.
        ``best``, "lowest", "highest" or "none", says which number is marked, and ``lines`` draws lines where a map
        would be.  ``scale`` of the numbers and ``x_scale``, "log" or "linear", follow from the values where they are
        not given.  ``changes`` are of the title and of ``[picture]``.  The suffix is .png, .svg, .pdf or .html.  Raises
        UserError for what cannot be drawn, and OSError.

        Examples:
            >>> import errsurf
            >>> changes = {"swarm.particles": 16, "run.epochs": 5}
            >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": "log:0.01:0.1:5"}, changes=changes)
            >>> found.save_picture("rates.png", "train_loss", changes={"picture.theme": "dark"})
        """
        from errsurf.drawing.figures.files import save_figure
        from errsurf.drawing.sweep_figures import sweep_figure

        plot = sweep_plot(self, statistic, x=x, y=y, where=where, best=best, lines=lines, scale=scale, x_scale=x_scale)
        shown = self.shown(changes or {})
        save_figure(sweep_figure(plot._replace(scenario=shown, title=shown.title)), file)
