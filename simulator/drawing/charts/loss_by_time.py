"""Training loss against the time that the updates took, as it was measured while the run was made."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from errsurf.batch_times.words import in_time
from errsurf.drawing.charts import loss
from errsurf.drawing.charts._record import Along, Source, Values
from errsurf.drawing.charts._scales import Marks, Scale
from errsurf.drawing.history.frames import Array, Ints

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

_EARLY = 5


def titles(source: Source) -> tuple[str, ...]:
    """Of all particles together, on the machine of the run."""
    return loss.with_test(source, "training loss by measured time", "loss by measured time", "loss by time")


def values(source: Source, k: int, rows: Ints) -> Values:
    """Without the band."""
    return loss.values(source, k, rows)._replace(band=None)


def place(source: Source, k: int, rows: Ints) -> Array:
    """Seconds: every update of a group takes the same share of the time that the group took."""
    return np.asarray(source.histories[k].update[rows] * source.groups[k].seconds_an_update)


def scale(places: Sequence[Array]) -> Scale:
    """From 0 to the end of the slowest group; from the first frame on and logarithmic where the fastest ends early."""
    ends = [max(1e-9, float(each[-1])) for each in places]
    if max(ends) < _EARLY * min(ends):
        return Scale(0.0, max(ends))
    first = min(float(np.min(each[each > 0], initial=end)) for each, end in zip(places, ends, strict=True))
    return Scale(first, max(ends), True)


def marks(scale: Scale, _places: Sequence[Array]) -> Marks:
    """Both ends; on a logarithmic scale powers of ten, if it has two of them."""
    powers = [10.0**k for k in range(-9, 7) if scale.low <= 10.0**k <= scale.high]
    if scale.log and len(powers) > 1:
        return [(value, in_time(value)) for value in powers]
    return [(scale.low, in_time(scale.low) if scale.log else "0"), (scale.high, in_time(scale.high))]


def timed(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the run has measured it."""
    return result.scenario.run.losses and all(np.isfinite(group.seconds) for group in result.groups)


RECORD = replace(
    loss.RECORD,
    titles=titles,
    values=values,
    along=Along("time", place, scale, marks),
    possible=timed,
    needs="a run with run.losses in which seconds were measured",
)
