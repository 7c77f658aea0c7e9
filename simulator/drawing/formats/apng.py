"""Animation in all colours, without loss; browsers play it, other programs show its first frame."""

from typing import BinaryIO

from errsurf.drawing.moving.apng import UNIT, encode_apng
from errsurf.drawing.moving.film import delays, drawn, film
from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.palette import MAX_COLOURS, film_palette, indexer
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Format, PictureRequest


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames."""
    picture, quality = request.result.scenario.picture, request.reduction.quality
    ready = film(request)
    palette = film_palette(ready, round(MAX_COLOURS * max(2 * quality, 0.25))) if quality < 1 else None
    times = delays(picture, ready, UNIT)
    frames = drawn(ready, request) if palette is None else drawn(ready, request, indexer(palette))
    encode_apng(file, frames, times, palette, loop=picture.loop, comment=origin(request.result))


RECORD = Format("animation without loss", moving=True, write=write, reductions=MOVING, gives_up="fewer colours")
