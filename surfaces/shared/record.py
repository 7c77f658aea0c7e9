"""The record of a surface, with which each file ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Draw(Protocol):
    """Random numbers for a surface that draws its own examples."""

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


class Measured(NamedTuple):
    """Losses (examples, H, W), or (H, W), at the nodes ``x`` (W,) and ``y`` (H,)."""

    x: Array
    y: Array
    loss: Array


class Patch(NamedTuple):
    """A part of an example's table: ``side`` rows of as many coefficients, and their position in it."""

    column: Any
    row: Any
    rows: Any


@dataclass(frozen=True)
class Lookup:
    """Examples with more coefficients than a row can hold: each has a table, of which a formula needs a patch.

    ``coefficients(settings, count, draw)`` are the tables, shape (examples, height, width), drawn from the same
    numbers as ``examples``; a row's field ``example`` is the number of its table.  ``place(x, y, row)`` is column and
    row, whole numbers, of the patch of ``side`` x ``side`` that the formula at (x, y) gets as its fourth argument.
    The place is the same for all examples, and the formula linear in the patch: so the mean of some examples has the
    mean of their tables.  ``size(settings, count)`` is the shape of the tables, known before they are read.
    ``nodes(row, table)`` are where a table's losses were measured, and what they are there.
    """

    coefficients: Callable[[Any, int, Draw], Array]
    place: Callable[[Any, Any, Any], tuple[Any, Any]]
    size: Callable[[Any, int], tuple[int, int, int]]
    nodes: Callable[[Any, Array], "Measured"]
    side: int = 4


@dataclass(frozen=True)
class Surface:
    """An error surface: the formula of a term, and how examples are made of it.

    A term's formula is written for numbers and for NumPy arrays alike; ``loss(x, y, row)`` returns a
    number, ``gradient`` the pair of first derivatives, ``hessian`` the triple (xx, xy, yy).  ``row``
    is a named tuple of coefficients, and tells which of three kinds the surface is:

    * neither ``terms`` nor ``examples``: the formula's row is the settings themselves;
    * ``terms(settings)``: the surface is the sum of the formula over these rows;
    * ``examples(settings, count, draw)``: every example has its own row, from data.

    The first two kinds get the generic examples: a shift, a scale and a tilt for each.  The third gets them
    too if it is ``generic``; the names of its columns then differ from theirs.

    The third kind may have more coefficients than fit a row: a ``lookup``.  ``axes`` are the parameters' names in
    pictures, by default those of the formula's arguments.

    A model of examples with an input and a target, its first two columns, has ``predict(x, y, input)``, the output, for
    pictures; the loss is that of this output.  ``row_names`` are names of its columns in pictures, by default those of
    the row.  Columns that are ``standardized``, place and name of each, are those of both kinds of examples less their
    mean, and over their deviation; ``in_units(x, y, scaling)`` are the parameters for columns as they were, with
    means and deviations in ``scaling`` (2, columns).

    ``critical_points(settings)``, if given, are all in the window of a surface that is one formula; of one made of
    data they are those that stay where they are whatever the examples.

    Formulas may call ``exp``, ``log``, ``log1p``, ``sin``, ``cos``, ``arctan``, ``sinh``, ``cosh``, ``tanh``, ``sqrt``,
    ``floor``, ``minimum``, ``maximum`` and ``where`` of NumPy, ``erf`` of SciPy and functions of their own file, and
    take whole powers up to 16.

    A record whose formula follows from its settings has ``made(settings)``, which gives the record to use in
    its place, or raises SettingsError; its own formula is that of the default settings.
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
    generic: bool = False
    made: Callable[[Any], "Surface"] | None = None
    lookup: Lookup | None = None
    axes: tuple[str, str] | None = None
    predict: Callable[[Any, Any, Any], Any] | None = None
    row_names: tuple[str, ...] | None = None
    standardized: tuple[tuple[int, str], ...] = ()
    in_units: Callable[[Any, Any, Array], tuple[Any, Any]] | None = None
