"""A page that plays the run in a browser, without a network."""

from typing import BinaryIO

from errsurf.drawing.picture_file import Economy, Format, Order, say_flat, say_omitted

_MAX_BYTES = 2_900_000
# A second map, the cells of examples and a surface that moves take a grid of numbers for each frame.
_OMITTED = ("beside", "members")


def write(order: Order, file: BinaryIO) -> None:
    """Write the page; less quality keeps places less finely."""
    from errsurf.drawing.page import page

    say_flat(order)
    batch = order.result.scenario.picture.surface == "batch"
    say_omitted(order, (*_OMITTED, "surface") if batch else _OMITTED)
    most = round(_MAX_BYTES * order.economy.quality)
    file.write(page(order.result, critical=order.critical, basin_of=order.basin_of, most_bytes=most).encode())


RECORD = Format(
    "page that plays the run in a browser",
    moving=True,
    write=write,
    economies=tuple(Economy(quality=quality) for quality in (1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12)),
    gives_up="places less finely kept",
)
