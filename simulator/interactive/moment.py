"""The state of an experiment at one moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errsurf.run.result import Result
from errsurf.settings.learning_rates import Lr


@dataclass(frozen=True)
class Moment:
    """An experiment at one value of its clock; immutable.

    ``clock`` counts updates or examples, as ``scenario.picture.clock`` says.  ``result`` has all frames recorded so
    far, later ones included; its scenario includes the changes so far.  For each group, ``update`` is the number of
    updates made, ``examples_seen`` the examples they used, ``lr`` the rate of the next one, ``position``
    (particles, 2) the positions, and ``diverged`` (particles,) the update at which each particle became infinite or
    NaN, -1 if it has not yet.

    ``generation`` counts restarts and changes of the groups; what was prepared for one generation is invalid in
    another.  ``end`` is the clock value at which the scenario's own run ends.  ``exact`` is False if no frame is
    close enough, or a group has not caught up.  ``doing`` names a slow task in progress, such as compiling;
    ``trouble`` says why the experiment cannot continue, empty if it can.
    """

    clock: float
    generation: int
    result: Result
    update: tuple[int, ...]
    examples_seen: tuple[int, ...]
    lr: tuple[Lr, ...]
    position: tuple[NDArray[np.floating], ...]
    diverged: tuple[NDArray[np.int64], ...]
    end: float
    exact: bool = True
    doing: str = ""
    trouble: str = ""
