"""Arrays of an .npz file, which may come from anybody: looked at before anything is allocated, never unpickled."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from os import SEEK_END
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from errsurf.errors import DataFileError
from errsurf.records.names import cut, listed
from errsurf.surfaces.shared.record import Array

MAX_NUMBERS = 2**26
MAX_LETTERS = 80
MAX_DIRECTORY = 2**20
_END = 2**16 + 42
"""Bytes in which the end of an archive stands: 22 and a comment, and the 20 by which a larger end would be found."""
BROKEN = (OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


class Header(NamedTuple):
    """What an array file says of its array before the numbers come."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool


def npz_shapes(path: str | Path, names: Sequence[str]) -> list[tuple[int, ...]]:
    """Shapes of some arrays of an .npz file; none of them is read.  Raises DataFileError, with all that are missing."""
    with _opened(path) as archive:
        shapes = []
        for name in names:
            with _member(archive, path, name, *names) as stream:
                shapes.append(array_header(stream).shape)
        return shapes


def npz_numbers(path: str | Path, name: str) -> Array:
    """The numbers of an array, as float64.

    Raises DataFileError for a missing array, one of anything but real numbers or of more than MAX_NUMBERS, and a
    broken file.
    """
    with _opened(path) as archive, _member(archive, path, name) as stream:
        header = array_header(stream)
        if header.dtype.kind not in "fiu":
            raise DataFileError(f"{path}: `{name}` holds {contents(header.dtype)}; real numbers are needed")
        if prod(header.shape) > MAX_NUMBERS:
            shape = " x ".join(f"{n:,}" for n in header.shape)
            raise DataFileError(
                f"{path}: `{name}` says that it holds {shape} numbers; at most {MAX_NUMBERS:,} are read"
            )
        stream.seek(0)
        numbers: Array = _read(stream).astype(np.float64, copy=False)
        return numbers


def npz_text(path: str | Path, name: str) -> str | None:
    """The text that a file holds under a name, None if none; raises DataFileError unless it is one short line."""
    with _opened(path) as archive:
        if f"{name}.npy" not in archive.namelist():
            return None
        with _member(archive, path, name) as stream:
            header = array_header(stream)
            stream.seek(0)
            small = header.dtype.kind == "U" and header.shape == () and header.dtype.itemsize <= 4 * MAX_LETTERS
            text = str(_read(stream)) if small else ""
    if not text.isprintable() or not text:
        raise DataFileError(f"{path}: `{name}` is not a text of one line and up to {MAX_LETTERS} letters")
    return text


@contextmanager
def _opened(path: str | Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever goes wrong while it is used is a DataFileError."""
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DataFileError:
        raise
    except zipfile.BadZipFile as error:
        raise DataFileError(f"{path}: not a complete .npz file, as numpy.savez writes it ({error})") from None
    except BROKEN as error:
        raise DataFileError(f"{path}: cannot be read ({error or type(error).__name__})") from None


def _check_directory(path: str | Path) -> None:
    """Refuse an archive of millions of files: zipfile makes an object of each before anything can be asked."""
    with Path(path).open("rb") as file:
        file.seek(max(0, file.seek(0, SEEK_END) - _END))
        end = file.read(_END)
    for found in re.finditer(b"PK\x05\x06", end):
        size = int.from_bytes(end[found.start() + 12 : found.start() + 16], "little")
        if size > MAX_DIRECTORY or end[: found.start()][-20:-16] == b"PK\x06\x07":
            raise DataFileError(f"{path}: its list of arrays is larger than {MAX_DIRECTORY:,} bytes")


@contextmanager
def _member(archive: zipfile.ZipFile, path: str | Path, name: str, *needed: str) -> Iterator[IO[bytes]]:
    """One array's file; if it or another one that is needed is missing, they are named."""
    here = archive.namelist()
    missing = [f"`{cut(key, MAX_LETTERS)}`" for key in dict.fromkeys((name, *needed)) if f"{key}.npy" not in here]
    if missing:
        held = listed([key.removesuffix(".npy") for key in here]) or "none"
        raise DataFileError(f"{path}: no array {' and no '.join(missing)}; the file has {held}")
    with archive.open(f"{name}.npy") as stream:
        yield stream


def array_header(stream: IO[bytes]) -> Header:
    """The header of an .npy file, after which its numbers come; raises ValueError."""
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        # Later formats have headers of up to 4 GiB, for names in types that are of no use here.
        raise ValueError(f"an array of format {version[0]}.{version[1]}")
    try:
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    except Exception as error:
        # What numpy raises for a broken header is whatever its tokenizer does.
        raise ValueError(f"an array's header: {error or type(error).__name__}") from None
    if min(shape, default=0) < 0:
        raise ValueError(f"an array of shape {shape}")
    return Header(shape, dtype, fortran)


def _read(stream: IO[bytes]) -> Any:
    """The array; asking for more than it holds makes zipfile compare the checksum."""
    values = np.lib.format.read_array(stream, allow_pickle=False)
    if stream.read(1):
        raise ValueError("more follows an array's numbers")
    return values


def contents(dtype: np.dtype[Any]) -> str:
    words = {"U": "text", "S": "text", "O": "Python objects", "c": "complex numbers", "b": "true and false"}
    return words.get(dtype.kind, f"values of type {dtype}")
