"""What errsurf knows of one kind of chart, and what a chart is.  Each file of this folder ends with one record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.drawing.charts._scales import Marks, Scale, scale_marks
from errsurf.drawing.history.clock import Clock, shown_clock
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.numbers import Basins, History
from errsurf.drawing.history.pace import Pace, pace
from errsurf.drawing.history.window import marks

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Group, Result


@dataclass(frozen=True)
class Source:
    """What charts are made from.

    ``groups`` are those that are drawn, ``histories`` theirs, and ``numbers`` their places in the result; ``loss`` is
    the training loss over the map, shape (rows, columns), and ``end`` the last value of the clock.  ``basins`` is None
    where there is nothing to tell apart.
    """

    result: "Result"
    groups: Sequence["Group"]
    numbers: Sequence[int]
    histories: Sequence[History]
    critical: Sequence["Critical"]
    basins: Basins | None
    loss: Array
    end: float

    @property
    def clock(self) -> Clock:
        """The clock of the groups."""
        return shown_clock(self.result)


class Values(NamedTuple):
    """Numbers of one group at some rows of its history: ``line`` (rows,), ``band`` (rows, 2), ``dashed`` (rows,).

    ``profile`` (rows, lines, nodes) are curves of their own for each row, at even steps along the chart's width.
    """

    line: Array
    band: Array | None = None
    dashed: Array | None = None
    profile: Array | None = None


class Data(NamedTuple):
    """Points that a chart shows and that stay: the name of their x axis, and (n, 2) of training and test examples."""

    word: str
    train: Array
    test: Array


class Along(NamedTuple):
    """What a chart has on its x axis instead of the clock.

    ``place(source, k, rows)`` are the numbers of group k, (rows,), at these rows of its history; ``scale(places)``
    holds those of all groups, and ``marks(scale, places)`` are the numbers that stand below the chart.
    """

    word: str
    place: Callable[[Source, int, Ints], Array]
    scale: Callable[[Sequence[Array]], Scale]
    marks: Callable[[Scale, Sequence[Array]], Marks]


def always(_result: "Result", _critical: Sequence["Critical"]) -> bool:
    """This chart can be drawn of every run."""
    return True


def with_losses(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the run has recorded losses at frames."""
    return bool(result.scenario.run.losses)


@dataclass(frozen=True)
class ChartKind:
    """One kind of chart; its name is that of the file that ends with this record, with spaces.

    ``titles(source)`` are what it says, in full and ever shorter.  ``values(source, k, rows)`` are the numbers of group
    k at these rows of its history: each row follows from its own frame, so more rows can be added to those there are.
    ``scale(source, values)`` holds the values of all groups.  With ``along`` the chart's width is not the clock's;
    ``joined`` says that it shows each group as one point that moves with the clock, and which of the points over one
    place a line joins: "lowest" or "highest".

    With ``data`` its width is that of points, which ``span(source)`` holds, and each group has a ``profile``.

    A chart with ``basins`` tells them apart.  ``possible(result, critical)`` says whether a run has what it shows; the
    loss is drawn instead if it has not, and ``needs`` says in words what that is.  A chart with the name of a part of
    ``[run] record`` has that part recorded.
    """

    titles: Callable[[Source], tuple[str, ...]]
    values: Callable[[Source, int, Ints], Values]
    scale: Callable[[Source, Sequence[Values]], Scale]
    marks: Callable[[Scale], Marks] = scale_marks
    along: Along | None = None
    joined: str = ""
    basins: bool = False
    data: Callable[[Source], Data] | None = None
    span: Callable[[Source], tuple[float, float]] | None = None
    possible: Callable[["Result", Sequence["Critical"]], bool] = always
    needs: str = ""


class Curve(NamedTuple):
    """One group's curve: clock values and heights in [0, 1], each (rows,), with a band (rows, 2) and a second curve.

    ``at`` (rows,) is the place along the chart's width, from 0 to 1; None where that is the clock's.  ``profile``
    (rows, lines, nodes) has the heights of curves that move, at even steps along the width.  ``label`` names
    the group, and ``number`` is its place in the result.
    """

    clock: Ints
    height: Array
    band: Array | None = None
    dashed: Array | None = None
    at: Array | None = None
    profile: Array | None = None
    label: str = ""
    number: int = 0


class Chart(NamedTuple):
    """What the chart says, in full and ever shorter, and one curve a group; ``time`` is how the clock runs along it.

    ``below`` are the marks along its width, in shares of it, and ``word`` is what they count; ``joined`` is as in
    ``ChartKind``.  ``data`` are points in shares of width and height, below curves that move.
    """

    titles: tuple[str, ...]
    scale: Scale
    marks: Marks
    curves: list[Curve]
    time: Pace
    word: str
    below: Marks
    joined: str = ""
    data: Data | None = None

    @property
    def title(self) -> str:
        """What it says, in full."""
        return self.titles[0]

    def place(self, curve: Curve, row: int, clock: float) -> float:
        """Where along the width, from 0 to 1, a curve stands at a clock value, in this row of it."""
        return float(self.time.share(clock) if curve.at is None else curve.at[row])


def chart(kind: ChartKind, source: Source) -> Chart:
    """One chart of the groups that are drawn."""
    rows = [np.arange(len(h.frame)) for h in source.histories]
    values = [kind.values(source, k, each) for k, each in enumerate(rows)]
    places = [kind.along.place(source, k, each) for k, each in enumerate(rows)] if kind.along else []
    return joint_chart(kind, source, values, places)


def joint_chart(kind: ChartKind, source: Source, values: Sequence[Values], places: Sequence[Array] = ()) -> Chart:
    """A chart of values that are known, those of every row of each group's history, and their places along it."""
    scale, along = kind.scale(source, values), kind.along
    width = along.scale(places) if along else None
    curves = [
        Curve(
            h.clock,
            scale.height(found.line),
            None if found.band is None else scale.height(found.band),
            None if found.dashed is None else scale.height(found.dashed),
            width.height(places[k]) if width else None,
            None if found.profile is None else scale.height(found.profile),
            source.groups[k].label,
            source.numbers[k],
        )
        for k, (h, found) in enumerate(zip(source.histories, values, strict=True))
    ]
    time = pace(source.result)._replace(end=source.end)
    below, word = time.marks, source.clock.word
    if along and width:
        below = [(float(width.height(np.array(value))), text) for value, text in along.marks(width, places)]
        word = along.word
    made = Chart(kind.titles(source), scale, kind.marks(scale), curves, time, word, below, kind.joined)
    return _with_data(made, kind.data(source), Scale(*kind.span(source))) if kind.data and kind.span else made


def _with_data(made: Chart, data: Data, width: Scale) -> Chart:
    """A chart over the inputs of points."""
    shares = [np.stack([width.height(part[:, 0]), made.scale.height(part[:, 1])], axis=1) for part in data[1:]]
    below = [(float(width.height(np.array(value))), text) for value, text in marks(width.low, width.high, 5)]
    return made._replace(word=data.word, below=below, data=Data(data.word, *shares))
