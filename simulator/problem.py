"""The examples of a scenario as tables of coefficients: what kernels and pictures evaluate."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.philox import Draw, Stream
from simulator.scenario import Draws
from simulator.scenario import Surface as ChosenSurface
from surfaces import Surface, surface
from surfaces._examples import Example, generic_examples

Table = NDArray[np.float64]


class Problem(NamedTuple):
    """A surface with its numbers: ``terms`` (terms, coefficients), ``train`` and ``test`` (examples, columns)."""

    kind: str
    surface: Surface
    terms: Table
    train: Table
    test: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the example tables."""
        row: Any = self.surface.row if self.surface.examples else Example
        return tuple(row._fields)


def problem(chosen: ChosenSurface, seed: int) -> Problem:
    """Draw the training and test examples of a surface; a pure function of its settings and the seed."""
    record = surface(chosen.kind)
    train = _examples(record, chosen.train, Draw(seed, Stream.TRAIN))
    test = _examples(record, chosen.test, Draw(seed, Stream.TEST))
    return Problem(chosen.kind, record, _terms(record, chosen.settings), train, test)


def _terms(record: Surface, settings: Any) -> Table:
    if record.examples:
        return np.zeros((1, 1))
    return np.array(record.terms(settings) if record.terms else [settings], np.float64)


def _examples(record: Surface, draws: Draws, draw: Draw) -> Table:
    if record.examples:
        return record.examples(draws.settings, draws.examples, draw)
    return generic_examples(draws.examples, draw, draws.shift, draws.offset, draws.scale, draws.tilt)
