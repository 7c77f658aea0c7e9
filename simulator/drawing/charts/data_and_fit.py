"""The examples of a regression, and what a few particles of each group predict: curves that move with the clock."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.charts._record import ChartKind, Data, Source, Values
from errsurf.drawing.charts._scales import Scale
from errsurf.drawing.history.frames import Array, Ints
from errsurf.sampling.particles import evenly
from errsurf.surfaces import surface

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

NODES = 81
_LINES, _POINTS, _MARGIN = 5, 300, 0.06


def titles(source: Source) -> tuple[str, ...]:
    """The target's name, and what stands for it."""
    target = source.result.landscape.problem.column_names[1]
    return (
        f"{target}: examples, predictions; rings: test",
        f"{target}, predicted; rings: test",
        f"{target}; rings: test",
    )


def data(source: Source) -> Data:
    """Inputs and targets of the training and the test examples, evenly chosen of many."""
    landscape = source.result.landscape
    train, test = (each[evenly(len(each), _POINTS), :2] for each in (landscape.train, landscape.test))
    if np.array_equal(landscape.train, landscape.test):
        test = test[:0]
    return Data(landscape.problem.column_names[0], train, test)


def values(source: Source, k: int, rows: Ints) -> Values:
    """No number over the clock; what a few particles predict along the width, shape (rows, lines, NODES).

    They are evenly chosen, as those with trails are; NaN once one diverged.
    """
    predict, group = source.result.landscape.problem.surface.predict, source.groups[k]
    assert predict
    inputs, count = np.linspace(*span(data(source), 0), NODES), len(group.diverged)
    most = min(max(source.result.scenario.picture.trails, 1), _LINES, count)
    chosen = np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))
    found = np.empty((len(rows), len(chosen), NODES))
    for row, frame in enumerate(source.histories[k].frame[rows].tolist()):
        x, y = np.where(group.alive(frame, chosen), np.asarray(group.position[frame][chosen], np.float64).T, np.nan)
        with np.errstate(over="ignore", invalid="ignore"):
            found[row] = predict(x[:, None], y[:, None], inputs)
    return Values(np.full(len(rows), np.nan), profile=found)


def scale(source: Source, _values: Sequence[Values]) -> Scale:
    """What the examples need."""
    return Scale(*span(data(source), 1))


def span(found: Data, column: int) -> tuple[float, float]:
    """Lowest and highest input, column 0, or target, column 1, with a margin."""
    every: Array = np.concatenate([found.train, found.test])[:, column]
    low, high = float(every.min()), float(every.max())
    room = _MARGIN * (high - low) or 0.5
    return low - room, high + room


def predicts(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the surface is that of a model with inputs."""
    return surface(result.scenario.surface.kind, result.scenario.surface.settings).predict is not None


RECORD = ChartKind(
    titles,
    values,
    scale,
    data=data,
    span=lambda source: span(data(source), 0),
    possible=predicts,
    needs="the surface of a model with inputs",
)
