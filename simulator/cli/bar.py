"""The progress of a command: a bar on a terminal, elsewhere one line about a long wait."""

import sys
from time import monotonic
from types import TracebackType

from rich.progress import BarColumn, Progress, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import complain
from errsurf.system.compiling import compiling
from errsurf.system.numbers import counted

STAGES = {
    "kernels": "starting",
    "updates": "running",
    "analysis": "analysing",
    "pictures": "drawing",
    "pages": "making pages",
    "cells": "cells",
    "seeds": "other seeds",
    "times": "timing",
    "search": "searching",
    "judged": "judging",
    "rates": "trying rates",
}
COMPILING = "compiling, once"
KNOWN_AFTER = 10.0
LONG = 60.0
"""Seconds of a stage after which its length is guessed, and seconds left that are worth a line in a log."""


class Bar:
    """A bar with the time left on stderr if that is a terminal, erased at the end; in a log, one line at the most.

    A stage whose share is 1 goes on as a bar without a length, until the next stage begins.
    """

    def __init__(self, stage: str = "kernels", *, quiet: bool = False) -> None:
        console = PlainConsole(stderr=True)
        self._drawn = not quiet and sys.stderr.isatty() and not console.is_jupyter
        self._told = quiet or self._drawn
        columns = (StageColumn(), BarColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not self._drawn)
        self._stage, self._began = stage, monotonic()
        self._task = self._bar.add_task(STAGES[self._stage], total=None)

    def __enter__(self) -> "Bar":
        """Start the bar."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self.stop()

    def stop(self) -> None:
        """Remove the bar."""
        self._bar.stop()

    def progress(self, stage: str, share: float) -> None:
        """Update the bar: a share from 0 to 1 of a stage."""
        if stage != self._stage:
            self._stage, self._began = stage, monotonic()
            self._bar.reset(self._task, description=STAGES[stage])
        self._bar.tasks[0].total = 1.0 if 0 < share < 1 else None
        self._bar.update(self._task, completed=share)
        if not self._told:
            self._tell(share)

    def _tell(self, share: float) -> None:
        """Say once that a stage takes long."""
        passed = monotonic() - self._began
        left = passed / share - passed if 0 < share < 1 else 0.0
        if passed >= KNOWN_AFTER and left >= LONG:
            self._told = True
            complain(f"{STAGES[self._stage]}: {share:.0%} done, about {counted(round(left / 60), 'minute')} left")


class StageColumn(TextColumn):
    """What is done now; that functions are compiled, while they are."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """The words, always equally wide."""
        return Text(f"{COMPILING if compiling() else task.description:16}")
