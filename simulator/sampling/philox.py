"""Counter-based random numbers: Philox4x32-10, a pure function of a counter and a key.

Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC11.  Written for
NumPy arrays of uint64 that hold 32-bit words; the CPU and CUDA kernels link the same function.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.portable import rounded

MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
LOW = 0xFFFFFFFF


class Stream(IntEnum):
    """What a number is used for: the last word of the counter."""

    ORDER = 0
    START = 1
    TRAIN = 2
    TEST = 3
    NOISE = 4
    RULE = 5


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Four random 32-bit words of the counter (c0, c1, c2, c3) under the key (k0, k1)."""
    for _ in range(10):
        p0, p1 = c0 * MULTIPLIER_0, c2 * MULTIPLIER_1
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & LOW, (p0 >> 32) ^ c3 ^ k1, p0 & LOW
        k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


def words(seed: int, stream: Stream, particle: Any, epoch: Any, quads: Any) -> NDArray[np.uint64]:
    """Random words of the quads ``slot // 4``; arguments broadcast; the last axis of the result is 4."""
    quads, epoch, particle = (np.asarray(a, dtype=np.uint64) for a in (quads, epoch, particle))
    shape = np.broadcast_shapes(quads.shape, epoch.shape, particle.shape)
    stream_word, k0, k1 = (np.uint64(a) for a in (int(stream), seed & LOW, seed >> 32))
    with np.errstate(over="ignore"):
        four = philox(quads, epoch, particle, stream_word, k0, k1)
    return np.stack([np.broadcast_to(w, shape) for w in four], axis=-1)


class Draw:
    """Random numbers for example tables and starts: one stream of one seed, used from its beginning.

    ``rounding`` is as ``[run] rounding``.
    """

    def __init__(self, seed: int, stream: Stream, rounding: str = "fast") -> None:
        self._seed, self._stream, self._rounding, self._used = seed, stream, rounding, 0

    def uniform(self, *shape: int) -> NDArray[np.float64]:
        """Independent numbers from [0, 1), 53 bits each."""
        count = int(np.prod(shape))
        first, self._used = self._used, self._used + count
        quads = np.arange(first, first + count, dtype=np.uint64)
        four = words(self._seed, self._stream, quads >> np.uint64(32), 0, quads & np.uint64(LOW))
        bits = (four[..., 0] << np.uint64(21)) ^ (four[..., 1] & np.uint64(0x1FFFFF))
        return (bits.astype(np.float64) * 2.0**-53).reshape(shape)

    def normal(self, *shape: int) -> NDArray[np.float64]:
        """Independent standard normal numbers; Box and Muller 1958, Annals of Mathematical Statistics 29."""
        radius, angle = self.uniform(*shape, 2).T
        return np.asarray(rounded(_normal, self._rounding)(radius, angle).T)


def _normal(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> Any:
    return np.sqrt(-2 * np.log1p(-radius)) * np.cos(2 * np.pi * angle)
