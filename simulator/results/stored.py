"""Files of a result folder, which are not trusted: checked before anything is allocated."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from errsurf.errors import StoredError, reason
from errsurf.surfaces.shared.npz import array_header
from errsurf.system.memory import available_memory, in_words

MAX_TABLE_BYTES = 1 << 26


@contextmanager
def opened(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Open a regular file of a folder for reading; errors while it is open become StoredError."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise StoredError(f"{name}: points outside the folder")
        with open(path, "rb", opener=_at_once) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise StoredError(f"{name}: is not a regular file")
            yield file
    except (OSError, RuntimeError) as error:
        raise StoredError(f"{name}: {reason(error) if isinstance(error, OSError) else 'is a loop of links'}") from None


def _at_once(path: str, flags: int) -> int:
    """Open a file; a named pipe without waiting for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def stored_table(folder: Path, name: str) -> dict[str, Any]:
    """The table of a JSON file."""
    with opened(folder, name) as file:
        text = file.read(MAX_TABLE_BYTES + 1)
    if len(text) > MAX_TABLE_BYTES:
        raise StoredError(f"{name}: is larger than {in_words(MAX_TABLE_BYTES)}")
    try:
        found = json.loads(text)
    except RecursionError:
        raise StoredError(f"{name}: is nested too deep") from None
    except ValueError as error:
        raise StoredError(f"{name}: is not JSON: {str(error)[:100]}") from None
    if not isinstance(found, dict):
        raise StoredError(f"{name}: holds no table")
    return found


def stored_array(
    folder: Path,
    name: str,
    shape: Sequence[int | range],
    dtype: DTypeLike,
    *,
    mapped: bool = False,
    first: int | None = None,
) -> NDArray[Any]:
    """The numbers of a .npy file of this type and shape, or of one in these ranges; in memory, or memory-mapped.

    Only the ``first`` ones along its first axis are read where the file is still being written.
    """
    with opened(folder, name) as file:
        try:
            header = array_header(file)
        except (ValueError, EOFError) as error:
            raise StoredError(f"{name}: {str(error)[:100]}") from None
        wanted, size = np.dtype(dtype), prod(header.shape) * header.dtype.itemsize
        fits = map(_fits, header.shape, shape)
        if len(header.shape) != len(shape) or not all(fits) or header.dtype != wanted or header.fortran:
            order = " in Fortran order" * header.fortran
            raise StoredError(f"{name}: holds {_said(header.dtype, header.shape)}{order}, not {_said(wanted, shape)}")
        found, there = header.shape, os.fstat(file.fileno()).st_size
        if first is not None:
            found = (first, *header.shape[1:])
            there = min(there, file.tell() + (size := prod(found) * wanted.itemsize))
        if there != file.tell() + size:
            raise StoredError(f"{name}: its length is not that of {_said(wanted, found)}")
        if mapped:
            return np.memmap(file, wanted, "r", file.tell(), found) if prod(found) else np.empty(found, wanted)
        free = available_memory()
        if free is not None and size > free:
            raise StoredError(f"{name}: needs {in_words(size)} of memory, and {in_words(free)} are free")
        return np.fromfile(file, wanted).reshape(header.shape)


def _fits(length: int, wanted: int | range) -> bool:
    return length in wanted if isinstance(wanted, range) else length == wanted


def _said(dtype: np.dtype[Any], shape: Sequence[int | range]) -> str:
    """Type and shape of an array, shortened."""
    lengths = [f"{n[0]} to {n[-1]}" if isinstance(n, range) else str(n) for n in shape]
    return f"{str(dtype)[:40]} of shape ({', '.join(lengths)[:80]})"
