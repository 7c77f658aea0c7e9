"""What a figure is to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import drawable
from errsurf.drawing.frames import shown_groups
from errsurf.drawing.history import BasinOf
from errsurf.drawing.landmarks import basins
from errsurf.drawing.scene import Scene, scene

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result


@dataclass(frozen=True)
class Wish:
    """A run, the clock value to show, None for the end, and how many frames where there is more than one."""

    result: "Result"
    critical: Sequence["Critical"] = ()
    basin_of: BasinOf | None = None
    clock: float | None = None
    frames: int = 4

    @property
    def groups(self) -> int:
        """How many groups are shown."""
        return len(shown_groups(self.result))

    @property
    def charts(self) -> tuple[str, ...]:
        """Names of the charts that the picture has."""
        told_apart = bool(self.basin_of and basins(self.critical))
        return drawable(self.result.scenario.picture.charts, self.result, self.critical, told_apart=told_apart)

    @property
    def epoch(self) -> int | None:
        """Examples of an epoch if the clock counts examples, else None."""
        by_examples = self.result.scenario.picture.clock == "examples"
        return len(self.result.landscape.train) if by_examples else None

    def scene(self, area: Box) -> tuple[Scene, float]:
        """The scene for a map of this shape, and the clock value."""
        found = scene(self.result, self.critical, self.basin_of, area)
        return found, found.end if self.clock is None else min(max(self.clock, 0.0), found.end)
