"""Every surface found in the folder with two sets of settings, and points to evaluate it at."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.own_records.surfaces import mean, parts, points
from errsurf.surfaces import Surface, surface, surface_names
from helpers.lookup_reference import of_three_arguments

__all__ = ["NAMES", "Array", "cases", "mean", "other", "parts", "points", "rows"]

Array = NDArray[np.float64]
# Kernels that look tables up have tests of their own.
NAMES = [name for name in surface_names() if surface(name).lookup is None]


class Numbers:
    """Seeded random numbers in the form that surfaces ask for."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(5)

    def normal(self, *shape: int) -> Array:
        return self.generator.standard_normal(shape)

    def uniform(self, *shape: int) -> Array:
        return self.generator.random(shape)


def other(settings: Any) -> Any:
    """The same settings with other numbers, none of them 0 or 1."""
    return settings._replace(**{k: 1.3 * v + 0.1 for k, v in settings._asdict().items() if type(v) is float})


def rows(record: Surface, settings: Any, examples: int = 4) -> list[Any]:
    """The formula's rows under these settings, at most a few."""
    if record.terms is not None:
        return list(record.terms(settings))
    if record.examples is not None:
        return [record.row(*row) for row in record.examples(settings, examples, Numbers()).tolist()]
    return [settings]


def cases() -> list[Any]:
    """Records and rows, with the default settings and with others."""
    return [
        pytest.param(of_three_arguments(record, settings, 4, Numbers()), row, id=f"{name}-{label}-{k}")
        for name, record in ((name, surface(name)) for name in surface_names())
        for label, settings in (("default", record.settings()), ("other", other(record.settings())))
        for k, row in enumerate(rows(record, settings))
    ]
