"""Texts for measurements."""

NAMES = {"serial": "serial, one lane", "cpu": "CPU, packed", "cuda": "GPU"}
LECTURE = {
    3: "With parallel hardware the time of one update hardly grows with the batch; without, in proportion.",
    4: "The time of one epoch falls as batches grow.",
    9: "The table of small against large batches: speed, noise, optimization, generalization.",
}
"""The lecture's claims that are measured here, not by a scenario."""
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def in_time(*seconds: float) -> str:
    """Seconds with three digits in the unit that suits the largest: "51.2 ns"; several with "to" between them."""
    size, unit = next((each for each in UNITS if max(seconds) >= 0.9995 * each[0]), UNITS[-1])
    return f"{' to '.join(_three_digits(each / size) for each in seconds)} {unit}"


def times(ratio: float) -> str:
    """A ratio: "17 times", "1.2 times"."""
    return f"{ratio:,.0f} times" if ratio >= 9.95 else f"{ratio:.2g} times"


def _three_digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"
