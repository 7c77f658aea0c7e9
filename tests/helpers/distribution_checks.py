"""Whether numbers follow a distribution."""

from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def ks_distance(numbers: Array, share_below: Array) -> float:
    """Kolmogorov and Smirnov's distance; ``share_below`` is the distribution function at the sorted numbers."""
    ranks = np.arange(numbers.size + 1) / numbers.size
    return float(max((ranks[1:] - share_below).max(), (share_below - ranks[:-1]).max()))


def assert_distributed(numbers: Array, below: Any) -> None:
    """A fair sample fails one time in a million: ``2 exp(-2 n d^2)``, Massart 1990."""
    ordered = np.sort(numbers.astype(np.float64), axis=None)
    assert ks_distance(ordered, below(ordered)) < sqrt(log(2e6) / (2 * ordered.size))
