"""Scales of charts, and the numbers beside them."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np

from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import marks
from errsurf.system.numbers import drawn_number

Marks: TypeAlias = list[tuple[float, str]]

_LONG = 6
_HIGHEST, _ROUNDING = 1e300, 1e-12


ZERO_ROOM = 0.12
"""Share of a logarithmic scale's height that lies below a break, where zeros have their place."""


class Scale(NamedTuple):
    """The range of values along the chart's height; a logarithmic one may have a place for ``zero``."""

    low: float
    high: float
    log: bool = False
    zero: bool = False

    @property
    def decimals(self) -> int | None:
        """As many as tell values apart by a few thousandths of the range; None on a logarithmic scale, or beyond 8."""
        needed = int(np.ceil(-np.log10((self.high - self.low) / 3))) + 2
        return None if self.log or needed > 8 else max(needed, 0)

    def height(self, values: Array) -> Array:
        """Place of each value between the bottom, 0, and the top, 1, and at most one chart's height beyond."""
        if self.log:
            part = (np.log(np.maximum(values, self.low)) - np.log(self.low)) / (np.log(self.high) - np.log(self.low))
            if self.zero:
                part = np.where(np.equal(values, 0), 0.0, ZERO_ROOM + (1 - ZERO_ROOM) * part)
        else:
            part = (np.clip(values, -_HIGHEST, _HIGHEST) - self.low) / (self.high - self.low)
        return np.asarray(np.clip(part, -1.0, 2.0))


def spanning(values: Iterable[Array | None], top: float = np.inf, bottom: float = 1e-12, factor: float = 200) -> Scale:
    """From the lowest to the highest finite value, which counts up to ``top`` only, unless all lie above it.

    It is logarithmic where all values are positive and span more than this factor, down to the share ``bottom`` of the
    highest.
    """
    drawn = _drawable(values)
    low, high = (float(drawn.min()), float(drawn.max())) if len(drawn) else (0.0, 1.0)
    high = min(high, top) if low < top else high
    if low > 0 and high > factor * low:
        return Scale(max(low, high * bottom), high * 1.2, True)
    size = max(abs(low), abs(high))
    margin = 0.05 * (high - low) if high - low > _ROUNDING * size else max(0.5, 1e-3 * size)
    return Scale(low - margin, high + margin)


def size_scale(values: Iterable[Array | None], factor: float = 200) -> Scale:
    """As ``spanning``, for sizes: a linear scale begins with 0, and a logarithmic one has a place for zeros."""
    drawn = _drawable(values)
    sizes = drawn[drawn > 0]
    low, high = (float(sizes.min()), float(sizes.max())) if len(sizes) else (1.0, 1.0)
    if high <= factor * low:
        return Scale(0.0, 1.05 * high)
    return Scale(max(low, 1e-8 * high), 1.2 * high, True, len(sizes) < len(drawn))


def _drawable(values: Iterable[Array | None]) -> Array:
    """The values that have a place on a scale, shape (n,)."""
    each = np.concatenate([np.ravel(part) for part in values if part is not None])
    return np.asarray(each[np.abs(each) <= _HIGHEST])


def scale_marks(scale: Scale) -> Marks:
    """Round numbers: powers of ten on a logarithmic scale, with 2 and 5 times these where it has few."""
    if not scale.log:
        return marks(scale.low, scale.high, 7)
    zero = [(0.0, "0")] if scale.zero else []
    first, last = int(np.ceil(np.log10(scale.low))), int(np.floor(np.log10(scale.high)))
    if last <= first + 1:
        steps = [base * 10.0**k for k in range(first - 1, last + 1) for base in (1, 2, 5)]
        return zero + [(value, drawn_number(value)) for value in steps if scale.low <= value <= scale.high]
    return zero + [(10.0**k, _power(k)) for k in range(first, last + 1)]


def share_marks(scale: Scale) -> Marks:
    """Percents: powers of ten on a logarithmic scale, else none, half and all."""
    shares = [10.0**k for k in range(-6, 1)] if scale.log else [0.0, 0.5, 1.0]
    zero = [(0.0, "0%")] if scale.zero else []
    return zero + [(share, f"{100 * share:.4g}%") for share in shares if scale.low <= share <= scale.high]


def _power(k: int) -> str:
    text = drawn_number(10.0**k)
    return text if len(text) < _LONG else f"1e{k}".replace("-", "\N{MINUS SIGN}")
