"""Which numbers are taken from files: those with which float32 and float64 can still compute."""

SMALLEST, LARGEST = 1e-30, 1e30
NARROWEST = 1e-6
MAX_GROUPS = 4096
RANGE = f"0, or a size from {SMALLEST:g} to {LARGEST:g}"
EDGES = f"two numbers, the smaller one first, at least {NARROWEST:g} of the larger size apart"


def in_range(value: float) -> bool:
    """Whether a number is 0 or of a size that is taken."""
    return value == 0 or SMALLEST <= abs(value) <= LARGEST


def wide_enough(low: float, high: float) -> bool:
    """Whether an interval holds enough numbers to search and draw it; False also for NaN and edges out of order."""
    return high - low >= max(SMALLEST, NARROWEST * max(abs(low), abs(high)))
