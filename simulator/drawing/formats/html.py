"""A page that plays the run in a browser, without a network."""

from typing import BinaryIO

from errsurf.drawing.picture_file import Format, PictureRequest, Reduction, say_flat, say_omitted, say_opaque

_MAX_BYTES = 2_900_000
# A second map, the cells of examples and a surface that moves take a grid of numbers for each frame.
_OMITTED = ("beside", "members")


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Write the page; less quality keeps places less finely.  A live one keeps none."""
    say_flat(request)
    say_opaque(request)
    if request.result.scenario.picture.page == "live":
        _write_live(request, file)
    else:
        _write_recorded(request, file)


def _write_recorded(request: PictureRequest, file: BinaryIO) -> None:
    from errsurf.drawing.page import page

    batch = request.result.scenario.picture.surface == "batch"
    say_omitted(request, (*_OMITTED, "surface") if batch else _OMITTED)
    most = round(_MAX_BYTES * request.reduction.quality)
    file.write(
        page(
            request.result,
            critical=request.critical,
            basin_of=request.basin_of,
            regions=request.regions,
            most_bytes=most,
        ).encode()
    )


def _write_live(request: PictureRequest, file: BinaryIO) -> None:
    from errsurf.drawing.page.live import lacks
    from errsurf.drawing.page.live_page import live_page

    scenario = request.result.scenario
    for words in lacks(scenario):
        request.say(words)
    file.write(live_page(scenario).encode())


RECORD = Format(
    "page that plays the run in a browser",
    moving=True,
    write=write,
    reductions=tuple(Reduction(quality=quality) for quality in (1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12)),
    gives_up="places less finely kept",
)
