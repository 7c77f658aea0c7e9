"""Frames into an animated GIF: one palette for all, only what changed, exact delays (GIF89a specification).

Pillow makes the LZW code.  One that tolerates small differences takes 2.5 times as long and, at equal fidelity, saves
5%.
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from PIL import Image, ImageFile

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.changes import Change, changes
from errsurf.drawing.moving.palette import CLEAR, cleared

UNIT = 100
"""Delays are counted in this part of a second."""

GIF_FPS = 50
"""Players show delays below two hundredths of a second as ten."""

_LONGEST = 65_535


def encode_gif(
    file: BinaryIO,
    frames: Iterable[Pixels],
    delays: Sequence[int],
    palette: Pixels,
    *,
    loop: int = 0,
    comment: str = "",
) -> None:
    """Write frames, each (height, width) places in a palette, with their delays in hundredths of a second.

    ``palette`` has at most 255 colours, shape (n, 3).  A frame that equals the one before is not written; its
    delay goes to that one.  The picture plays ``loop`` times, 0: for ever; ``comment`` is ASCII.
    """
    for k, change in enumerate(changes(frames, delays, _LONGEST)):
        if k == 0:
            height, width = change.pixels.shape
            file.write(_header(width, height, palette, loop, comment.encode("ascii")))
        _write_block(file, change)
    file.write(b";")


def _header(width: int, height: int, palette: Pixels, loop: int, comment: bytes) -> bytes:
    """Signature, size, global colours, Netscape's extension for repeating, comment (GIF89a, sections 17 to 24).

    Netscape's number counts repetitions after the first time, 0 for ever; a picture that plays once has none.
    """
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    colours = palette.tobytes().ljust(768, b"\0")
    head = b"GIF89a" + size + b"\xf7\0\0" + colours
    if loop != 1:
        head += b"!\xff\x0bNETSCAPE2.0\x03\x01" + max(0, loop - 1).to_bytes(2, "little") + b"\0"
    if comment:
        parts = [comment[k : k + 255] for k in range(0, len(comment), 255)]
        head += b"!\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"
    return head


def _write_block(file: BinaryIO, change: Change) -> None:
    """One frame: its delay, its rectangle and the code of its indices (sections 20, 22 and 23).

    Where it goes to a file of the system, Pillow gives up Python's lock, and the next frame is drawn meanwhile.
    """
    image = Image.fromarray(cleared(change))
    control = b"!\xf9\x04\x05" + change.delay.to_bytes(2, "little") + bytes([CLEAR, 0])
    places = (change.left, change.top, *image.size)
    file.write(control + b"," + b"".join(place.to_bytes(2, "little") for place in places) + b"\0\x08")
    ImageFile._save(image, file, [ImageFile._Tile("gif", (0, 0, *image.size), 0, "L")])
    file.write(b"\0")
