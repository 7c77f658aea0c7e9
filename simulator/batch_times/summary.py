"""The lecture's table of small against large batches, with a measured number for each of its words."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from errsurf.batch_times.quality import Outcome
from errsurf.batch_times.records import FLAT, Row, Series
from errsurf.batch_times.words import NAMES
from errsurf.measures.intervals import Estimate, mean_interval, median_interval

Array = NDArray[np.float64]
Pair = tuple[str, str]

NO_DIFFERENCE = 0.01
SAME: Pair = ("same", "same")
UNCLEAR: Pair = ("unclear", "unclear")
TIME = {False: "", True: ", batches drawn"}


def time_rows(series: Sequence[Series], sizes: tuple[int, int], examples: int) -> list[Row]:
    """Time of one update on each device, and of one epoch where hardware is parallel, for two batch sizes."""
    lying = [each for each in series if not each.drawn]
    parallel = sorted((each for each in series if each.device != "serial"), key=lambda each: each.drawn)
    words: dict[bool, Pair] = {True: ("faster", "slower"), False: SAME}
    return [
        *(_time("one update", each, each.update, sizes, words[each.device == "serial"]) for each in lying),
        *(_time("one epoch", each, each.epoch(examples), sizes, ("slower", "faster")) for each in parallel),
    ]


def gradient_row(small: Array, large: Array) -> Row:
    """Relative errors of the batch gradient at many points."""
    a, b = median_interval(small), median_interval(large)
    here = _words(b, a, ("noisy", "stable"), lambda less, more: less < more)
    return Row("gradient", "error over length", "", a, b, here, ("noisy", "stable"))


def quality_rows(over_map: Sequence[Outcome], own: Sequence[Outcome], gained: float) -> list[Row]:
    """Losses of the small and the large batch, from starts all over the map and from the scenario's own.

    ``gained`` is what training lowers the loss by: differences below a hundredth of it are none.
    """
    train, gap, own_gap = [each.train for each in over_map], [each.gap for each in over_map], [e.gap for e in own]
    return [
        _quality("optimization", "training loss, median", train, median_interval, gained),
        _quality("optimization", "training loss, mean", train, mean_interval, gained),
        _quality("generalization", "gap, mean", gap, mean_interval, gained),
        _quality("generalization", "gap, median, own starts", own_gap, median_interval, gained),
    ]


def _time(name: str, series: Series, seconds: Sequence[Estimate], sizes: tuple[int, int], lecture: Pair) -> Row:
    """Times that differ by less than FLAT times are the same."""
    a, b = (seconds[series.batches.index(size)] for size in sizes)
    here = _words(a, b, ("faster", "slower"), lambda less, more: more >= FLAT * less)
    return Row(name, NAMES[series.device] + TIME[series.drawn], "s", a, b, here, lecture)


def _quality(
    name: str, what: str, values: Sequence[Array], interval: Callable[[Array], Estimate], gained: float
) -> Row:
    a, b = map(interval, values)
    here = _words(a, b, ("better", "worse"), lambda less, more: not more - less < NO_DIFFERENCE * gained)
    return Row(name, what, "", a, b, here, ("better", "worse"))


def _words(a: Estimate, b: Estimate, words: Pair, apart: Callable[[float, float], bool]) -> Pair:
    """The words if a is smaller than b, the other way round if it is larger.

    ``apart(less, more)`` says whether two numbers differ.  They are the same if no number of one interval differs from
    any of the other, and it is unclear where the intervals overlap or there are no numbers.
    """
    if np.isnan([*a, *b]).any():
        return UNCLEAR
    if a == b == Estimate(a.value, a.value, a.value) or not (apart(a.low, b.high) or apart(b.low, a.high)):
        return SAME
    if apart(a.value, b.value) and a.high < b.low:
        return words
    return (words[1], words[0]) if apart(b.value, a.value) and b.high < a.low else UNCLEAR
