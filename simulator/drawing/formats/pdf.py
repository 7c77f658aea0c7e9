"""Still picture as lines and letters, for print."""

from typing import BinaryIO

from errsurf.drawing.figures.files import write_figure
from errsurf.drawing.picture_file import Format, PictureRequest


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw the figure of the order's layout."""
    write_figure(request, "pdf", file)


RECORD = Format("still picture as lines and letters", moving=False, write=write)
