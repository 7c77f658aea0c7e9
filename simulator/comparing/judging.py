"""What other seeds say of the values that a search chose, and which groups they tell apart."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import inf, isfinite, isinf, isnan, nan, sqrt
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from errsurf.comparing.choice import Choice
from errsurf.measures.intervals import TAIL, Estimate, student
from errsurf.records.names import listed

NEVER = "not all seeds get a time within the budget: a larger --amount may decide"


class Judged(NamedTuple):
    """The number of a group's best values with other seeds: their mean, of times the median, with two 95% intervals.

    ``over_seeds`` is over the ``seeds`` and tells of other seeds, ``over_particles`` of other particles with
    these seeds; ``values`` are those of each seed.  Of the ``particles`` of all seeds, so many ``diverged``.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": [0.01, 0.1]}, seeds=3, changes={"swarm.particles": 16})
        >>> judged = found.judged[0]
        >>> judged.label, judged.seeds, judged.over_seeds.low < judged.over_seeds.value
        ('full batch', (8, 9, 10), True)
    """

    label: str
    over_seeds: Estimate
    over_particles: Estimate
    n: int
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    particles: int = 0
    diverged: int = 0


class Difference(NamedTuple):
    """The judged number of ``group`` minus that of ``other``, seed by seed, and the ``better`` of them.

    The intervals of all differences hold together with 95%: Student's, each with its share of the 5% (Bonferroni).
    Medians of whole numbers are known to half of 1 each, so the interval of a difference of them reaches 1 to each
    side at least.  A group that never came, with any seed, counts with the last time that it was seen at, and the
    interval has no bound on that side.  ``better`` is empty where the interval contains 0: these seeds do not decide
    it.  A ``doubt`` says that too many particles of the better one diverged, so that it is not decided, or that the
    other one's search ended at an edge or had steps that change more than the difference.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": [0.01, 0.1]}, seeds=8, changes={"swarm.particles": 16})
        >>> [(each.group, each.other) for each in found.differences]
        [('full batch', 'batch 5'), ('full batch', 'batch 1'), ('batch 5', 'batch 1')]
    """

    group: str
    other: str
    estimate: Estimate
    better: str
    doubt: str = ""


def differences(
    judged: Sequence[Judged], best: str, *, whole: bool = False, ends: Mapping[str, float] = MappingProxyType({})
) -> Iterator[Difference]:
    """The differences of all pairs of groups; ``whole`` where values that look like whole numbers are such.

    ``ends`` are the last times that groups were seen at, in the unit of the values.
    """
    pairs = list(combinations(judged, 2))
    for one, other in pairs:
        mine, theirs = (dict(zip(each.seeds, each.values, strict=True)) for each in (one, other))
        bounds = _paired(_seen(mine, ends.get(one.label)), _seen(theirs, ends.get(other.label)), len(pairs), whole)
        found = _open_ended(bounds, mine, theirs)
        lower = one.label if found.high < 0 else other.label if found.low > 0 else ""
        higher = other.label if found.high < 0 else one.label if found.low > 0 else ""
        better = lower if best == "lowest" else higher
        never = not better and any(map(isinf, (*one.values, *other.values)))
        yield Difference(one.label, other.label, found, better, NEVER if never else "")


def _seen(values: Mapping[int, float], end: float | None) -> Mapping[int, float]:
    """The values of seeds, or the ``end`` where none of them came until then."""
    return dict.fromkeys(values, end) if end and all(value == inf for value in values.values()) else values


def _open_ended(bounds: Estimate, one: Mapping[int, float], other: Mapping[int, float]) -> Estimate:
    """A difference of which the interval has one bound only where one of the two never came."""
    never, other_never = (all(value == inf for value in values.values()) for values in (one, other))
    if isnan(bounds.value) or not (never or other_never):
        return bounds
    if never and other_never:
        return Estimate(nan, nan, nan)
    return Estimate(inf, bounds.low, inf) if never else Estimate(-inf, -inf, bounds.high)


def doubted(found: Difference, lossy: Mapping[str, Judged], choices: Mapping[str, Choice]) -> Difference:
    """A difference with its doubts; ``lossy`` groups lost too many particles, others were tuned too little."""
    lost = [lossy[label] for label in (found.group, found.other) if label in lossy and found.better in ("", label)]
    if lost:
        said = [f"{each.diverged:,} of {each.particles:,} particles of {each.label} diverged" for each in lost]
        return found._replace(better="", doubt="; ".join(said))
    behind = [label for label in (found.group, found.other) if label in choices and label != found.better]
    said = [text for label in behind for text in _untuned(choices[label], found)]
    return found._replace(doubt="; ".join([*filter(None, [found.doubt]), *said]))


def _untuned(choice: Choice, found: Difference) -> Iterator[str]:
    """Why a search may have missed better values: it ends at the best, or its steps are larger than the difference."""
    ends = [edge.setting for edge in choice.edges]
    if ends:
        yield f"not fair to {choice.label}, whose best {listed(ends)} is at the edge of the search"
    _, low, high = found.estimate
    apart = abs(found.estimate.value) if found.better else max(abs(low), abs(high))
    if coarse := [key for key in choice.coarse(inf if isnan(apart) else apart) if key not in ends]:
        yield f"the search is coarse for {choice.label}: finer values of {listed(coarse)} may change this"


def _paired(one: Mapping[int, float], other: Mapping[int, float], pairs: int, whole: bool) -> Estimate:
    """The mean difference of the seeds that both have, and its interval, which ``whole`` numbers round."""
    values = np.array(
        [one[seed] - other[seed] for seed in one if seed in other and isfinite(one[seed]) and isfinite(other[seed])]
    )
    lost = len(values) < len(one) or len(values) < len(other)
    if len(values) < 2 or lost:
        return Estimate(float(values.mean()) if len(values) and not lost else np.nan, np.nan, np.nan)
    half = student(len(values), TAIL / pairs) * float(values.std(ddof=1)) / sqrt(len(values))
    if whole and all(float(2 * value).is_integer() for value in (*one.values(), *other.values())):
        half = max(half, 1.0)
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half)
