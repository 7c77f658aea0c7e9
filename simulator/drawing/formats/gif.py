"""Animation that plays everywhere, in up to 255 colours."""

from typing import BinaryIO

from errsurf.drawing.moving.film import delays, drawn, film
from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.gif import GIF_FPS, UNIT, encode_gif
from errsurf.drawing.moving.palette import MAX_COLOURS, film_palette
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import EXACT_FPS, Format, PictureRequest


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames; a faster picture gets the 50 frames a second that players show."""
    picture = request.result.scenario.picture
    ready = film(request, most_fps=GIF_FPS)
    _say_rounding(request, ready.fps)
    encode_gif(
        file,
        drawn(ready, request),
        delays(picture, ready, UNIT),
        film_palette(ready, round(MAX_COLOURS * max(request.reduction.quality, 0.25))),
        loop=picture.loop,
        comment=origin(request.result),
    )


def _say_rounding(request: PictureRequest, fps: float) -> None:
    asked = request.result.scenario.picture.fps
    if asked > GIF_FPS:
        request.say(f"players show at most {GIF_FPS} frames a second of a GIF; it has {GIF_FPS} instead of {asked}")
    elif fps not in EXACT_FPS:
        low = int(UNIT / fps)
        request.say(
            f"a GIF counts hundredths of a second: frames are shown for {low} or {low + 1} of them, "
            f"{fps:g} a second on average; 10, 20, 25 and 50 are exact"
        )


RECORD = Format("animation, plays everywhere", moving=True, write=write, reductions=MOVING, gives_up="fewer colours")
