"""Table of where the particles end, tabs between its columns."""

from typing import BinaryIO

from errsurf.drawing.formats import Format, PictureRequest


def write(order: PictureRequest, file: BinaryIO) -> None:
    """A row a particle: the group's label, x and y."""
    for group in order.result.groups:
        for x, y in group.position[-1].tolist():
            file.write(f"{group.label}\t{x:.9g}\t{y:.9g}\n".encode())


RECORD = Format("table of where the particles end", moving=False, write=write)
