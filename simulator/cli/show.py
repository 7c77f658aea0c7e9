"""What a run shows in the terminal: a bar while it lasts, a table when it is done."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from simulator.analysis import Critical, GroupStatistics, Range
from simulator.findings import Findings

STAGES = {"kernels": "compiling, once", "updates": "running", "pictures": "drawing"}
MOST_MINIMA = 4


class Show:
    """The terminal of one run; quiet shows nothing but the folder's name."""

    def __init__(self, title: str, *, quiet: bool) -> None:
        self._quiet, self._title = quiet, title
        self._console = Console(highlight=False)
        columns = (
            TextColumn("{task.description:16}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)
        self._task = self._bar.add_task(STAGES["kernels"], total=1.0)
        self._stage = "kernels"

    def __enter__(self) -> "Show":
        """Start the bar."""
        if not self._quiet:
            self._console.print(Text(self._title, style="bold"))
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._bar.stop()

    def progress(self, stage: str, share: float) -> None:
        """Move the bar."""
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(self._task, description=STAGES[stage], total=1.0)
        self._bar.update(self._task, completed=share)

    def table(self, findings: Findings) -> None:
        """Print a row a group."""
        if not self._quiet:
            self._console.print(statistics_table(findings))

    def written(self, findings: Findings, folder: Path) -> None:
        """Say where the result is, and whether it was stopped early."""
        result = findings.result
        if not result.complete:
            frames = max(len(group.update) for group in result.groups)
            self._console.print(f"stopped early: kept the first {frames} frames, without pictures", markup=False)
        files = [name for name in (result.scenario.output.gif, result.scenario.output.png) if name and result.complete]
        names = ", ".join([str(folder), *(str(folder / name) for name in files)])
        self._console.print(names, markup=False, soft_wrap=True)


def statistics_table(findings: Findings) -> Table:
    """The table of a finished run."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    table.add_column("group\n\n", style="bold", min_width=6)
    order = _shown_minima(findings.minima, findings.statistics)
    minima = [f"in\n({findings.minima[k].x:.2f},\n{findings.minima[k].y:.2f})" for k in order]
    heads = ["updates\n\n", "examples\n\n", "training\nloss\n5%, 95%", "test\nloss\n5%, 95%", *minima]
    for head in [*heads, "else-\nwhere\n", "diver-\nged\n", "sharp-\nness\n"]:
        table.add_column(head, justify="right", no_wrap=True)
    for group, found in zip(findings.result.groups, findings.statistics, strict=True):
        shares = [f"{found.shares[k]:.1%}" for k in order]
        rest = found.elsewhere + sum(share for k, share in enumerate(found.shares) if k not in order)
        table.add_row(
            Text(group.label),
            f"{found.updates:,}",
            f"{found.examples_seen:,}",
            _range(found.train_loss),
            _range(found.test_loss),
            *shares,
            f"{rest:.1%}",
            f"{found.diverged:,}",
            _number(found.sharpness),
        )
    return table


def _shown_minima(minima: Sequence[Critical], statistics: Sequence[GroupStatistics]) -> list[int]:
    """The minima in which most particles ended, in their own order."""
    total = [sum(found.shares[k] for found in statistics) for k in range(len(minima))]
    return sorted(sorted(range(len(minima)), key=lambda k: -total[k])[:MOST_MINIMA])


def _range(spread: Range) -> Any:
    """Median, and below it the ends of the range that holds 90%."""
    text = Text(_number(spread.median))
    text.append(f"\n{_number(spread.low)}\n{_number(spread.high)}", style="dim")
    return text


def _number(value: float) -> str:
    return "none" if value != value else f"{value:.3g}"
