"""Still picture, without loss."""

from typing import BinaryIO

from errsurf.drawing.figures.files import save_pixels, write_figure
from errsurf.drawing.moving.film import order_painter, still_clock
from errsurf.drawing.moving.fitting import STILL
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Format, Order


def write(order: Order, file: BinaryIO) -> None:
    """Draw one frame, or the figure of the order's layout."""
    if order.layout != "picture":
        write_figure(order, "png", file)
        return
    frame = order_painter(order).frame(still_clock(order))
    save_pixels(frame, file, origin(order.result), order.economy.quality)


RECORD = Format("still picture without loss", moving=False, write=write, economies=STILL, gives_up="256 colours")
