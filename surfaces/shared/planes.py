"""Planes of losses from other programs: .npy arrays, HDF5 files and CSV tables, as .npz files have them."""

import io
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np

from errsurf.errors import DataFileError
from errsurf.surfaces.shared.matrix import csv_matrix
from errsurf.surfaces.shared.npz import BROKEN, MAX_NUMBERS, array_header, contents
from errsurf.surfaces.shared.record import Array
from errsurf.surfaces.shared.table import DataFile
from errsurf.system.child_process import python_command

NEEDS = "HDF5 files need h5py; install it with `pip install 'errsurf[hdf5]'`"
SECONDS = 60.0
READER = "errsurf.surfaces.shared.hdf5"


class LossFile(DataFile):
    """Name of a file of losses."""

    suffixes, words = (".npz", ".npy", ".h5", ".hdf5", ".csv"), "an .npz, .npy, .h5 or CSV file"


class Plane(NamedTuple):
    """Losses (examples, H, W), and the nodes x (W,) and y (H,) if the file has them."""

    x: Array | None
    y: Array | None
    loss: Array


def is_npz(path: str | Path) -> bool:
    """Whether a file is read as an .npz archive: what no other suffix says."""
    return Path(path).suffix.lower() not in READERS


def plane(path: str | Path, name: str) -> Plane:
    """The losses of a file that is no .npz; of HDF5, the dataset of this name.  Raises DataFileError."""
    try:
        state = Path(path).stat()
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read ({error})") from None
    return _plane(str(path), name, state.st_mtime_ns, state.st_size)


@lru_cache(2)
def _plane(path: str, name: str, _changed: int, _size: int) -> Plane:
    found = READERS[Path(path).suffix.lower()](path, name)
    if not found.loss.size:
        raise DataFileError(f"{path}: has no losses")
    if found.loss.ndim not in (2, 3):
        raise DataFileError(f"{path}: holds shape {found.loss.shape}; losses (H, W) or (examples, H, W) are needed")
    return found._replace(loss=found.loss.reshape(-1, *found.loss.shape[-2:]))


def _npy(path: str, _name: str) -> Plane:
    with _broken(path, ".npy file, as numpy.save writes it"), Path(path).open("rb") as stream:
        header = array_header(stream)
        if header.dtype.kind not in "fiu":
            raise DataFileError(f"{path}: holds {contents(header.dtype)}; real numbers are needed")
        size = prod(header.shape)
        if size > MAX_NUMBERS or size * header.dtype.itemsize > Path(path).stat().st_size:
            raise DataFileError(f"{path}: says that it holds {size:,} numbers; not all of them are there")
        stream.seek(0)
        return Plane(None, None, np.lib.format.read_array(stream, allow_pickle=False).astype(np.float64))


def _csv(path: str, _name: str) -> Plane:
    found = csv_matrix(path, MAX_NUMBERS)
    return Plane(found.x, found.y, found.values)


def _hdf5(path: str, name: str) -> Plane:
    """As another process reads it, since the library is C and a file may come from anybody."""
    if find_spec("h5py") is None:
        raise DataFileError(f"{path}: {NEEDS}")
    asked = json.dumps({"path": path, "name": name}).encode()
    try:
        said = subprocess.run(python_command(READER), input=asked, capture_output=True, timeout=SECONDS).stdout
    except subprocess.TimeoutExpired:
        raise DataFileError(f"{path}: takes longer than {SECONDS:.0f} seconds to read") from None
    if said.startswith(b"{"):
        raise DataFileError(f"{path}: {json.loads(said)['problem']}")
    with _broken(path, "HDF5 file"), np.load(io.BytesIO(said), allow_pickle=False) as found:
        return Plane(found["x"], found["y"], found["loss"])


@contextmanager
def _broken(path: str, words: str) -> Iterator[None]:
    """What a damaged file raises, as a DataFileError."""
    try:
        yield
    except DataFileError:
        raise
    except BROKEN as error:
        raise DataFileError(f"{path}: not a complete {words} ({error or type(error).__name__})") from None


READERS: dict[str, Callable[[str, str], Plane]] = {".npy": _npy, ".csv": _csv, ".h5": _hdf5, ".hdf5": _hdf5}
