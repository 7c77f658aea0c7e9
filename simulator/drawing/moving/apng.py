"""Frames into an animated PNG: only what changed, in all colours or in a palette's (W3C PNG, third edition)."""

import zlib
from collections.abc import Iterable, Sequence
from struct import pack
from typing import BinaryIO

import numpy as np

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.changes import Change, changes, rgba
from errsurf.drawing.moving.palette import CLEAR, cleared

UNIT = 1000
"""Delays are counted in this part of a second."""

_LONGEST = 65_535


def encode_apng(
    file: BinaryIO,
    frames: Iterable[Pixels],
    delays: Sequence[int],
    palette: Pixels | None,
    *,
    loop: int = 0,
    comment: str = "",
) -> None:
    """Write frames with their delays in thousandths of a second, at most 65,535.

    Frames are (height, width) places in a palette, (n, 3) of at most 255 colours, or else (height, width, 3), without
    loss.  The picture plays ``loop`` times, 0: for ever; ``comment`` is ASCII.  The file must be one that can be moved
    in, since the number of frames is written last.
    """
    number, place = 0, 0
    for count, change in enumerate(changes(frames, delays, _LONGEST)):
        if count == 0:
            place = _head(file, change, palette, comment)
        lines = rgba(change).reshape(len(change.pixels), -1) if palette is None else cleared(change)
        data = zlib.compress(np.pad(lines, ((0, 0), (1, 0))).tobytes(), 6)
        _chunk(file, b"fcTL", _control(change, number, blend=count > 0))
        _chunk(file, b"IDAT" if count == 0 else b"fdAT", data if count == 0 else pack(">I", number + 1) + data)
        number += 1 if count == 0 else 2
    _chunk(file, b"IEND", b"")
    file.seek(place)
    _chunk(file, b"acTL", pack(">II", (number + 1) // 2, loop))


def _head(file: BinaryIO, first: Change, palette: Pixels | None, comment: str) -> int:
    """Write what comes before the frames; where in the file their number stands."""
    file.write(b"\x89PNG\r\n\x1a\n")
    height, width = first.changed.shape
    _chunk(file, b"IHDR", pack(">IIBBBBB", width, height, 8, 6 if palette is None else 3, 0, 0, 0))
    if comment:
        _chunk(file, b"tEXt", b"Comment\0" + comment.encode("ascii"))
    if palette is not None:
        _chunk(file, b"PLTE", palette.tobytes().ljust(768, b"\0"))
        _chunk(file, b"tRNS", b"\xff" * CLEAR + b"\0")
    place = file.tell()
    _chunk(file, b"acTL", bytes(8))
    return place


def _control(change: Change, number: int, *, blend: bool) -> bytes:
    """Place and delay of a frame, which stays, and is laid over the picture before or replaces it."""
    height, width = change.changed.shape
    where = pack(">IIIII", number, width, height, change.left, change.top)
    return where + pack(">HHBB", change.delay, UNIT, 0, int(blend))


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)))
