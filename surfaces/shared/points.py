"""Points of models with an input, from a CSV file: what its columns are called, and whether they are standardized."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from inspect import signature
from math import fsum, sqrt
from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Len

from errsurf.errors import DataFileError
from errsurf.records.names import cut, listed
from errsurf.surfaces.shared.record import Array, Surface
from errsurf.surfaces.shared.table import LONGEST, csv_columns, csv_header

_NAME = Len(1, 80)
Standardize = Annotated[
    bool, "each column less its mean, and over its standard deviation; both are those of the training examples"
]
OTHERS = "other names of the file's columns"


class InputTarget(NamedTuple):
    """Columns of a regression."""

    input: Annotated[str, _NAME, "column of the inputs"] = "input"
    target: Annotated[str, _NAME, "column of the targets"] = "target"


class InputLabel(NamedTuple):
    """Columns of a classification."""

    input: Annotated[str, _NAME, "column of the inputs"] = "input"
    label: Annotated[str, _NAME, "column of the labels"] = "label"


def points(file: str, columns: Any) -> Array:
    """Rows of a CSV file's columns, shape (rows, 2); raises DataFileError, with the names that its header has."""
    header = csv_header(file)
    missing = [name for name in columns if name not in header]
    spare = list(dict.fromkeys(each for each in header if each not in columns))
    if missing and len(spare) >= len(missing):
        meant = dict(zip(missing, spare, strict=False))
        named = [meant.get(name, name) for name in columns]
        inside = ", ".join(f'{key} = "{cut(name, LONGEST)}"' for key, name in zip(columns._fields, named, strict=True))
        lacking = " and no ".join(f"`{cut(name, LONGEST)}`" for name in missing)
        raise DataFileError(
            f"{file}, line 1: no column {lacking}; the header has {listed(header)}; say which, such as "
            f"columns = {{ {inside} }}"
        )
    return csv_columns(file, columns)


def named(record: Surface, s: Any, standardized: Sequence[str]) -> Surface:
    """The record as pictures name it with these settings, which standardizes some columns of its row if asked to."""
    if s.data is None and not s.standardize:
        return record
    return with_columns(
        record, tuple(record.row._fields if s.data is None else s.columns), tuple(standardized) * s.standardize
    )


@lru_cache(64)
def with_columns(record: Surface, names: tuple[str, ...], standardized: tuple[str, ...]) -> Surface:
    """The record with names of its columns, and with some fields of its row standardized."""
    places = [record.row._fields.index(column) for column in standardized]
    told = tuple(f"{name} (standardized)" if k in places else name for k, name in enumerate(names))
    if not places:
        return replace(record, row_names=told)
    first, second, *_ = record.axes or signature(record.loss).parameters
    axes = f"{first} (standardized)", f"{second} (standardized)"
    return replace(record, row_names=told, axes=axes, standardized=tuple((k, names[k]) for k in places))


def scaling(train: Array, places: Sequence[int]) -> Array:
    """Mean and standard deviation of columns, shape (2, columns); 0 and 1 of those at other places.

    Sums are exact, so that every machine has the same; the deviation of a constant column is taken for 1.
    """
    found = np.array([np.zeros(train.shape[1]), np.ones(train.shape[1])])
    for k in places:
        mean = fsum(train[:, k].tolist()) / len(train)
        found[:, k] = mean, sqrt(fsum(((train[:, k] - mean) ** 2).tolist()) / len(train)) or 1.0
    return found


def line_in_units(w: Any, b: Any, scaling: Array) -> tuple[Any, Any]:
    """Slope and intercept of a line through standardized columns, in the units that the columns had."""
    (mean, level), (spread, size) = scaling[:, :2]
    slope = w * size / spread
    return slope, level + size * b - slope * mean


def check_labels(table: Array, file: str, column: str) -> None:
    """Raise DataFileError unless the second column of a table has 0 and 1 only."""
    bad = np.flatnonzero(~np.isin(table[:, 1], (0, 1)))
    if len(bad):
        value = table[bad[0], 1]
        raise DataFileError(
            f"{file}, column `{column}`: every label must be 0 or 1; example {bad[0] + 1:,} has {value:g}"
        )
