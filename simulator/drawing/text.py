"""Text as grey masks, drawn with the fonts that come with matplotlib."""

from functools import lru_cache
from math import ceil
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from simulator.drawing.colours import INK, Pixels
from simulator.drawing.kernels import paste


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: int, bold: bool = False) -> int:
    """Width in pixels of a text whose capitals and descenders together are about ``size`` pixels high."""
    return ceil(_font(size, bold).getlength(text))


def line_height(size: int) -> int:
    """Height in pixels of the mask of one line."""
    ascent, descent = _font(size, False).getmetrics()
    return ascent + descent


@lru_cache(maxsize=1024)
def text_mask(text: str, size: int, bold: bool = False, halo: int = 0) -> Pixels:
    """Coverage of a text, shape (line height + 2 halo, width + 2 halo), uint8, thickened by ``halo`` pixels."""
    image = Image.new("L", (text_width(text, size, bold) + 2 * halo, line_height(size) + 2 * halo))
    ImageDraw.Draw(image).text((halo, halo), text, fill=255, font=_font(size, bold), stroke_width=halo)
    mask = np.array(image)
    mask.setflags(write=False)
    return mask


def shortened(text: str, room: int, size: int, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits ``room`` pixels with an ellipsis; empty if none does."""
    text = " ".join(text.split())
    if text_width(text, size, bold) <= room:
        return text
    for end in range(len(text) - 1, 0, -1):
        short = text[:end].rstrip(" ,;:.-") + "…"
        if text_width(short, size, bold) <= room:
            return short
    return ""


def write(
    out: Pixels, text: str, left: int, top: int, size: int, colour: tuple[int, int, int] = INK, bold: bool = False
) -> None:
    """Put one line of text into the picture, its top left corner at (left, top)."""
    paste(out, text_mask(text, size, bold), left, top, colour)


def write_right(out: Pixels, text: str, right: int, top: int, size: int, colour: tuple[int, int, int] = INK) -> None:
    """Put one line of text that ends at ``right``."""
    write(out, text, right - text_width(text, size), top, size, colour)
