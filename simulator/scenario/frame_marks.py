"""After which updates a run has frames."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from errsurf.scenario.scenario import Run, Scenario, total_updates
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding


def frame_updates(scenario: Scenario, updates: int, longest: int) -> NDArray[np.int64]:
    """The number of updates before each of the run's frames; groups with few updates repeat some.

    The group makes so many ``updates``, the ``longest`` one of the run so many.
    """
    if isinstance(scenario.run.frames, tuple):
        listed = np.unique([0, *scenario.run.frames, longest]).astype(np.int64)
        found: NDArray[np.int64] = np.minimum(listed, updates)
        return found
    frames = frame_count(scenario.run, longest)
    if scenario.run.frame_spacing == "even":
        return np.round(np.linspace(0, updates, frames)).astype(np.int64)
    share = np.expm1(np.linspace(0.0, 1.0, frames) * np.log1p(longest)) / longest
    return np.asarray(np.round(share * updates).astype(np.int64))


def marks_between(scenario: Scenario, updates: int, longest: int, first: int, last: int) -> NDArray[np.int64]:
    """The updates after ``first``, up to ``last``, before which the run has a frame, or would if it went on."""
    if scenario.run.frame_spacing == "log" or isinstance(scenario.run.frames, tuple):
        marks = frame_updates(scenario, updates, longest)
        apart = max(1, int(marks[-1] - marks[-2]))
        marks = np.concatenate([marks, np.arange(marks[-1] + apart, last + 1, apart)])
    else:
        spacing = updates / (frame_count(scenario.run, longest) - 1)
        marks = np.round(np.arange(int(first / spacing), int(last / spacing) + 2) * spacing).astype(np.int64)
    marks = np.unique(marks)
    return marks[(marks > first) & (marks <= last)]


def frame_count(run: Run, longest: int) -> int:
    """Frames of a run whose longest group makes so many updates."""
    if isinstance(run.frames, tuple):
        return len({0, *run.frames, longest})
    return longest + 1 if run.frames == "all" else min(int(run.frames), longest + 1)


def last_frame(scenario: Scenario, updates: int, longest: int, moment: int) -> int:
    """Updates at the last frame up to a moment of a group; the other arguments are as for ``frame_updates``."""
    if scenario.run.frames == "all":
        return moment
    if isinstance(scenario.run.frames, int) and scenario.run.frame_spacing == "even":
        gaps = frame_count(scenario.run, longest) - 1
        places = range(min(int((moment + 1) * gaps / updates), gaps), -1, -1)
        return next(found for place in places if (found := round(updates * place / gaps)) <= moment)
    marks = frame_updates(scenario, updates, longest)
    return int(marks[np.searchsorted(marks, moment, side="right") - 1])


def longest_group(scenario: Scenario) -> int:
    """The largest number of updates of a group."""
    return max(total_updates(scenario.run, group, scenario.surface.train.examples) for group in scenario.optimizer)


def frame_findings(scenario: Scenario) -> Iterator[Finding]:
    """Listed frames after the end of the run, and a spacing of listed ones."""
    frames, longest = scenario.run.frames, longest_group(scenario)
    if isinstance(frames, tuple):
        if frames[-1] > longest:
            words = f"up to the run's {longest:,} updates"
            yield Finding(("run", "frames"), "a frame after the end of the run", value_text(frames[-1]), words)
        if scenario.run.frame_spacing != "even":
            problem = "listed frames have a spacing of their own"
            yield Finding(
                ("run", "frame_spacing"), problem, value_text(scenario.run.frame_spacing), "a number of frames"
            )
