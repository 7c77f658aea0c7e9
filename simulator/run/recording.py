"""Arrays that grow by frames: in memory, or in .npy files that always contain whole frames."""

from concurrent.futures import Executor, Future, wait
from math import prod
from os import SEEK_END, fsync
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from errsurf.errors import StoredError
from errsurf.system import atomic_write


class Recording(Protocol):
    """An array under construction along its first axis."""

    def append(self, frames: NDArray[Any]) -> None:
        """Add frames at the end."""

    def sync(self) -> None:
        """Wait until all frames are on the disk, if they go to a file."""

    def close(self, frames: int) -> NDArray[Any]:
        """The finished array of the first ``frames`` frames."""

    def release(self) -> None:
        """Close the file, if there is one."""


class MemoryRecording:
    """Frames kept in memory."""

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self._array = np.empty(shape, dtype)
        self._frames = 0

    def append(self, frames: NDArray[Any]) -> None:
        """Add frames at the end."""
        self._array[self._frames : self._frames + len(frames)] = frames
        self._frames += len(frames)

    def sync(self) -> None:
        """Do nothing: there is no file."""

    def close(self, frames: int) -> NDArray[Any]:
        """The finished array of the first ``frames`` frames."""
        return self._array[:frames]

    def release(self) -> None:
        """Do nothing: there is no file."""


class FileRecording:
    """Frames written to a .npy file as they arrive; closing corrects the number of frames in its header.

    The first ``kept`` frames are in the file already, and what follows them is cut off.  A thread of the ``writer``
    writes frames while the next ones are computed; if that fails, the next method but ``release`` raises its OSError.
    """

    def __init__(self, file: Path, shape: tuple[int, ...], dtype: DTypeLike, writer: Executor, kept: int = 0) -> None:
        self._file, self._shape, self._dtype, self._writer = file, shape, np.dtype(dtype), writer
        self._writing: Future[int] | None = None
        self._stream: BinaryIO = file.open("r+b" if kept else "wb")
        self._write_header(shape)
        if kept:
            self._cut(kept)

    def append(self, frames: NDArray[Any]) -> None:
        """Add frames at the end."""
        self._wait()
        self._writing = self._writer.submit(self._stream.write, np.ascontiguousarray(frames, self._dtype).data)

    def sync(self) -> None:
        """Wait until all frames are on the disk."""
        self._wait()
        self._stream.flush()
        fsync(self._stream.fileno())

    def close(self, frames: int) -> NDArray[Any]:
        """The finished array of the first ``frames`` frames, memory-mapped where the file can be moved nevertheless."""
        self._wait()
        shape = (frames, *self._shape[1:])
        if shape != self._shape:
            self._stream.seek(0)
            self._write_header(shape)
            self._cut(frames)
        self._stream.close()
        array: NDArray[Any] = np.load(self._file, mmap_mode="r" if atomic_write.MOVES_OPEN_FILES else None)
        return array

    def release(self) -> None:
        """Close the file without finishing it."""
        if self._writing:
            wait([self._writing])
        self._stream.close()

    def _wait(self) -> None:
        """Wait until the last frames are written."""
        if self._writing:
            self._writing.result()

    def _cut(self, frames: int) -> None:
        """Cut off what follows the first frames, from the end of the header on; StoredError if there are fewer."""
        end = self._stream.tell() + frames * prod(self._shape[1:]) * self._dtype.itemsize
        if self._stream.seek(0, SEEK_END) < end:
            raise StoredError(f"{self._file.name}: has fewer than {frames:,} frames")
        self._stream.truncate(end)
        self._stream.seek(end)

    def _write_header(self, shape: tuple[int, ...]) -> None:
        # numpy pads the header so that a first axis of any size fits in place.
        header = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._stream, header)
