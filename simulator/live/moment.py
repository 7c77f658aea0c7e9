"""What a watcher sees of an experiment that runs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errsurf.run.result import Result


@dataclass(frozen=True)
class Moment:
    """An experiment at one value of its clock; nothing in it changes any more.

    ``clock`` counts updates or examples, as ``scenario.picture.clock`` says.  ``result`` holds all frames that are
    recorded so far, also later ones, of as many groups as there were; its scenario is the one of then, with the
    changes so far.  For each group, ``update`` is how many updates it has made, ``examples_seen`` the examples they
    used, ``lr`` the rate of the next one, ``position`` (particles, 2) where its particles are then, and
    ``diverged`` (particles,) the update at which each left the finite numbers, -1 if it has not by then.

    ``generation`` counts the starts and the groups' comings and goings: what was made ready for moments of one
    generation serves for no other.  ``end`` is the clock value at which the scenario's own run ends.  ``exact`` is
    False where frames are not close enough, and for a group that has not caught up.  ``doing`` says what takes long
    just now, such as compiling; ``trouble`` why the experiment cannot go on, empty if it can.
    """

    clock: float
    generation: int
    result: Result
    update: tuple[int, ...]
    examples_seen: tuple[int, ...]
    lr: tuple[float, ...]
    position: tuple[NDArray[np.floating], ...]
    diverged: tuple[NDArray[np.int64], ...]
    end: float
    exact: bool = True
    doing: str = ""
    trouble: str = ""
