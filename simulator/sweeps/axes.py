"""What a sweep varies: keys of the scenario, each with the values that it takes."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import NamedTuple

from errsurf.errors import UserError, reason
from errsurf.settings.value_lists import Value, listed_values, read_value, value_word
from errsurf.system.numbers import counted
from errsurf.system.text import printable

MOST_CELLS = 1_000_000
MAX_BYTES = 1 << 26
SEED = "seed"
SEPARATORS = {";": "semicolons", "\t": "tabs"}


class Axis(NamedTuple):
    """A key, as ``--set`` takes it, and its values; None leaves the scenario's own.

    Examples:
        >>> import errsurf
        >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": [0.01, 0.1]}, changes={"swarm.particles": 16})
        >>> found.axes
        (Axis(key='optimizer.lr', values=(0.01, 0.1)),)
    """

    key: str
    values: tuple[Value | None, ...]


Block = tuple[Axis, ...]
"""Axes of one length that take their next value together."""


def read_axis(text: str) -> tuple[str, str]:
    """Key and values of ``KEY=VALUES``; raises UserError."""
    key, equals, values = text.partition("=")
    if not equals or not key.strip():
        raise UserError(f"--vary {text}: must look like KEY=VALUES, for example optimizer.lr=0.01,0.1")
    return key.strip(), values.strip()


def axes_of(varied: Mapping[str, object]) -> Block:
    """The axes of keys with their values, texts or lists; raises UserError that names the key."""
    found = []
    for key, given in varied.items():
        try:
            found.append(Axis(key, listed_values(given)))
        except UserError as error:
            raise UserError(f"{printable(str(key), 80)}: {error}") from None
    return tuple(found)


def blocks_of(axes: Block, listed: Block = (), *, zipped: bool = False, seeds: Sequence[int] = ()) -> tuple[Block, ...]:
    """The blocks whose product are the cells, the last one changing fastest; raises UserError.

    ``listed`` is one block, of a file of cells; ``axes`` are one block each or, if ``zipped``, one together.
    """
    parts = [listed] if listed else []
    parts += ([axes] if axes else []) if zipped else [(axis,) for axis in axes]
    if len(seeds) > 1:
        parts.append((Axis(SEED, tuple(seeds)),))
    return checked_blocks(parts)


def checked_blocks(parts: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; raises UserError for keys or values given twice, different lengths, and too many cells."""
    _check_keys([axis.key for block in parts for axis in block])
    for block in parts:
        if len(block) == 1 and (again := _again(block[0].values)):
            raise UserError(f"{printable(block[0].key, 80)}: {again} is given twice")
        if len({len(axis.values) for axis in block}) > 1:
            counts = ", ".join(f"{axis.key} has {len(axis.values):,}" for axis in block)
            raise UserError(f"--zip: keys have different numbers of values: {counts}")
    _check_count([len(block[0].values) for block in parts])
    return tuple(parts)


def _check_keys(keys: Sequence[str]) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if SEED in twice:
        raise UserError("seed: it is varied, and --seeds is given too; allowed: one of them")
    if twice:
        raise UserError(f"{printable(twice[0], 80)}: varied twice; give all of its values at once")


def _again(values: Sequence[Value | None]) -> str:
    """The first value that was given before; empty if there is none."""
    words = [value_word(value) for value in values]
    return next((printable(word, 60) for word, count in Counter(words).items() if count > 1), "")


def _check_count(lengths: Sequence[int]) -> None:
    if (count := prod(lengths)) > MOST_CELLS:
        words = " x ".join(f"{length:,}" for length in lengths)
        raise UserError(f"{count:,} cells ({words}); allowed: up to {MOST_CELLS:,} in one sweep")


def cells_file(file: Path) -> Block:
    """The cells of a CSV file: keys in its first line, then one cell a line; raises UserError.

    An empty field leaves the scenario's own value.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UserError(f"{file}: larger than a file of cells may be, {MAX_BYTES:,} bytes")
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(_lines(stream, file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{file}: cannot be read: {_why(error)}") from None
    if len(lines) < 2:
        raise UserError(f"{file}: needs a line of keys, such as optimizer.lr,optimizer.batch, and a line for each cell")
    (_, keys), *rows = lines
    if other := next((name for sign, name in SEPARATORS.items() if len(keys) == 1 and sign in keys[0]), ""):
        raise UserError(f"{file}: line 1: keys are separated by {other}; allowed: commas")
    _check_keys(keys)
    for line, row in rows:
        if len(row) != len(keys):
            raise UserError(f"{file}: line {line}: {counted(len(row), 'value')} for {counted(len(keys), 'key')}")
    columns = zip(*(row for _, row in rows), strict=True)
    return tuple(
        Axis(key, tuple(read_value(text) if text else None for text in column))
        for key, column in zip(keys, columns, strict=True)
    )


def _why(error: OSError | UnicodeDecodeError | csv.Error) -> str:
    """Why a file of cells cannot be read, in words."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return reason(error) if isinstance(error, OSError) else f"it is not CSV ({error})"


def _lines(stream: Iterator[str], file: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers."""
    reader = csv.reader(stream, skipinitialspace=True, strict=True)
    for row in reader:
        fields = [field.strip() for field in row]
        if not any(fields):
            continue
        if not all(fields) and reader.line_num == 1:
            raise UserError(f"{file}: line 1: an empty key")
        yield reader.line_num, fields
