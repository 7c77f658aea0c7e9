"""Sharpness in the optimizer's own measure over its limit: above 1, oscillations of full-batch updates grow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import eigenvalues
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, spanning
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.history.numbers import quantiles
from errsurf.optimizers import optimizer

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

PART = "effective_rate"


def titles(_source: Source) -> tuple[str, ...]:
    """The Hessian is preconditioned with the effective rates."""
    return "rate times sharpness, in shares of the stable limit", "sharpness over its limit", "over limit"


def values(source: Source, k: int, rows: Ints) -> Values:
    """Medians over the watched particles of the largest eigenvalue of ``R^(1/2) H R^(1/2)``; NaN at the start.

    R holds the effective rates and H is the Hessian of the training loss (Cohen et al. 2022, arXiv:2207.14484).
    """
    group, found = source.groups[k], np.full(len(rows), np.nan)
    settings = source.result.scenario.optimizer[source.numbers[k]].settings
    limit = optimizer(group.kind).largest_product(settings)
    for row, frame in enumerate(source.histories[k].frame[rows].tolist()):
        here = group.watched[group.alive(frame, group.watched)]
        if not limit or frame == 0 or not len(here):
            continue
        x, y = np.sqrt(group.parts[PART][frame][group.alive(frame, group.watched)]).T
        bend = source.result.landscape.hessian(np.asarray(group.position[frame][here], np.float64))
        scaled = bend * np.stack([x * x, x * y, y * y], axis=1)
        found[row] = quantiles(eigenvalues(scaled)[..., 1], (0.5,))[0] / limit
    return Values(found)


def scale(_source: Source, values: Sequence[Values]) -> Scale:
    """All values up to four times the limit, and the limit 1."""
    return spanning([np.array([0.0, 1.0]), *(each.line for each in values)], top=4.0, factor=np.inf)


def possible(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the run has recorded rates, of optimizers with a limit."""
    groups = zip(result.groups, result.scenario.optimizer, strict=True)
    return all(PART in group.parts and optimizer(group.kind).largest_product(made.settings) for group, made in groups)


RECORD = ChartKind(
    titles,
    values,
    scale,
    possible=possible,
    needs="a run that records effective rates (run.record), of optimizers with a limit",
)
