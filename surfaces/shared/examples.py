"""The generic examples: what turns one formula into many losses that disagree.

``loss_i(theta) = scale_i f(theta - shift_i) + tilt_i . theta``, with ``mean(tilt) = 0`` and
``mean(scale) = 1``, so without shifts the mean surface is f itself.
"""

from typing import NamedTuple

import numpy as np

from errsurf.surfaces.shared.record import Array, Draw, Surface


class Example(NamedTuple):
    """One generic example's row."""

    shift_x: float
    shift_y: float
    scale: float
    tilt_x: float
    tilt_y: float


def is_generic(surface: Surface) -> bool:
    """Whether a surface's examples have a shift, a scale and a tilt."""
    return surface.generic or surface.examples is None


def example_fields(surface: Surface) -> tuple[str, ...]:
    """Names of the columns of an example table: those of its own rows, then those of the generic examples."""
    own: tuple[str, ...] = tuple(surface.row._fields) if surface.examples else ()
    return own + (Example._fields if is_generic(surface) else ())


def generic_examples(
    count: int, draw: Draw, shift: float, offset: tuple[float, float], scale: float, tilt: float
) -> Array:
    """Rows of generic examples, shape (count, 5).

    ``shift`` and ``tilt`` are standard deviations, ``offset`` moves all examples alike, ``scale`` is a
    geometric standard deviation.  Tilts sum to zero and factors have mean one, to rounding.
    """
    table = np.empty((count, len(Example._fields)))
    table[:, 0:2] = np.asarray(offset) + shift * draw.normal(count, 2)
    factors = scale ** draw.normal(count)
    table[:, 2] = factors / factors.mean()
    tilts = tilt * draw.normal(count, 2)
    table[:, 3:5] = tilts - tilts.mean(axis=0)
    return table
