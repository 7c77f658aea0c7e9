"""What another process finds out: critical points and basins, and whether the claims hold once the run is over."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import lookup
from errsurf.drawing.scene import told_apart
from errsurf.scenario.frame_marks import marks_between
from errsurf.scenario.scenario import total_updates
from errsurf.viewer.tracks import Known
from errsurf.viewer.view_state import ViewState
from errsurf.viewer.worker import SearchResult, claim_verdicts, search_surface

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

_PARTICLES, _FRAMES = 300, 10
_MOST_BYTES = 1 << 28


def start_search(state: ViewState) -> None:
    """Start the search, unless the result is known or a search is in progress."""
    scenario = state.moment.result.scenario
    surface = scenario.drawn_from
    if state.searched_surface == surface or state.searches.busy:
        return
    state.searched_surface = surface
    state.searches.ask(
        search_surface,
        few_frames(state.moment.result),
        done=partial(_store, state, surface),
        failed=lambda why: state.notify(f"critical points: {why}"),
    )


def check_claims(state: ViewState) -> None:
    """Check the claims of a run that is over and was not changed, unless that was done or is in progress."""
    moment, now = state.moment, state.live.now()
    scenario = now.result.scenario
    if state.verdicts or not scenario.claim or now.clock < now.end or not now.exact or state.searches.busy:
        return
    size = sum(group.position.nbytes for group in now.result.groups)
    if state.searched_surface is None or size > _MOST_BYTES or moment.generation != now.generation:
        return
    state.verdicts = ("",) * len(scenario.claim)

    def store(verdicts: tuple[str, ...]) -> None:
        if state.claims == scenario.claim:
            state.verdicts = verdicts
        state.searches.close()

    state.searches.ask(
        claim_verdicts,
        _own_frames(now.result),
        done=store,
        failed=lambda why: state.notify(f"claims: {why}"),
    )


def _own_frames(result: "Result") -> "Result":
    """The run with the frames that its scenario records: the window records more."""
    scenario = result.scenario
    totals = [total_updates(scenario.run, group, scenario.surface.train.examples) for group in scenario.optimizer]

    def own(group: "Group", total: int) -> "Group":
        marks = np.append(0, marks_between(scenario, total, max(totals), 0, total))
        frames = np.flatnonzero(np.isin(group.update, np.append(marks, total)))
        names = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss")
        parts = {name: part[frames] for name, part in group.parts.items()}
        return replace(group, parts=parts, **{name: getattr(group, name)[frames] for name in names})

    return replace(result, groups=[own(*each) for each in zip(result.groups, totals, strict=True)])


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
