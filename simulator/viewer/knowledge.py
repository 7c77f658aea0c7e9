"""What is found out about the surface in another process, and what small part of a run that takes."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import lookup
from errsurf.drawing.landmarks import basins
from errsurf.viewer.show import Show
from errsurf.viewer.studio import Found, found
from errsurf.viewer.tracks import Known

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

_PARTICLES, _FRAMES = 300, 10


def seek(show: Show) -> None:
    """Have critical points and basins found, unless they are known or looked for."""
    scenario = show.moment.result.scenario
    surface = (scenario.surface, scenario.seed)
    if show.sought == surface or show.searches.busy:
        return
    show.sought = surface
    show.searches.ask(
        found,
        few_frames(show.moment.result),
        done=partial(_know, show, surface),
        failed=lambda why: show.say(f"critical points: {why}"),
    )


def few_frames(result: "Result") -> "Result":
    """The same run with a few frames of a few hundred particles, and without losses: where it goes, in short."""
    return replace(result, groups=[_few(group) for group in result.groups])


def _know(show: Show, surface: object, seen: Found) -> None:
    if show.sought != surface:
        return
    told_apart = basins(seen.critical)
    if told_apart is not None and len(told_apart.names) < 2:
        told_apart = None
    basin_of = partial(lookup, seen.labels, seen.window) if told_apart else None
    show.known = Known(show.known.window, seen.critical, told_apart, basin_of)
    show.searches.close()


def _few(group: "Group") -> "Group":
    frames = np.unique(np.linspace(0, len(group.update) - 1, _FRAMES).astype(np.int64))
    every = -(-group.position.shape[1] // _PARTICLES)
    none = group.train_loss[frames][:, :0]
    return replace(
        group,
        update=group.update[frames],
        examples_seen=group.examples_seen[frames],
        lr=group.lr[frames],
        position=np.ascontiguousarray(group.position[frames][:, ::every]),
        loss_particles=group.loss_particles[:0],
        train_loss=none,
        test_loss=none,
        diverged=np.ascontiguousarray(group.diverged[::every]),
        watched=group.watched[:0],
        parts={},
    )
