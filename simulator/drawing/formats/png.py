"""Still picture, without loss."""

from typing import TYPE_CHECKING, BinaryIO

from PIL import Image, PngImagePlugin

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.film import order_painter, still_clock
from errsurf.drawing.moving.fitting import STILL
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Format, Order

if TYPE_CHECKING:
    from errsurf.run.result import Result


def write(order: Order, file: BinaryIO) -> None:
    """Draw one frame, or the figure of the order's layout."""
    if order.layout != "picture":
        from errsurf.drawing.figures.files import write_figure

        write_figure(order, "png", file)
        return
    save(order_painter(order).frame(still_clock(order)), file, order.result, order.economy.quality)


def save(frame: Pixels, file: BinaryIO, result: "Result", quality: float = 1.0) -> None:
    """Write pixels, (height, width, 3), with what made them; in 256 colours if ``quality`` is below 1."""
    image = Image.fromarray(frame)
    if quality < 1.0:
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", origin(result))
    image.save(file, format="PNG", compress_level=6, pnginfo=text)


RECORD = Format("still picture without loss", moving=False, write=write, economies=STILL, gives_up="256 colours")
