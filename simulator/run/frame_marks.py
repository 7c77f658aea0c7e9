"""After which updates a run has frames."""

import numpy as np
from numpy.typing import NDArray

from errsurf.scenario import Scenario
from errsurf.scenario.scenario import total_updates


def frame_updates(scenario: Scenario, updates: int, longest: int) -> NDArray[np.int64]:
    """The number of updates before each of the run's frames; groups with few updates repeat some."""
    frames = _frames(scenario, longest)
    if scenario.run.frame_spacing == "even":
        return np.round(np.linspace(0, updates, frames)).astype(np.int64)
    share = np.expm1(np.linspace(0.0, 1.0, frames) * np.log1p(longest)) / longest
    return np.asarray(np.round(share * updates).astype(np.int64))


def marks_between(scenario: Scenario, updates: int, longest: int, first: int, last: int) -> NDArray[np.int64]:
    """The updates after ``first``, up to ``last``, before which the run has a frame, or would if it went on."""
    if scenario.run.frame_spacing == "log":
        marks = frame_updates(scenario, updates, longest)
        apart = max(1, int(marks[-1] - marks[-2]))
        marks = np.concatenate([marks, np.arange(marks[-1] + apart, last + 1, apart)])
    else:
        spacing = updates / (_frames(scenario, longest) - 1)
        marks = np.round(np.arange(int(first / spacing), int(last / spacing) + 2) * spacing).astype(np.int64)
    marks = np.unique(marks)
    return marks[(marks > first) & (marks <= last)]


def _frames(scenario: Scenario, longest: int) -> int:
    return longest + 1 if scenario.run.frames == "all" else min(int(scenario.run.frames), longest + 1)


def longest_group(scenario: Scenario) -> int:
    """The largest number of updates of a group."""
    return max(total_updates(scenario.run, group, scenario.surface.train.examples) for group in scenario.optimizer)
