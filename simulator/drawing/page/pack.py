"""Many arrays as little text: places as whole numbers, changes instead of values, compressed."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias
from zlib import DEFLATED, MAX_WBITS, Z_FILTERED, compressobj

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.history.frames import Array

Codes: TypeAlias = NDArray[np.uint16]
Directory: TypeAlias = dict[str, tuple[str, int, int]]

KINDS = {"float32": "f4", "float64": "f8", "uint8": "u1", "uint16": "u2"}
MARGIN = 0.1


class Places(NamedTuple):
    """How places become codes from 1 to ``codes`` + 1: evenly from ``low`` (2,) to ``high`` (2,); 0 is unseen."""

    low: Array
    high: Array
    codes: int

    @property
    def error(self) -> Array:
        """The largest rounding error of x and of y, shape (2,)."""
        return np.asarray((self.high - self.low) / self.codes / 2)


def places(window: tuple[tuple[float, float], tuple[float, float]], bits: int) -> Places:
    """Codes of so many bits over the window and a tenth of it on every side."""
    low, high = np.array(window, dtype=np.float64).T
    margin = MARGIN * (high - low)
    return Places(low - margin, high + margin, (1 << bits) - 2)


def place_codes(points: Array, places: Places) -> Codes:
    """Codes of points (frames, particles, 2) as (frames, 2, particles); 0 where not finite or far outside."""
    part = (points - places.low) / (places.high - places.low)
    seen = np.all((part >= 0) & (part <= 1), axis=-1, keepdims=True)
    codes = np.where(seen, np.rint(np.where(seen, part, 0) * places.codes) + 1, 0)
    return np.ascontiguousarray(np.moveaxis(codes, -1, 1).astype(np.uint16))


def changes(codes: Codes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Low and high bytes of the changes from frame to frame, modulo 2^16, each sign folded into the lowest bit."""
    before = np.concatenate([np.zeros_like(codes[:1]), codes[:-1]])
    change = (codes - before).view(np.int16)
    folded = ((change << 1) ^ (change >> 15)).view(np.uint16)
    return (folded & 255).astype(np.uint8), (folded >> 8).astype(np.uint8)


def compact(values: Array) -> NDArray[np.floating[Any]]:
    """Finite values as float32, or as they are where float32 ends before them."""
    fits = np.abs(values).max() <= np.finfo(np.float32).max
    return values.astype(np.float32) if fits else values


def plane_codes(values: NDArray[Any]) -> NDArray[np.uint16]:
    """Whole numbers (rows, columns) below 2^16 as differences from what the neighbours before them lead one to expect.

    That is left + above - left above; signs are folded into the lowest bit, low bytes stand before high ones.
    """
    padded = np.pad(np.asarray(values, np.int64), ((1, 0), (1, 0)))
    rest = (padded[1:, 1:] - padded[1:, :-1] - padded[:-1, 1:] + padded[:-1, :-1]).astype(np.int16)
    return ((rest << 1) ^ (rest >> 15)).view(np.uint16)


def folded_changes(codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The changes of codes (n, 2) from row to row, modulo 2^16, each sign folded into the lowest bit."""
    change = np.diff(codes, axis=0, prepend=np.zeros((1, 2), np.uint16)).view(np.int16)
    return ((change << 1) ^ (change >> 15)).view(np.uint16)


def byte_planes(codes: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """The low bytes of all codes, then their high bytes."""
    return np.concatenate([(codes & 255).ravel(), (codes >> 8).ravel()]).astype(np.uint8)


def packed(arrays: Mapping[str, NDArray[Any]], *, noisy: bool = True) -> tuple[Directory, str]:
    """Kind, first and last byte of each array, and all of them as base64 of a zlib stream (RFC 1950).

    Changes of ``noisy`` places repeat little: looking less for repetitions is ten times as fast as level 9, and
    smaller.
    """
    directory: Directory = {}
    parts, at = [], 0
    for name, array in arrays.items():
        part = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        directory[name] = (KINDS[array.dtype.name], at, at + len(part))
        parts.append(part)
        at += len(part)
    stream = (
        compressobj(4, DEFLATED, MAX_WBITS, strategy=Z_FILTERED) if noisy else compressobj(9, DEFLATED, MAX_WBITS, 9)
    )
    data = stream.compress(b"".join(parts)) + stream.flush()
    return directory, b64encode(data).decode("ascii")
