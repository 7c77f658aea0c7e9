"""Share of all particles within a radius of a point, over the clock: how long they stay near a saddle.

``picture.near`` says of which point; unless it does, it is the saddle nearest to the start.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, share_marks
from errsurf.drawing.history.frames import Ints
from errsurf.scenario.picture_tables import Near
from errsurf.system.numbers import drawn_number

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result


class Disc(NamedTuple):
    """A point, how far from it particles are near, and what it is called."""

    centre: tuple[float, float]
    radius: float
    name: str


def disc(result: "Result", critical: Sequence["Critical"]) -> Disc | None:
    """The scenario's, or else a quarter of the way from a saddle to the next critical point; None without a saddle."""
    wanted = result.scenario.picture.near or Near()
    points = [(float(each.x), float(each.y)) for each in critical]
    saddles = [point for each, point in zip(critical, points, strict=True) if each.kind == "saddle"]
    start = np.median(np.asarray(result.groups[0].position[0], dtype=np.float64), axis=0)
    centre = wanted.at or min(saddles, key=lambda point: float(np.hypot(*(start - point))), default=None)
    if centre is None:
        return None
    apart = np.array([np.hypot(*np.subtract(point, centre)) for point in points])
    width = float(np.ptp(result.landscape.window[0]))
    quarter = 0.25 * float(np.min(apart[apart > 1e-3 * width], initial=0.4 * width))
    at_saddle = any(np.hypot(*np.subtract(point, centre)) < 1e-3 * width for point in saddles)
    name = "the saddle" if at_saddle else f"({drawn_number(centre[0])}, {drawn_number(centre[1])})"
    return Disc(centre, wanted.radius or float(f"{quarter:.2g}"), name)


def titles(source: Source) -> tuple[str, ...]:
    """Near to what, and how near."""
    found = disc(source.result, source.critical)
    assert found
    within = f"within {drawn_number(found.radius)} of {found.name}"
    return f"share of the particles {within}", f"share {within}", f"share near {found.name}"


def values(source: Source, k: int, rows: Ints) -> Values:
    """Diverged particles are nowhere near."""
    found, group = disc(source.result, source.critical), source.groups[k]
    assert found
    return Values(np.array([_share(group.position[f], group.alive(f), found) for f in source.histories[k].frame[rows]]))


def _share(points: NDArray[np.floating], going: NDArray[np.bool_], near: Disc) -> float:
    away = np.asarray(points, np.float64) - near.centre
    return float(np.mean((np.hypot(away[:, 0], away[:, 1]) <= near.radius) & going))


def scale(source: Source, _values: Sequence[Values]) -> Scale:
    """From none to all or, as a logarithm, from less than one particle."""
    if (source.result.scenario.picture.near or Near()).log:
        return Scale(min(0.7 / source.histories[0].particles, 0.05), 1.3, True)
    return Scale(-0.02, 1.02)


def has_point(result: "Result", critical: Sequence["Critical"]) -> bool:
    """Whether there is a saddle, or the scenario names a point."""
    return disc(result, critical) is not None


RECORD = ChartKind(
    titles, values, scale, share_marks, possible=has_point, needs="a saddle, or a point that the scenario names"
)
