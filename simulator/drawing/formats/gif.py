"""Animation that plays everywhere, in up to 255 colours."""

from dataclasses import replace
from typing import BinaryIO

from errsurf.drawing.moving.film import delays, drawn, film
from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.gif import GIF_FPS, UNIT, encode_gif
from errsurf.drawing.moving.palette import MAX_COLOURS, film_palette, indexer
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import EXACT_FPS, Format, PictureRequest
from errsurf.drawing.relief import ReliefPainter

_CAMERA_FPS, _TURNING_COLOURS = 8, 64


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames; a faster picture gets the 50 frames a second that players show.

    A relief that turns changes all over in each frame: its camera moves eight times a second, and it has fewer colours,
    which is half of the bytes.
    """
    picture = request.result.scenario.picture
    ready, colours = film(request, most_fps=GIF_FPS), MAX_COLOURS
    if isinstance(ready.painter, ReliefPainter) and ready.painter.turn:
        steps = max(1, round(_CAMERA_FPS * picture.seconds))
        ready, colours = ready._replace(painter=replace(ready.painter, steps=steps)), _TURNING_COLOURS
    _say_rounding(request, ready.fps)
    palette = film_palette(ready, round(colours * max(request.reduction.quality, 0.25)))
    encode_gif(
        file,
        drawn(ready, request, indexer(palette)),
        delays(picture, ready, UNIT),
        palette,
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
