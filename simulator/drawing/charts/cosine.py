"""Cosine between the gradient of a batch and that of all examples, along the path of the particles.

Batches are drawn by numpy as the run draws its own: anew for the chart, the same at every frame.  Noise, clipping and
what an optimizer makes of a gradient do not count.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import cosine
from errsurf.drawing.charts._batches import batch_sizes, with_replacement
from errsurf.drawing.charts._particles import measured, median_band
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Marks, Scale
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.window import marks

if TYPE_CHECKING:
    from errsurf.engine.landscape import Landscape

DRAWS, PARTICLES = 40, 32


def titles(_source: Source) -> tuple[str, ...]:
    """Between what, and over what the median goes."""
    return (
        "cosine of batch and full gradient: median, 90% band",
        "cosine of batch and full gradient",
        "cosine to full gradient",
        "cosine",
    )


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over particles and batches; NaN where the full gradient is 0."""
    sizes = batch_sizes(source, k, rows)
    return values_at(source, k, sizes, measured(source, k, rows, DRAWS * int(sizes.max()), PARTICLES))


def values_at(source: Source, k: int, sizes: Ints, points: Array) -> Values:
    """The same for group k at any points, shape (rows, n, 2), with batches of these sizes, (rows,)."""
    replacement = with_replacement(source, k)
    found = np.empty((len(points), DRAWS * points.shape[1]))
    for size in np.unique(sizes).tolist():
        drawn = batches(source, size, replacement=replacement)
        found[sizes == size] = np.concatenate(
            list(_cosines(source.result.landscape, points[sizes == size], drawn)), axis=1
        )
    return median_band(found)


def batches(source: Source, size: int, *, replacement: bool) -> list[Ints]:
    """Forty batches, as indices of examples; single examples are taken in turn."""
    examples = len(source.result.landscape.train)
    draw = np.random.default_rng((source.result.scenario.run_seed, size))
    if size == 1:
        return [np.array([k % examples]) for k in draw.permutation(max(DRAWS, examples))[:DRAWS]]
    return [draw.choice(examples, size, replace=replacement) for _ in range(DRAWS)]


def _cosines(landscape: "Landscape", points: Array, drawn: Sequence[Ints]) -> Iterator[Array]:
    """For each batch, shape (rows, n)."""
    full = landscape.gradient(points, "train")
    for each in drawn:
        yield cosine(landscape.gradient(points, each), full)


def scale(_source: Source, _values: Sequence[Values]) -> Scale:
    """From the opposite direction to the same."""
    return Scale(-1.05, 1.05)


def cosine_marks(_scale: Scale) -> Marks:
    """Opposite, at a right angle, the same."""
    return marks(-1.0, 1.0, 2)


RECORD = ChartKind(titles, values, scale, cosine_marks)
