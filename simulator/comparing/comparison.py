"""A comparison: what the search found for every group, and what other seeds say of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple

from errsurf.comparing.budget import Budget
from errsurf.comparing.choice import Choice, Cost, Tried, chosen
from errsurf.comparing.judging import Difference, Judged, differences, doubted
from errsurf.comparing.plan import Plan
from errsurf.comparing.search import Trial
from errsurf.measures.intervals import Estimate
from errsurf.measures.measuring import TIME, kind_of
from errsurf.scenario import Scenario, scenario_from
from errsurf.settings.value_lists import Value
from errsurf.statistics import statistic
from errsurf.sweeps.cells import Cells
from errsurf.sweeps.plotting import usual_best
from errsurf.sweeps.sweep import Sweep
from errsurf.sweeps.table import Row
from errsurf.system.numbers import number_text


class Swept(NamedTuple):
    """A sweep of trials, one cell each, or one for each seed."""

    sweep: Sweep
    tried: tuple[Trial, ...]
    cells: Cells


class FairComparison:
    """Groups that were tuned by the same search with the same budget, and judged by other seeds.

    ``choices`` say what the search found for each group; ``comparison["label"]`` is the one of that label.  ``judged``
    are the numbers of the best values with other seeds, and ``differences`` those of all pairs of groups.
    ``statistic`` is the column that decides, ``best`` its better end, ``budget`` what every group got.
    ``search`` and ``judging`` are the two sweeps with all their rows.  Without a finished search nothing is judged.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": [0.01, 0.1]}, seeds=4, changes={"swarm.particles": 16})
        >>> found
        FairComparison('saddle_escape': test_loss, 160 updates, 3 groups, 6 values tried, 4 seeds)
        >>> found["batch 1"].best.settings, len(found.judged), len(found.differences), found.complete
        ({'lr': 0.1}, 3, 3, True)
    """

    def __init__(
        self, plan: Plan, search: Swept, seconds: Sequence[float], judged: Swept | None, folder: Path | None
    ) -> None:
        self._plan, self._search, self._judged, self.folder = plan, search, judged, folder
        self._seconds = tuple(seconds)

    def __repr__(self) -> str:
        """What was compared, by what, and how much of it."""
        tried, groups = len(self._search.tried), len(self._plan.lists)
        name, seeds = self._plan.source.name, len(self._plan.seeds)
        counts = f"{groups} groups, {tried} values tried, {seeds} seeds"
        return f"FairComparison({name!r}: {self.statistic}, {self.budget}, {counts})"

    def __getitem__(self, label: str) -> Choice:
        """What the search found for the group of this label; KeyError if there is none."""
        found = {choice.label: choice for choice in self.choices}
        if label not in found:
            raise KeyError(f"{label}; there are {', '.join(found)}")
        return found[label]

    @property
    def scenario(self) -> Scenario:
        """The scenario whose groups are compared."""
        return self._plan.scenario

    @property
    def statistic(self) -> str:
        """The column that decides."""
        return self._plan.compare.measure.column

    @property
    def best(self) -> str:
        """Which number is the best: "lowest" or "highest"."""
        return self._plan.compare.best or usual_best(self.statistic)

    @property
    def most_diverged(self) -> float:
        """The largest share of particles that may diverge with values that are chosen."""
        return self._plan.compare.diverged

    @property
    def budget(self) -> Budget:
        """What every group got."""
        return self._plan.budget

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that judge; the search had the scenario's."""
        return self._plan.seeds

    @property
    def search(self) -> Sweep:
        """The sweep of all values."""
        return self._search.sweep

    @property
    def judging(self) -> Sweep | None:
        """The sweep of the best values with other seeds; None if the search did not end."""
        return self._judged.sweep if self._judged else None

    @property
    def searched(self) -> bool:
        """Whether several values of any group were tried."""
        return len(self._search.tried) > len(self._plan.lists)

    @property
    def complete(self) -> bool:
        """Whether everything is finished."""
        return self._judged is not None and self._judged.sweep.complete

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What the search found for each group, as far as it is finished."""
        tried: dict[str, list[Tried]] = {label: [] for label in self._plan.lists}
        rows = {row["cell"]: row for row in self.search.rows}
        for k, trial in enumerate(self._search.tried):
            if (row := rows.get(self._search.cells.named(k))) is not None:
                tried[trial.label].append(self._tried(trial, row, self._seconds[k]))
        return tuple(chosen(label, some, self.best, self._place, self._plan.allows) for label, some in tried.items())

    def _tried(self, trial: Trial, row: Row, seconds: float) -> Tried:
        updates, seen, n, particles, lost = (
            int(_number(row[key]))
            for key in ("updates", "examples_seen", f"{self.statistic}_n", "particles", "diverged")
        )
        cost = Cost(updates, seen, updates * seconds)
        accepted = self._accepts(lost, particles)
        return Tried(trial.settings, _estimate(row, self.statistic), n, particles, lost, cost, accepted)

    def _accepts(self, lost: int, particles: int) -> bool:
        """Whether so many particles may diverge; where they count in a share, any number may."""
        return statistic(self._plan.compare.measure.statistic).share or lost <= self.most_diverged * particles

    def _place(self, key: str, value: Value) -> float | None:
        """Where a value stands among others: itself, or all examples for a full batch; None for other words."""
        if value == "full" and key.rpartition(".")[2] == "batch":
            return float(self.scenario.surface.train.examples)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def winners(self) -> list[Trial]:
        """The best values of each group that has some, or all that were tried where nothing is searched."""
        if not self.searched:
            return list(self._search.tried)
        best = {choice.label: choice.best for choice in self.choices if choice.best is not None}
        return [
            trial
            for trial in self._search.tried
            if trial.label in best and best[trial.label].settings == trial.settings
        ]

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The number of each group's best values, with other seeds."""
        return tuple(self._judgements()) if self._judged else ()

    def _judgements(self) -> Iterator[Judged]:
        assert self._judged is not None
        key = self.statistic
        means = {str(row["group"]): row for row in self._judged.sweep.over_seeds()}
        for label, mean in means.items():
            rows = [row for row in self._judged.sweep.rows if row["group"] == label]
            value, n = _number(mean[key]), int(_number(mean[f"{key}_n"]))
            across = Estimate(value, _number(mean[f"{key}_seeds_low"]), _number(mean[f"{key}_seeds_high"]))
            seeds = tuple(int(_number(row["seed"])) for row in rows)
            lost, particles = (sum(int(_number(row[name])) for row in rows) for name in ("diverged", "particles"))
            values = tuple(_number(row[key]) for row in rows)
            yield Judged(label, across, _estimate(mean, key), n, seeds, values, particles, lost)

    @property
    def without_number(self) -> str:
        """Why some of the judged particles have no number; empty where all have one, or no one reason is known."""
        some = [each for each in self.judged if each.n < each.particles]
        if some and statistic(self._plan.compare.measure.statistic).region:
            return "were never inside"
        return "diverged" if some and all(each.particles - each.n == each.diverged for each in some) else ""

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The differences of all pairs of groups, and which are decided."""
        lossy = {each.label: each for each in self.judged if not self._accepts(each.diverged, each.particles)}
        choices = {choice.label: choice for choice in self.choices}
        whole = kind_of(self._plan.compare.measure) == TIME
        found = differences(self.judged, self.best, whole=whole, ends=self._ends() if whole else {})
        return tuple(doubted(each, lossy, choices) for each in found)

    def _ends(self) -> dict[str, float]:
        """The last update of each group that was judged; none where times are not counted in updates."""
        if self.judging is None or getattr(self._plan.compare.measure.settings, "unit", None) != "updates":
            return {}
        return {str(row["group"]): _number(row["updates"]) for row in self.judging.rows}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said of the search: best values at its edge, groups without any, losses that rise again."""
        told = [choice for choice in self.choices if self.searched or choice.best]
        return (*(text for choice in told for text in choice.warnings), *self._risen())

    def _risen(self) -> Iterator[str]:
        """The groups that get down to a loss, but end above it."""
        measure = self._plan.compare.measure
        level = getattr(measure.settings, "loss", None)
        if measure.statistic != "time_to_loss" or level is None or self.judging is None:
            return
        for row in self.judging.over_seeds():
            if isfinite(_number(row[self.statistic])) and _number(row["train_loss"]) > level:
                end = f"ends at a median of {number_text(_number(row['train_loss']))}"
                yield (
                    f"{row['group']}: gets down to a training loss of {number_text(level)}, but {end}; "
                    "share_reached at the end tells how many stay"
                )

    @property
    def fixed(self) -> tuple[str, ...]:
        """Seeds that the scenario fixes, so that they are the same in the search and in all that judge."""
        return self.scenario.fixed_seeds

    def chosen_scenario(self) -> Scenario:
        """The scenario with the best values of every group, which gives the numbers of the search when it is run.

        Where the groups got different numbers of updates, it has the scenario's own ``[run]``.

        Examples:
            >>> import errsurf
            >>> found = errsurf.compare("saddle_escape", {"lr": [0.01, 0.1]}, seeds=2, changes={"swarm.particles": 16})
            >>> [group.settings.lr for group in found.chosen_scenario().optimizer]
            [0.1, 0.1, 0.1]
        """
        winners = self.winners()
        changes: dict[str, object] = {
            f"{each.label}.{key}": value for each in winners for key, value in each.settings.items()
        }
        updates = {each.updates for each in winners}
        made = {"run.updates": updates.pop()} if len(updates) == 1 else {}
        return scenario_from(self.scenario, changes=changes | made)

    def save_picture(
        self, file: str | Path, *, x: str | None = None, changes: Mapping[str, object] | None = None
    ) -> None:
        """Draw the curve of the choice: the number over a tuned setting, a line a group, a ring at each best.

        ``x`` is a tuned setting, by default the lr; of the others each point has the best.  ``changes`` are of the
        title and of ``[picture]``.  The suffix is .png, .svg, .pdf or .html.  Raises UserError and OSError.

        Examples:
            >>> import errsurf
            >>> found = errsurf.compare("saddle_escape", {"lr": [0.01, 0.1]}, seeds=2, changes={"swarm.particles": 16})
            >>> found.save_picture("choice.png")
        """
        from errsurf.comparing.picture import choice_figure
        from errsurf.drawing.figures.files import save_figure

        shown = scenario_from(self.scenario, changes=changes) if changes else self.scenario
        save_figure(choice_figure(self, shown, x), file)


def _estimate(row: Row, key: str) -> Estimate:
    return Estimate(*(_number(row.get(f"{key}{end}")) for end in ("", "_low", "_high")))


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else nan
