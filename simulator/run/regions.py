"""When particles enter and leave regions: from the run, or by another run where it did not count."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import empty_frames
from errsurf.engine.segments import advance_segments
from errsurf.run.paths import walk
from errsurf.run.result import Group, Result
from errsurf.settings.regions import Region
from errsurf.statistics import Passage
from errsurf.system.processors import threads

Integers = NDArray[np.int64]
Loss = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def passage(result: Result, k: int, region: Region | str) -> Passage:
    """When the particles of group ``k`` first entered and left a region, or that of this name, each (particles,).

    Where the run did not count this, as one of an older folder, the group runs again, on the CPU.  Raises KeyError for
    a name that no region of the scenario has.
    """
    region = named(result, region) if isinstance(region, str) else region
    places, group = [each.place for each in result.scenario.regions], result.groups[k]
    if region.place in places and (number := places.index(region.place)) < len(group.entered):
        return Passage(group.entered[number], group.left[number])
    return result.once(("passage", k, region.place), lambda: _again(result, k, region))


def _again(result: Result, k: int, region: Region) -> Passage:
    scenario = replace(result.scenario, region=(*result.scenario.region, region))
    number, last = [each.place for each in scenario.regions].index(region.place), result.groups[k].updates_made
    made = walk(scenario, k, None, last)
    frames = empty_frames(made.plans[0], np.empty(0, np.int64))
    with ThreadPoolExecutor(threads()) as pool:
        advance_segments(made.plans, made.state, last, frames, pool, Event(), lambda _made: None)
    return Passage(*made.state.passages[:, number])


def named(result: Result, name: str) -> Region:
    """The region of this name; KeyError lists the names."""
    for region in result.scenario.region:
        if region.name == name:
            return region
    raise KeyError(f"no region `{name}`; there are {', '.join(f'`{each.name}`' for each in result.scenario.region)}")


def inside(region: Region, points: NDArray[np.float64], loss: Loss) -> NDArray[np.bool_]:
    """Whether points (..., 2) lie in a region; ``loss`` is that of all training examples."""
    if region.at is not None and region.radius is not None:
        away = points - np.array(region.at)
        with np.errstate(over="ignore"):  # of a particle that diverged
            return np.asarray((away**2).sum(axis=-1) <= region.radius**2)
    if region.box is not None:
        low, high = np.array(region.box).T
        return np.asarray(((points >= low) & (points <= high)).all(axis=-1))
    return np.asarray(loss(points) <= (region.loss or 0.0))


def first_passage(inside: NDArray[np.bool_], update: Integers) -> Passage:
    """The first entry and exit of particles that are inside at frames (frames, particles), after ``update`` (frames,).

    Particles that have diverged are not inside.
    """
    left = np.logical_or.accumulate(inside) & ~inside
    return Passage(*(np.where(each.any(axis=0), update[each.argmax(axis=0)], -1) for each in (inside, left)))


def passages_at_frames(group: Group, regions: tuple[Region, ...], loss: Loss) -> Passage:
    """As ``entered`` and ``left`` of a group, of its recorded frames alone."""
    points = np.asarray(group.position, np.float64)
    found = [first_passage(inside(each, points, loss) & group.alive(...), group.update) for each in regions]
    none = np.empty((0, points.shape[1]), np.int64)
    return Passage(*(np.array([each[way] for each in found]) if found else none for way in range(2)))
