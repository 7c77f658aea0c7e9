"""What the panel says of each group at each clock value, taken from the recorded frames."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Names, Regions, whereabouts
from errsurf.drawing.history.frames import Array, Ints, clock_values
from errsurf.drawing.history.pace import pace
from errsurf.drawing.history.window import Window, inside
from errsurf.sampling.particles import measured_particles

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

BasinOf: TypeAlias = Callable[[Array], NDArray[np.integer[Any]]]

_MOST = 400


class Basins(NamedTuple):
    """How particles are told apart by critical points, which have ``names``: by basin, and by where they are.

    ``basin_of(points)``, for points of shape (n, 2), tells in the basin of which of the minima each lies, -1 for none;
    ``regions`` are None where it does not matter where they are.
    """

    names: Names
    basin_of: BasinOf
    regions: Regions | None = None


@dataclass(frozen=True)
class History:
    """One group at up to 400 of its recorded frames; rows are frames.

    ``frame`` (rows,) are frame numbers, ``clock`` and ``update`` (rows,) their clock values and updates; ``train``
    (rows, 3) holds the 5%, 50% and 95% quantiles of the training loss and ``test`` (rows,) the median test loss of
    the particles that did not diverge, NaN if none is left; ``outside`` and ``diverged`` (rows,) count
    particles out of ``particles``; ``share`` (rows, minima) is the share of all particles in each minimum's basin, in
    which gradient flow would end, and ``where`` (rows, parts) counts where they are, as ``Names.parts``.
    """

    particles: int
    frame: Ints
    clock: Ints
    update: Ints
    train: Array
    test: Array
    outside: Ints
    diverged: Ints
    share: Array
    where: Ints


def history(result: "Result", group: "Group", window: Window, basins: Basins | None) -> History:
    """The history of one group; of more than 400 recorded frames, those spread evenly over the clock."""
    values = clock_values(group, result.scenario.picture.clock)
    frames = np.arange(len(values))
    if len(values) > _MOST:
        frames = np.unique(np.searchsorted(values, pace(result).clocks(_MOST), "right") - 1)
    made = history_at(group, frames, values[frames], window, basins)
    if 0 < len(group.loss_particles) < len(group.diverged):
        _measure_end(result, group, made)
    return made


def _measure_end(result: "Result", group: "Group", made: History) -> None:
    """The last losses are those of the table, of more particles than losses are recorded of."""
    some, last = measured_particles(len(group.diverged), result.landscape.evaluations), made.frame[-1]
    ended = np.asarray(group.position[last], np.float64)[some[group.alive(last)[some]]]
    made.train[-1] = quantiles(result.landscape.loss(ended, "train"), (0.05, 0.5, 0.95))
    made.test[-1] = quantiles(result.landscape.loss(ended, "test"), (0.5,))[0]


def history_at(group: "Group", frames: Ints, clock: Ints, window: Window, basins: Basins | None) -> History:
    """The history of one group at these frames, (rows,), with these clock values; a row follows from its frame."""
    train, test = np.empty((len(frames), 3)), np.empty(len(frames))
    lost, share = (
        np.empty((len(frames), 2), np.int64),
        np.zeros((len(frames), len(basins.names.minima) if basins else 0)),
    )
    known = basins.regions if basins else None
    where = np.zeros((len(frames), len(basins.names.parts) if basins and known else 0), np.int64)
    for row, frame in enumerate(frames.tolist()):
        going = group.alive(frame)
        counted = going[group.loss_particles]
        train[row] = quantiles(group.train_loss[frame][counted], (0.05, 0.5, 0.95))
        test[row] = quantiles(group.test_loss[frame][counted], (0.5,))[0]
        points = np.asarray(group.position[frame], dtype=np.float64)[going]
        lost[row] = np.count_nonzero(~inside(points, window)), len(going) - len(points)
        if basins is not None:
            ends = np.asarray(basins.basin_of(points), dtype=np.int64)
            share[row] = np.bincount(ends[ends >= 0], minlength=share.shape[1]) / len(going)
        if basins is not None and known is not None:
            where[row] = whereabouts(points, len(going) - len(points), basins.names, known, window)
    update = np.asarray(group.update, dtype=np.int64)[frames]
    return History(len(group.diverged), frames, clock, update, train, test, lost[:, 0], lost[:, 1], share, where)


def quantiles(values: Array, shares: tuple[float, ...]) -> Array:
    """Quantiles of the finite values with linear interpolation, shape (shares,); NaN if there are none."""
    finite = np.sort(np.asarray(values, dtype=np.float64)[np.isfinite(values)])
    if len(finite) == 0:
        return np.full(len(shares), np.nan)
    place = np.array(shares) * (len(finite) - 1)
    low = place.astype(np.int64)
    high = np.minimum(low + 1, len(finite) - 1)
    return np.asarray(finite[low] * (1 - (place - low)) + finite[high] * (place - low))
