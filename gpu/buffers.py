"""Buffers for frames from the GPU: written by one launch, copied through pinned memory during the next."""

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numba import cuda
from numpy.typing import DTypeLike, NDArray

from errsurf.engine.blocks import Frames
from errsurf.gpu.layout import Launch
from errsurf.sampling.batches import Integers

COUNT = 2


@dataclass
class Buffer:
    """A buffer for the frames of one launch, on the GPU and in pinned memory."""

    position: Any
    parts: Any
    host_position: NDArray[Any]
    host_parts: NDArray[Any]
    launch: Launch | None = None
    launched: Any = field(default_factory=cuda.event)
    copied: Any = field(default_factory=cuda.event)


def buffer(frames: int, particles: int, parts: tuple[int, int], dtype: DTypeLike) -> Buffer:
    """Room for so many frames of so many particles, and of what updates are made of, ``parts`` (watched, rows)."""
    shapes = ((frames, particles, 2), (frames, *parts))
    on_device = [cuda.device_array(tuple(max(1, n) for n in shape), dtype) for shape in shapes]
    pinned = [cuda.pinned_array(shape, dtype) if prod(shape) else np.empty(shape, dtype) for shape in shapes]
    return Buffer(*on_device, *pinned)


def send(room: Buffer, launch: Launch, computing: Any, copying: Any) -> None:
    """Copy the frames of a launch after it, on a separate stream."""
    count = launch.kept.stop - launch.kept.start
    room.launch = launch
    room.launched.record(computing)
    room.launched.wait(copying)
    for here, there in ((room.position, room.host_position), (room.parts, room.host_parts)):
        if count and there.size:
            here[:count].copy_to_host(there[:count], stream=copying)
    room.copied.record(copying)


def collect(room: Buffer, frames: Frames, some: slice, watched: Integers) -> Launch | None:
    """Wait for the frames of particles ``some`` in a buffer, store them, and empty the buffer."""
    launch, room.launch = room.launch, None
    if launch is not None:
        room.copied.synchronize()
        count, here = launch.kept.stop - launch.kept.start, (watched >= some.start) & (watched < some.stop)
        frames.position[launch.kept, some] = room.host_position[:count, : some.stop - some.start]
        frames.parts[launch.kept][:, here] = room.host_parts[:count, here]
    return launch
