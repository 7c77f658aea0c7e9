"""The final numbers of groups as columns of text: losses, where particles are, and how many are at each minimum."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from math import floor, isfinite, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from errsurf.analysis import Range
from errsurf.drawing.history.clock import clock_of
from errsurf.drawing.map.axes import axis_names
from errsurf.drawing.scene import ends_on_map, map_window
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.measured import ends_beyond
from errsurf.system.numbers import number_text, share_text
from errsurf.words import said

Array = NDArray[np.float64]

HEAD = 13
"""Letters of a line of a head, at least; longer heads break between words."""
LOSS_DIGITS, MOST_DIGITS = 3, 6
NEGLIGIBLE = 1e-4
FIXED_BELOW = 1e5
"""Coordinates that are larger have an exponent."""
QUANTILES = (0.05, 0.5, 0.95)
RANGE = "median, 5-95%"


class Column(NamedTuple):
    """A head and a cell for each group; the first line of a cell is its number, a second one the range around it."""

    head: str
    cells: tuple[str, ...]
    ranged: bool = False

    @property
    def width(self) -> int:
        """Width in characters."""
        return max(cell_len(line) for text in (self.head, *self.cells) for line in text.split("\n"))

    def told(self, language: str) -> "Column":
        """The same in a language, with a head that is not much wider than its cells."""
        cells = tuple("\n".join(said(line, language) for line in cell.split("\n")) for cell in self.cells)
        room = max(HEAD, *(cell_len(line) for cell in cells for line in cell.split("\n")))
        head = _wrapped(said(self.head, language), room)
        return Column(f"{head}\n{said(RANGE, language)}" if self.ranged else head, cells, self.ranged)


def loss_columns(findings: Findings) -> Iterator[Column]:
    """Updates, examples, losses and sharpness; the test loss only where it is another one."""
    found = findings.statistics
    counts = clock_of("examples", (group.kind for group in findings.result.groups), 1).noun
    yield Column("updates", tuple(f"{each.updates:,}" for each in found))
    yield Column(f"{counts}s", tuple(f"{each.examples_seen:,}" for each in found))
    train, test = (
        [_range(loss, partial(number_text, digits=_digits([loss.median for loss in losses]))) for loss in losses]
        for losses in ([each.train_loss for each in found], [each.test_loss for each in found])
    )
    yield _ranges("loss" if train == test else "training loss", train)
    if train != test:
        yield _ranges("test loss", test)
    yield Column("sharpness", tuple(number_text(each.sharpness, 3) for each in found))


def _digits(values: Sequence[float]) -> int:
    """Digits that tell values apart where six do: three or more."""
    told = ({number_text(value, digits) for value in values} for digits in range(LOSS_DIGITS, MOST_DIGITS + 1))
    counts = [len(each) for each in told]
    return LOSS_DIGITS + counts.index(max(counts))


def place_columns(findings: Findings) -> Iterator[Column]:
    """Coordinates of the particles that did not diverge."""
    ends = [np.asarray(group.position[-1], np.float64)[group.alive(-1)] for group in findings.result.groups]
    names = axis_names(findings.result.scenario.surface)
    for axis, window in enumerate(map_window(findings)):
        spreads = [_spread(end[:, axis]) for end in ends]
        text = partial(coordinate_text, digits=coordinate_digits(window, chain.from_iterable(spreads)))
        yield _ranges(names[axis], [_range(spread, text) for spread in spreads])


def coordinate_digits(window: tuple[float, float], values: Iterable[float]) -> int:
    """Digits after the point of coordinates along an axis, that tell places in the window apart.

    Where all are so small beside the window that they would lose their digits, two of the largest are kept, unless it
    is below 1e-4 windows and may be a 0.
    """
    width = window[1] - window[0]
    size = max((abs(value) for value in values if isfinite(value)), default=0.0)
    told = min(width, 10 * size) if size > NEGLIGIBLE * width else width
    return min(max(2 - floor(log10(told)), 0), 9)


def coordinate_text(value: float, digits: int) -> str:
    """A coordinate with so many digits after the point, or with an exponent if it is large."""
    return f"{value:z,.{digits}f}" if isfinite(value) and abs(value) < FIXED_BELOW else number_text(value, 3)


def at_columns(findings: Findings) -> list[Column]:
    """The share of each group's particles that is at each minimum, in the order of ``names.order``."""
    names = findings.names
    parts = shares_on_map(findings)
    return [_share(f"at {names.short[k]}", parts[:, place]) for place, k in enumerate(names.order)]


def other_columns(findings: Findings) -> Iterator[Column]:
    """The shares elsewhere: at a saddle, on the way and, where there are any, outside, beyond the data, diverged."""
    names, parts = findings.names, shares_on_map(findings)
    total = len(names.order)
    for k, head in enumerate((f"at {names.parts[total]}", "on the way", "outside the map"), total):
        if head == "on the way" or parts[:, k].any():
            yield _share(head, parts[:, k])
    beyond = [ends_beyond(findings.landscape, group) / len(group.diverged) for group in findings.result.groups]
    if any(beyond):
        yield _share("beyond the data", np.array(beyond))
    if any(each.diverged for each in findings.statistics):
        yield Column("diverged", tuple(f"{each.diverged:,}" for each in findings.statistics))


def shares_on_map(findings: Findings) -> Array:
    """Where the particles of each group are on the map, as shares of all, (groups, parts)."""
    counts = ends_on_map(findings)
    shares: Array = counts / counts.sum(axis=1, keepdims=True)
    return shares


def other_minima(count: int, shares: Array) -> Column:
    """The column of so many minima together, (groups, minima)."""
    return _share(f"at {count} other minima", shares.sum(axis=1))


def _share(head: str, shares: Array) -> Column:
    return Column(head, tuple(share_text(share, 1) for share in shares))


def _ranges(head: str, cells: Sequence[str]) -> Column:
    return Column(head, tuple(cells), ranged=any("\n" in cell for cell in cells))


def _range(spread: Range, text: Callable[[float], str]) -> str:
    """The median and, where values differ, below it the range of the middle 90%."""
    low, median, high = (text(value) for value in spread)
    return median if low == median == high else f"{median}\n{low} to {high}"


def _spread(values: Array) -> Range:
    return Range(*np.quantile(values, QUANTILES).tolist()) if len(values) else Range(np.nan, np.nan, np.nan)


def _wrapped(head: str, room: int) -> str:
    """A head in lines that are no longer than ``room`` where words allow it."""
    lines = [""]
    for word in head.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(filter(None, lines))
