"""Points of a surface of standardized examples, in the units that the examples had."""

from collections.abc import Iterator, Sequence
from inspect import signature

from errsurf.analysis import Critical
from errsurf.engine.examples import Problem
from errsurf.engine.landscape import Landscape
from errsurf.surfaces.shared.line_columns import scaling_text
from errsurf.system.numbers import number_text


def scalings(problem: Problem) -> dict[str, tuple[float, float]]:
    """Mean and deviation of each column that is standardized, by its name."""
    if problem.scaling is None:
        return {}
    return {name: tuple(problem.scaling[:, k].tolist()) for k, name in problem.surface.standardized}


def in_units(problem: Problem, x: float, y: float) -> dict[str, float]:
    """The two parameters at a point for examples that are not standardized; nothing where that is not known."""
    record = problem.surface
    if problem.scaling is None or record.in_units is None:
        return {}
    first, second, *_ = signature(record.loss).parameters
    found = record.in_units(x, y, problem.scaling)
    return dict(zip((first, second), map(float, found), strict=True))


def unit_lines(landscape: Landscape, points: Sequence[Critical], names: Sequence[str]) -> Iterator[str]:
    """By what columns are standardized, and where points called ``names`` are without that."""
    for column, (mean, deviation) in scalings(landscape.problem).items():
        yield f"{column} is standardized: {scaling_text(mean, deviation)}"
    for name, point in zip(names, points, strict=False):
        found = in_units(landscape.problem, point.x, point.y)
        if found:
            values = ", ".join(f"{key} = {number_text(value)}" for key, value in found.items())
            yield f"{name}, for columns as they were: {values}"
