"""Points of models with an input, from a CSV file: what its columns are called, and whether they are standardized."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
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
    return _named(
        record, tuple(record.row._fields if s.data is None else s.columns), tuple(standardized) * s.standardize
    )


@lru_cache(64)
def _named(record: Surface, names: tuple[str, ...], standardized: tuple[str, ...]) -> Surface:
    places = [record.row._fields.index(column) for column in standardized]
    told = tuple(f"{name} (standardized)" if k in places else name for k, name in enumerate(names))
    if not places:
        return replace(record, row_names=told)
    first, second, *_ = signature(record.loss).parameters
    axes = f"{first} (standardized)", f"{second} (standardized)"
    return replace(record, row_names=told, axes=axes, scaled=partial(_standardized, places))


def _standardized(places: Sequence[int], train: Array, test: Array) -> tuple[Array, Array]:
    """Both tables with the columns at some places standardized; sums are exact, so that every machine has the same."""
    train, test = train.copy(), test.copy()
    for k in places:
        mean = fsum(train[:, k].tolist()) / len(train)
        spread = sqrt(fsum(((train[:, k] - mean) ** 2).tolist()) / len(train)) or 1.0
        for table in (train, test):
            table[:, k] = (table[:, k] - mean) / spread
    return train, test


def check_labels(table: Array, file: str, column: str) -> None:
    """Raise DataFileError unless the second column of a table has 0 and 1 only."""
    bad = np.flatnonzero(~np.isin(table[:, 1], (0, 1)))
    if len(bad):
        value = table[bad[0], 1]
        raise DataFileError(
            f"{file}, column `{column}`: every label must be 0 or 1; example {bad[0] + 1:,} has {value:g}"
        )
