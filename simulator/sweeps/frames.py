"""Rows of a sweep as a pandas DataFrame and as a Parquet file, for those who have these packages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from errsurf.measures.rows import Cell
from errsurf.run.extras import check_extra
from errsurf.system.atomic_write import whole_file


def dataframe(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str]) -> Any:
    """The rows as a DataFrame, in which the values of a column are of one kind."""
    found = list(rows)
    columns_of = {key: _column([row.get(key) for row in found]) for key in columns}
    return check_extra("pandas").DataFrame(columns_of, columns=list(columns))


def write_parquet(rows: Sequence[Mapping[str, Cell]], names: Sequence[str], file: Path) -> None:
    """The rows as a Parquet file: a column of numbers only has numbers, any other has texts."""
    arrow, parquet = check_extra("pyarrow"), check_extra("pyarrow.parquet")
    found = list(rows)
    columns = {key: _column([row.get(key) for row in found]) for key in names}
    with whole_file(file) as stream:
        parquet.write_table(arrow.table(columns), stream)


def _column(values: list[Cell]) -> list[Cell]:
    """The values of a column, all of one kind."""
    known = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in known):
        return [None if value is None else str(value) for value in values]
    if any(isinstance(value, float) for value in known):
        return [None if value is None else float(value) for value in values]
    return values
