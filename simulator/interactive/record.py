"""The growing frames of one group, within a bound on memory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST_FRAMES, FEWEST_FRAMES, MAX_FRAMES = 64, 16, 1 << 14

Columns = Mapping[str, NDArray[Any]]


class Record:
    """Columns (frames, ...) of one group, among them "update", which ascends.

    Arrays returned by ``columns`` never change.  When the frames fill their bound, every second one is dropped, except
    the first and the last, and later frames are recorded half as often.
    """

    def __init__(self, first: Columns) -> None:
        self._arrays = dict(first)
        self._frames = len(first["update"])
        self._most = MAX_FRAMES
        self._spacing = 0.0

    def bound(self, size: int) -> None:
        """Bound the frames to ``size`` bytes."""
        frame = sum(array[:1].nbytes for array in self._arrays.values())
        self._most = int(np.clip(size // frame, FEWEST_FRAMES, MAX_FRAMES))

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """All frames so far."""
        return {name: array[: self._frames] for name, array in self._arrays.items()}

    @property
    def last(self) -> int:
        """The update of the last frame."""
        return int(self._arrays["update"][self._frames - 1])

    def wanted(self, updates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some ascending updates after which a frame is wanted, as many as one ``append`` takes."""
        found, last = [], self.last
        for update in updates.tolist():
            if update - last >= max(1.0, self._spacing):
                found.append(update)
                last = update
        every = -(-len(found) // (self._most // 4)) or 1
        return np.array(found[::-1][::every][::-1], np.int64)

    def append(self, frames: Columns) -> None:
        """Add frames at the end, at most as many as ``wanted`` returns."""
        count = len(frames["update"])
        if self._frames + count > min(len(self._arrays["update"]), self._most):
            self._make_room(count)
        for name, array in self._arrays.items():
            array[self._frames : self._frames + count] = frames[name]
        self._frames += count

    def cut(self, update: int) -> None:
        """Discard the frames after an update."""
        keep = int(np.searchsorted(self._arrays["update"][: self._frames], update, side="right"))
        self._move(np.arange(keep), len(self._arrays["update"]))

    def replace(self, name: str, value: float | NDArray[np.float64]) -> None:
        """Replace the last frame of a column."""
        self._arrays[name] = self._arrays[name].copy()
        self._arrays[name][self._frames - 1] = value

    def _make_room(self, count: int) -> None:
        kept, room = np.arange(self._frames), max(2 * self._frames, FIRST_FRAMES, self._frames + count)
        if room > self._most:
            room = self._most
        if self._frames + count > room:
            update = self._arrays["update"][: self._frames]
            fewer = min(self._frames, self._most)
            self._spacing = max(2.0 * (update[-1] - update[0]) / fewer, 2 * self._spacing)
            kept = _spread(update, self._spacing)
        self._move(kept, room)

    def _move(self, kept: NDArray[np.int64], room: int) -> None:
        """Copy some frames into new arrays: the old ones may be in use."""
        for name, array in self._arrays.items():
            moved = np.empty((room, *array.shape[1:]), array.dtype)
            np.take(array, kept, axis=0, out=moved[: len(kept)], mode="clip")
            self._arrays[name] = moved
        self._frames = len(kept)


def _spread(update: NDArray[np.int64], spacing: float) -> NDArray[np.int64]:
    """The first frame of every interval of ``spacing`` updates, and the last frame."""
    interval = ((update - update[0]) // spacing).astype(np.int64)
    kept = np.flatnonzero(np.diff(interval, prepend=-1))
    return np.unique(np.append(kept, len(update) - 1))
