"""Covariance of the gradient of a fresh batch at theta.

Without replacement ``C / B (N - B) / (N - 1)``, with it ``C / B``; C is the covariance of the N examples' gradients
(Cochran 1977, Sampling Techniques, theorem 2.2).
"""

from typing import Annotated, NamedTuple

from annotated_types import Ge

from errsurf.statistics._record import Array, Part, Statistic, part_of
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which part, of which batch."""

    part: Part
    batch: Annotated[int | None, Ge(1), "examples in it; by default, those of one update of the group"] = None


def values(view: View, settings: Settings) -> Array:
    """The part at each of the ``measured`` particles."""
    return part_of(view.batch_covariance(view.theta[view.measured], settings.batch), settings.part)


RECORD = Statistic("{part} of the covariance of the batch gradient", values, Settings, signed=True)
