"""The search for critical points and basins in another process, from a small part of a run."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import lookup
from errsurf.drawing.scene import told_apart
from errsurf.viewer.tracks import Known
from errsurf.viewer.view_state import ViewState
from errsurf.viewer.worker import SearchResult, search_surface

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

_PARTICLES, _FRAMES = 300, 10


def start_search(state: ViewState) -> None:
    """Start the search, unless the result is known or a search is in progress."""
    scenario = state.moment.result.scenario
    surface = (scenario.surface, scenario.seed)
    if state.searched_surface == surface or state.searches.busy:
        return
    state.searched_surface = surface
    state.searches.ask(
        search_surface,
        few_frames(state.moment.result),
        done=partial(_store, state, surface),
        failed=lambda why: state.notify(f"critical points: {why}"),
    )


def few_frames(result: "Result") -> "Result":
    """The same run with a few frames of a few hundred particles, and without losses."""
    return replace(result, groups=[_few(group) for group in result.groups])


def _store(state: ViewState, surface: object, seen: SearchResult) -> None:
    if state.searched_surface != surface:
        return
    basin_of = partial(lookup, seen.labels, seen.window)
    basins = told_apart(state.moment.result, seen.critical, basin_of, seen.regions)
    several = basins is not None and len(basins.names.order) > 1
    state.known = Known(state.known.window, seen.critical, basins if several else None)
    state.searches.close()


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
