"""The examples of a scenario as tables of coefficients: what kernels and pictures evaluate.

Terms (terms, coefficients) and examples (examples, columns) are two tables, where one of (examples, terms, columns)
would do: so a batch gathers at most five numbers an example, however many terms there are, and a term's coefficients
stay in registers.  A column that is the same for all examples is not gathered.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.portable import rounded
from errsurf.sampling.philox import Draw, Stream
from errsurf.scenario import ExampleSpec
from errsurf.scenario import Surface as ChosenSurface
from errsurf.surfaces import Surface, surface
from errsurf.surfaces.shared.examples import example_fields, generic_examples, is_generic
from errsurf.surfaces.shared.points import scaling
from errsurf.surfaces.shared.record import Lookup

Table = NDArray[np.float64]


class Problem(NamedTuple):
    """A surface with its numbers: ``terms`` (terms, coefficients), ``train`` and ``test`` (examples, columns).

    With a lookup ``terms`` are the examples' tables (examples, height, width).  ``rounding`` is that of its kernels.
    ``scaling`` are the means and deviations (2, columns) by which the examples were standardized.
    """

    kind: str
    surface: Surface
    terms: Table
    train: Table
    test: Table
    rounding: str = "fast"
    scaling: Table | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the example tables."""
        return example_fields(self.surface)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns as pictures name them."""
        names = self.surface.row_names or ()
        return (*names, *self.columns[len(names) :])


def problem(chosen: ChosenSurface, seed: int, rounding: str = "fast") -> Problem:
    """Draw the training and test examples of a surface; a pure function of its settings and the seed.

    ``rounding`` is "fast" or "portable", as ``[run] rounding``; ``Scenario.drawn_from`` are the arguments.
    """
    record = surface(chosen.kind, chosen.settings)
    if record.generic and not any(_moved(draws) for draws in (chosen.train, chosen.test)):
        record = replace(record, generic=False)
    train, test = (
        _examples(record, draws, Draw(seed, stream, rounding), rounding) for draws, stream in _streams(chosen)
    )
    scales = scaling(train, [place for place, _ in record.standardized]) if record.standardized else None
    if scales is not None:
        train, test = ((table - scales[0]) / scales[1] for table in (train, test))
    if record.lookup:
        return _measured(chosen, record, record.lookup, seed, train, test, rounding)
    return Problem(chosen.kind, record, _terms(record, chosen.settings, rounding), train, test, rounding, scales)


def mean_table(problem: Problem, rows: Table) -> tuple[Table, Table]:
    """One row with one table, the mean of those of some examples of a surface with a lookup."""
    number = problem.columns.index("example")
    mean: Table = sum(problem.terms[example] for example in rows[:, number].astype(int)) / len(rows)
    row = rows[:1].copy()
    row[:, number] = 0
    return row, mean[None]


def _streams(chosen: ChosenSurface) -> tuple[tuple[ExampleSpec, Stream], ...]:
    return (chosen.train, Stream.TRAIN), (chosen.test, Stream.TEST)


def _measured(
    chosen: ChosenSurface, record: Surface, lookup: Lookup, seed: int, train: Table, test: Table, rounding: str
) -> Problem:
    """The tables of the training examples and, behind them, those of the test examples, unless they are the same."""
    first, second = (
        lookup.coefficients(draws.settings, draws.examples, Draw(seed, stream, rounding))
        for draws, stream in _streams(chosen)
    )
    if np.array_equal(first, second):
        return Problem(chosen.kind, record, first, train, test, rounding)
    height, width = np.maximum(first.shape[1:], second.shape[1:])
    joined = np.zeros((len(train) + len(test), height, width))
    for table, place in ((first, joined[: len(train)]), (second, joined[len(train) :])):
        place[:, : table.shape[1], : table.shape[2]] = table
    test[:, example_fields(record).index("example")] += len(train)
    return Problem(chosen.kind, record, joined, train, test, rounding)


def _terms(record: Surface, settings: Any, rounding: str) -> Table:
    if record.examples:
        return np.zeros((1, 1))
    return np.array(rounded(record.terms, rounding)(settings) if record.terms else [settings], np.float64)


def _moved(draws: ExampleSpec) -> bool:
    """Whether examples are shifted, scaled or tilted."""
    return draws[2:] != ExampleSpec(0, None)[2:]


def _examples(record: Surface, draws: ExampleSpec, draw: Draw, rounding: str) -> Table:
    own = [rounded(record.examples, rounding)(draws.settings, draws.examples, draw)] if record.examples else []
    if is_generic(record):
        count = len(own[0]) if own else draws.examples
        generic = rounded(generic_examples, rounding)
        own.append(generic(count, draw, draws.shift, draws.offset, draws.scale, draws.tilt))
    return np.hstack(own)
