"""Arrays that grow by frames: in memory, or in .npy files that always contain whole frames."""

from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Recording(Protocol):
    """An array under construction along its first axis."""

    def append(self, frames: NDArray[Any]) -> None:
        """Add frames at the end."""

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

    def close(self, frames: int) -> NDArray[Any]:
        """The finished array of the first ``frames`` frames."""
        return self._array[:frames]

    def release(self) -> None:
        """Do nothing: there is no file."""


class FileRecording:
    """Frames written to a .npy file as they arrive; closing corrects the number of frames in its header."""

    def __init__(self, file: Path, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self._file, self._shape, self._dtype = file, shape, np.dtype(dtype)
        self._stream: BinaryIO = file.open("wb")
        self._write_header(shape)

    def append(self, frames: NDArray[Any]) -> None:
        """Add frames at the end."""
        self._stream.write(np.ascontiguousarray(frames, self._dtype).data)

    def close(self, frames: int) -> NDArray[Any]:
        """The finished array of the first ``frames`` frames, memory-mapped."""
        shape = (frames, *self._shape[1:])
        if shape != self._shape:
            self._stream.seek(0)
            self._write_header(shape)
            self._stream.truncate(self._stream.tell() + int(np.prod(shape)) * self._dtype.itemsize)
        self._stream.close()
        array: NDArray[Any] = np.load(self._file, mmap_mode="r")
        return array

    def release(self) -> None:
        """Close the file without finishing it."""
        self._stream.close()

    def _write_header(self, shape: tuple[int, ...]) -> None:
        # numpy pads the header so that a first axis of any size fits in place.
        header = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._stream, header)
