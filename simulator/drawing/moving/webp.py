"""Frames into an animated WebP without loss: only what changed (RFC 9649, section 2.7).

Lossy WebP stores colours at half the resolution, which leaves 28 dB on moving dots.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from struct import pack
from typing import BinaryIO
from xml.sax.saxutils import escape

from PIL import Image

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.changes import Change, changes, rgba

UNIT = 1000
"""Delays are counted in this part of a second."""

_LONGEST = 2**24 - 1
_ANIMATION, _XMP, _ALPHA = 2, 4, 16
_XMP_TEXT = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>'
)


def encode_webp(
    file: BinaryIO, frames: Iterable[Pixels], delays: Sequence[int], *, loop: int = 0, comment: str = ""
) -> None:
    """Write frames, each (height, width, 3), with their delays in thousandths of a second.

    The picture plays ``loop`` times, 0: for ever; ``comment`` is ASCII and goes into XMP.  The file must be one that
    can be moved in, since its length is written last.
    """
    file.write(b"RIFF\0\0\0\0WEBP")
    for count, change in enumerate(changes(frames, delays, _LONGEST, even=True)):
        if count == 0:
            height, width = change.changed.shape
            size = _three(width - 1) + _three(height - 1)
            _chunk(file, b"VP8X", pack("<I", _ANIMATION | _ALPHA | (_XMP if comment else 0)) + size)
            _chunk(file, b"ANIM", b"\xff\xff\xff\xff" + pack("<H", loop))
        _chunk(file, b"ANMF", _frame(change))
    if comment:
        _chunk(file, b"XMP ", _XMP_TEXT.format(escape(comment)).encode())
    length = file.tell() - 8
    file.seek(4)
    file.write(pack("<I", length))


def _frame(change: Change) -> bytes:
    """Place and delay of a frame that is laid over the picture before, and its pixels as a still WebP has them."""
    height, width = change.changed.shape
    still = BytesIO()
    Image.fromarray(rgba(change)).save(still, format="WEBP", lossless=True, method=1, quality=20)
    place = _three(change.left // 2) + _three(change.top // 2) + _three(width - 1) + _three(height - 1)
    return place + _three(change.delay) + b"\0" + still.getvalue()[12:]


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(kind + pack("<I", len(data)) + data + b"\0" * (len(data) % 2))
