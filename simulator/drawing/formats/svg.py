"""Still picture as lines and letters, for pages, slides and drawing programs."""

from typing import BinaryIO

from errsurf.drawing.figures.files import write_figure
from errsurf.drawing.picture_file import Format, Order


def write(order: Order, file: BinaryIO) -> None:
    """Draw the figure of the order's layout."""
    write_figure(order, "svg", file)


RECORD = Format("still picture as lines and letters", moving=False, write=write)
