"""Animation in all colours, without loss, smaller and slower to write than APNG; browsers play it."""

from typing import BinaryIO

from errsurf.drawing.moving.film import delays, drawn, film
from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.palette import MAX_COLOURS, film_palette, indexer
from errsurf.drawing.moving.webp import UNIT, encode_webp
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Format, PictureRequest


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames."""
    picture, quality = request.result.scenario.picture, request.reduction.quality
    ready = film(request)
    if quality < 1:
        palette = film_palette(ready, round(MAX_COLOURS * max(2 * quality, 0.25)))
        places = indexer(palette)
        frames = drawn(ready, request, lambda frame: palette[places(frame)])
    else:
        frames = drawn(ready, request)
    encode_webp(file, frames, delays(picture, ready, UNIT), loop=picture.loop, comment=origin(request.result))


RECORD = Format("animation without loss", moving=True, write=write, reductions=MOVING, gives_up="fewer colours")
