"""Share of the particles that are still in a region, over the clock: Kaplan and Meier's estimate with its 95% band.

The region is the scenario's first one.  Time counts from when a particle entered it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, share_marks
from errsurf.drawing.history.frames import Ints
from errsurf.measures.survival import exits_of, survival

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result


def titles(source: Source) -> tuple[str, ...]:
    """Which region."""
    name = next((region.name for region in source.result.scenario.region), "a region")
    return f"share still in {name}, 95% band", f"share still in {name}", "share still inside"


def values(source: Source, k: int, rows: Ints) -> Values:
    """The curve at these rows, which counts every update, whatever was recorded."""
    group, updates = source.groups[k], source.histories[k].update[rows]
    curve = survival(exits_of(group.entered[0], group.left[0], group.updates_made, lambda at: at.astype(np.float64)))
    place = np.searchsorted(curve.time, updates, side="right") - 1
    return Values(curve.share[place], np.stack([curve.low[place], curve.high[place]], axis=1))


def scale(_source: Source, _values: Sequence[Values]) -> Scale:
    """From none to all."""
    return Scale(-0.02, 1.02)


def has_region(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the scenario names a region, and the run counted."""
    return len(result.scenario.region) > 0 and all(len(group.entered) for group in result.groups)


RECORD = ChartKind(
    titles, values, scale, share_marks, possible=has_region, needs="a [[region]] that the run has counted"
)
