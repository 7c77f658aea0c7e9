"""Still picture, without loss."""

from typing import BinaryIO

from errsurf.drawing.figures.files import save_pixels, write_figure
from errsurf.drawing.moving.film import request_painter, still_clock, transparent_frame
from errsurf.drawing.moving.fitting import STILL
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Format, PictureRequest


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw one frame, or the figure of the order's layout."""
    if request.layout != "picture":
        write_figure(request, "png", file)
        return
    if request.result.scenario.picture.transparent:
        frame = transparent_frame(request)
    else:
        frame = request_painter(request).frame(still_clock(request))
    save_pixels(frame, file, origin(request.result), request.reduction.quality)


RECORD = Format("still picture without loss", moving=False, write=write, reductions=STILL, gives_up="256 colours")
