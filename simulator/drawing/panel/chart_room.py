"""Room around a chart's curves: for the numbers and the name of each axis, and for the names of the curves."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Chart, Marks
from errsurf.drawing.layout.parts import ChartSpace
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, longest, text_width

MARK_GAP = 5
_NAME_SHARE, _MARK_SHARE = 0.36, 0.4


class Name(NamedTuple):
    """The name of curve ``k``: its upper left corner, and the height at which the curve ends, all in pixels."""

    k: int
    text: str
    left: int
    top: int
    end: int


def with_room(spaces: Sequence[ChartSpace], charts: Sequence[Chart], style: Style) -> tuple[ChartSpace, ...]:
    """The spaces with boxes as large as their numbers and names allow; all have the same margins."""
    told = list(zip(spaces, charts, strict=False))
    left = max((_left(space, chart, style) for space, chart in told), default=0)
    right = max((_right(space, chart, style) for space, chart in told), default=0)
    return tuple(
        space._replace(
            box=Box(
                space.title.left + left,
                space.box.top,
                space.title.right - right,
                space.box.bottom - (line_height(style.tick) if own_line(chart) else 0),
            )
        )
        for space, chart in told
    )


def _left(space: ChartSpace, chart: Chart, style: Style) -> int:
    """Width of the longest number beside the chart, unless that would take too much of it."""
    widths = [text_width(text, style.tick) for _, text in few_marks(chart.marks, space.box, style.tick)]
    return MARK_GAP + 3 + max((width for width in widths if width < _MARK_SHARE * space.title.width), default=0)


def _right(space: ChartSpace, chart: Chart, style: Style) -> int:
    """Width of the names of the curves, or of half the last number below, of which a part stands beyond the chart."""
    last = text_width(chart.below[-1][1], style.tick) // 2 if chart.below and chart.below[-1][0] == 1.0 else 0
    labels = [text_width(curve.label, style.tick) for curve in chart.curves]
    named = [width for width in labels if width < _NAME_SHARE * space.title.width]
    most = max(named) + name_gap(style) if ends_named(chart) and 2 * len(named) > len(labels) else 0
    return max(round(4 * style.unit), last - round(8 * style.unit), most)


def ends_named(chart: Chart) -> bool:
    """Whether the chart's curves end at its right side, and there are several."""
    return (
        len(chart.curves) > 1
        and not chart.data
        and all(curve.at is None and len(curve.clock) for curve in chart.curves)
    )


def name_gap(style: Style) -> int:
    """Room between the end of a curve and its name."""
    return round(14 * style.line)


def end_names(chart: Chart, space: ChartSpace, style: Style) -> list[Name]:
    """The names of the curves beside their ends, as near as they have room one above the other."""
    box, kind, left = space.box, style.tick, space.box.right + name_gap(style)
    if not ends_named(chart):
        return []
    ends = [(_last(curve.height), k, curve.label) for k, curve in enumerate(chart.curves)]
    fit = [
        (box.bottom - round(height * box.height), k, label)
        for height, k, label in ends
        if 0 <= height <= 1 and left + text_width(label, kind) <= space.title.right + 1
    ]
    each = round(0.85 * line_height(kind))
    fit = sorted(fit[: max(box.height - line_height(kind) // 2, 0) // each + 1])
    tops = spread([end for end, *_ in fit], each, box.top, box.bottom - line_height(kind) // 2)
    return [Name(k, label, left, y - line_height(kind) // 2, end) for y, (end, k, label) in zip(tops, fit, strict=True)]


def spread(places: Sequence[int], each: int, low: int, high: int) -> list[int]:
    """Rising places moved apart by at least ``each``, as little as that takes, within ``low`` and ``high``."""
    groups: list[list[int]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _first(groups[-1], each, low, high) < _first(
            groups[-2], each, low, high
        ) + each * len(groups[-2]):
            last = groups.pop()
            groups[-1] += last
    return [_first(group, each, low, high) + each * k for group in groups for k in range(len(group))]


def _first(group: Sequence[int], each: int, low: int, high: int) -> int:
    """Where the first of a group stands whose places are evenly apart around their middle."""
    first = round(sum(group) / len(group) - each * (len(group) - 1) / 2)
    return max(min(first, high - each * (len(group) - 1)), low)


def _last(height: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    """The last finite height; NaN if there is none."""
    known = height[np.isfinite(height)]
    return float(known[-1]) if len(known) else np.nan


def few_marks(marks: Marks, box: Box, kind: Type) -> Marks:
    """As many marks as there is room for beside a chart."""
    room = max(2, box.height // (2 * line_height(kind)))
    return marks[:: -(-len(marks) // room)] if marks else []


def own_line(chart: Chart) -> bool:
    """Whether the name of the x axis stands below its numbers, and not between the two ends."""
    return [share for share, _ in chart.below] != [0.0, 1.0]


def texts_below(chart: Chart, box: Box, kind: Type) -> Iterator[tuple[str, int]]:
    """The numbers along a chart's width, each with its left end: their middles are where they belong."""
    taken = -(1 << 30)
    for share, text in chart.below:
        width = text_width(text, kind)
        left = round(box.left + share * box.width) - width // 2
        if left >= taken + kind.size // 2:
            yield text, left
            taken = left + width


def name_below(chart: Chart, box: Box, kind: Type) -> tuple[str, int]:
    """The name of the x axis, and its left end: between the two ends, or in the middle of a line of its own."""
    room = box.width
    if not own_line(chart):
        room -= sum(text_width(text, kind) for _, text in chart.below) // 2 + 2 * kind.size
    text = longest((chart.word, chart.word.split(" ")[0]), room, kind)
    return text, (box.left + box.right - text_width(text, kind)) // 2
