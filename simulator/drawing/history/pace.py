"""How a moving picture's time runs along the clock: evenly, slower at the start, or in the clock's logarithm."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from errsurf.drawing.history.frames import Array, Ints, clock_end, clock_values

if TYPE_CHECKING:
    from errsurf.run.result import Result


class Pace(NamedTuple):
    """Clock values from 0 to ``end``; a logarithm begins to count at ``first``, the first recorded value above 0."""

    kind: str
    end: float
    first: float = 1.0

    def evened(self, clock: float | Array | Ints) -> Any:
        """The clock value that an even pace would have reached in the same time, for each clock value."""
        if self.kind == "even" or self.end <= 0:
            return clock
        share = np.clip(np.asarray(clock, np.float64) / self.end, 0.0, None)
        if self.kind == "eased":
            found = np.sqrt(share)
        else:
            found = np.log1p(share * self.end / self.first) / np.log1p(self.end / self.first)
        return self.end * found

    def clocks(self, frames: int) -> Array:
        """Clock values of so many frames, from 0 to the end."""
        share = np.linspace(0.0, 1.0, frames)
        if self.kind == "log":
            return np.asarray(self.first * np.expm1(share * np.log1p(self.end / self.first)))
        return np.linspace(0.0, self.end, frames) if self.kind == "even" else self.end * share**2

    def share(self, clock: float | Array | Ints) -> Any:
        """Where along a chart's width, from 0 to 1, clock values stand: evenly, or by their logarithm."""
        even = self.evened(clock) if self.kind == "log" else clock
        return np.minimum(np.asarray(even, np.float64) / max(self.end, 1.0), 1.0)

    @property
    def marks(self) -> list[tuple[float, str]]:
        """Clock values to write below a chart, as shares of its width with their texts: both ends, or powers of ten."""
        between = 10.0 ** np.arange(np.ceil(np.log10(self.first)), np.log10(max(self.end, 1.0)) - 0.3)
        ticks = [0.0, *(between if self.kind == "log" else ()), self.end]
        return [(float(self.share(value)) if value < self.end else 1.0, f"{value:,.0f}") for value in ticks]


def pace(result: "Result") -> Pace:
    """The pace of a run's picture."""
    picture = result.scenario.picture
    values = [float(value) for group in result.groups for value in clock_values(group, picture.clock)[1:2]]
    return Pace(picture.pace, float(clock_end(result)), max(min(values, default=1.0), 1.0))


def frame_clocks(result: "Result", fps: float) -> Array:
    """Clock values of a moving picture's frames, from 0 to the end, shape (frames,); at least two.

    Each is meant to be shown for 1 / fps seconds, the last one for up to twice as long.
    """
    return pace(result).clocks(max(2, int(result.scenario.picture.seconds * fps + 1e-6)))
