"""The progress bar of a run."""

from types import TracebackType

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from errsurf.cli.console import PlainConsole

STAGES = {
    "kernels": "compiling, once",
    "updates": "running",
    "pictures": "drawing",
    "pages": "making pages",
    "cells": "cells",
    "seeds": "other seeds",
    "times": "timing",
    "search": "searching",
    "judged": "judging",
    "rates": "trying rates",
}


class Bar:
    """A progress bar with the time left, on stderr if that is a terminal; erased at the end."""

    def __init__(self, stage: str = "kernels", *, quiet: bool = False) -> None:
        console = PlainConsole(stderr=True)
        columns = (
            TextColumn("{task.description:16}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._stage = stage
        self._task = self._bar.add_task(STAGES[self._stage], total=1.0)

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
        """Update the bar."""
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(self._task, description=STAGES[stage], total=1.0)
        self._bar.update(self._task, completed=share)
