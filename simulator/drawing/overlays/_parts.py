"""What the updates of the followed particles were made of, as the run recorded it."""

from dataclasses import dataclass

import numpy as np

from errsurf.drawing.history.frames import Array, Ints, latest
from errsurf.drawing.map.maps import Follower, Maps
from errsurf.errors import UserError
from errsurf.optimizers import optimizer
from errsurf.wrappers import records


@dataclass(frozen=True)
class Parts:
    """The recorded updates of one particle: clock ``values`` and ``update`` (frames,), the others (frames, 2).

    ``start`` is where each update began, ``own`` what its gradient alone moves, None where that cannot be told.  They
    are NaN in the first frame.
    """

    values: Ints
    update: Ints
    start: Array
    movement: Array
    rate: Array
    own: Array | None

    def row(self, clock: float) -> int:
        """The update to show at a clock value: the next one where it is recorded, else the last one."""
        now = latest(self.values, clock)
        following = now + 1 < len(self.update) and self.update[now + 1] == self.update[now] + 1
        return now + 1 if following else now


def parts(maps: Maps) -> dict[int, Parts]:
    """The recorded updates of every group that is shown, or of the one that ``follow`` names, by their places.

    Raises UserError if the run did not record them.
    """
    picture = maps.result.scenario.picture
    places = range(len(maps.shown)) if picture.follow is None else [maps.follow]
    return {k: _parts(maps.followers[k]) for k in places}


def _parts(follower: Follower) -> Parts:
    group, settings = follower.group, follower.settings
    missing = [f'"{name}"' for name in ("movement", "effective_rate") if name not in group.parts]
    lane = np.flatnonzero(np.asarray(group.watched) == follower.particle)
    if missing or not len(lane):
        what = (
            f"run.record = [{', '.join(missing)}]"
            if missing
            else f"particle {follower.particle} among the recorded ones"
        )
        raise UserError(f"arrows and rates of `{group.label}` need {what}; run the scenario again with them")
    kept = {name: np.asarray(values[:, int(lane[0])], np.float64) for name, values in group.parts.items()}
    position = np.asarray(group.position[:, follower.particle], np.float64)
    record = optimizer(settings.kind)
    own = None
    if record.gradient_weight and "gradient" in kept and not any(each.moves for each in records(settings.wrappers)):
        updates = [max(int(t), 1) for t in group.update]
        weight = np.array([record.gradient_weight(t, follower.rule(t - 1)) for t in updates])
        with np.errstate(over="ignore", invalid="ignore"):
            own = -weight[:, None] * kept["effective_rate"] * kept["gradient"]
    start = kept.get("iterate", position) - kept["movement"]
    return Parts(follower.values, np.asarray(group.update), start, kept["movement"], kept["effective_rate"], own)
