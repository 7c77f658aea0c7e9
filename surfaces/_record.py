"""What errsurf knows of one surface.  Each formula file ends with one such record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Draw(Protocol):
    """Random numbers handed to a surface that draws its own examples."""

    def normal(self, *shape: int) -> Array:
        """Independent standard normal numbers of the given shape."""

    def uniform(self, *shape: int) -> Array:
        """Independent numbers from [0, 1) of the given shape."""


@dataclass(frozen=True)
class CriticalPoint:
    """A point of zero gradient: ``kind`` is ``minimum``, ``saddle`` or ``maximum``."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class Surface:
    """One error surface: the formula of a term, and what surrounds it.

    A term's formula is written for numbers and for NumPy arrays alike; ``loss(x, y, row)`` returns a
    number, ``gradient`` the pair of first derivatives, ``hessian`` the triple (xx, xy, yy).  ``row``
    is a named tuple of coefficients, and tells which of three kinds the surface is:

    * neither ``terms`` nor ``examples``: the formula's row is the settings themselves;
    * ``terms(settings)``: the surface is the sum of the formula over these rows;
    * ``examples(settings, count, draw)``: every example has its own row, from data.

    The first two kinds get the generic examples: a shift, a scale and a tilt for each.
    """

    formula: str
    reference: str
    settings: type[Any]
    loss: Callable[..., Any]
    gradient: Callable[..., Any]
    hessian: Callable[..., Any]
    window: tuple[tuple[float, float], tuple[float, float]]
    row: type[Any]
    terms: Callable[[Any], Sequence[Any]] | None = None
    examples: Callable[[Any, int, Draw], Array] | None = None
    critical_points: Callable[[Any], Sequence[CriticalPoint]] | None = None
