"""The process behind ``worker_client``: it draws maps and writes files, so that the window never waits.

matplotlib, Pillow and the search for critical points hold the interpreter's lock for tens of milliseconds: in a thread
matplotlib delayed frames by up to 11 ms at the 99th percentile.
"""

import os
import pickle
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.drawing.canvas import RasterCanvas
    from errsurf.drawing.history.contours import Grid
    from errsurf.drawing.history.window import Window
    from errsurf.drawing.layout.parts import Layout
    from errsurf.drawing.map.landmarks import Label
    from errsurf.engine.landscape import Landscape
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario

Report = Callable[[float], None]


class MapRequest(NamedTuple):
    """A map background to draw: a run with few frames, the layout, and the part of the plane."""

    result: "Result"
    plan: "Layout"
    window: "Window"
    critical: tuple["Critical", ...]


class SearchResult(NamedTuple):
    """Critical points with their regions, and the basin of each cell of a window."""

    window: "Window"
    critical: tuple["Critical", ...]
    labels: Any
    regions: Any


class Scenery(NamedTuple):
    """What stays the same on the maps: the loss over the window and its levels, the picture, and names above it."""

    grid: "Grid"
    levels: Any
    canvas: "RasterCanvas"
    labels: "list[Label]"


class MapDrawing(NamedTuple):
    """What stays the same on the maps of a surface, and arrays that overlays keep of it."""

    scenery: Scenery
    kept: dict[str, Any]
    surface: Any


def draw_map(request: MapRequest, _report: Report) -> MapDrawing:
    """Draw maps, their axes, the marks of critical points and of the start, and what overlays keep of them."""
    import numpy as np

    from errsurf.drawing.canvas import RasterCanvas
    from errsurf.drawing.history.contours import contour_levels, loss_grid
    from errsurf.drawing.map.colorbar import draw_colorbar
    from errsurf.drawing.map.landmarks import name_labels
    from errsurf.drawing.map.maps import Maps
    from errsurf.drawing.scene import marked, marked_spots
    from errsurf.drawing.scene_on_canvas import draw_maps

    result, plan, picture = request.result, request.plan, request.result.scenario.picture
    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    grid = loss_grid(result.landscape, request.window, plan.map)
    levels = contour_levels(grid[2], picture.levels, picture.level_scale)
    shown, colours = list(range(len(result.groups))), np.zeros((len(result.groups), 3), np.uint8)
    maps = Maps(result, plan, request.window, shown, colours, [], grid, levels, 0.0, request.critical)
    spots, canvas = marked_spots(maps, marked(maps)), RasterCanvas.blank(plan.size, plan.style.theme.background)
    draw_maps(canvas, maps, spots)
    draw_colorbar(canvas, maps)
    # What takes long and follows from the surface alone is computed here and kept.
    if picture.test or "test" in (picture.surface, picture.beside):
        _ = maps.test_loss
    if picture.stability:
        _ = maps.sharpness
    labels = [label for found in spots for label in name_labels(found, maps.style)]
    return MapDrawing(Scenery(grid, levels, canvas, labels), maps.kept, result.scenario.surface)


def search_surface(result: "Result", _report: Report) -> SearchResult:
    """Critical points and basins of a result's surface; the result may have few frames."""
    from errsurf.run_analysis.findings import Findings

    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    findings = Findings(result)
    return SearchResult(findings.window, findings.critical, findings.terrain.basin_map, findings.regions)


def claim_verdicts(result: "Result", _report: Report) -> tuple[str, ...]:
    """The verdicts on a result's claims, from the frames that its run records without a window."""
    from errsurf.claims.checking import checked
    from errsurf.run_analysis.findings import Findings

    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    return tuple(each.verdict for each in checked(Findings(result)))


def picture_file(result: "Result", at: float | None, path: Path, report: Report) -> Sequence[str]:
    """Write the picture of a result in the format of the path's suffix; returns notices about it."""
    from errsurf.drawing import PictureRequest, write_picture
    from errsurf.run_analysis.findings import Findings

    said: list[str] = []
    findings = Findings(result)
    request = PictureRequest(result, findings.critical, findings.basin_of, findings.regions, at=at, say=said.append)
    write_picture(replace(request, progress=lambda done, total: report(done / total)), path)
    return said


def send(stream: IO[bytes], value: Any) -> None:
    """Write a value; arrays are not copied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    parts: list[bytes | memoryview] = [head, *(buffer.raw() for buffer in buffers)]
    stream.write(struct.pack(f"<{len(parts) + 1}q", len(parts), *(len(part) for part in parts)))
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read the next value; raises EOFError at the end."""
    (count,) = struct.unpack("<q", _bytes(stream, 8))
    lengths = struct.unpack(f"<{count}q", _bytes(stream, 8 * count))
    head, *buffers = (_bytes(stream, length) for length in lengths)
    return pickle.loads(head, buffers=[bytearray(buffer) for buffer in buffers])


def _bytes(stream: IO[bytes], count: int) -> bytes:
    read = stream.read(count)
    if len(read) < count:
        raise EOFError
    return read


def _pickled(scenario: "Scenario") -> bytes:
    return pickle.dumps(scenario.drawn_from)


@lru_cache(maxsize=4)
def _landscape(pickled: bytes) -> "Landscape":
    from errsurf.engine.examples import problem
    from errsurf.engine.landscape import Landscape

    return Landscape(problem(*pickle.loads(pickled)))


def main() -> None:
    """Do what comes through standard input, one job after the other; what users' files print goes to stderr."""
    from errsurf.records import listing

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        listing.join(receive(sys.stdin.buffer))
        while True:
            number, work, arguments = receive(sys.stdin.buffer)
            send(answers, _answer(answers, number, work, arguments))


def _answer(answers: IO[bytes], number: int, work: Callable[..., Any], arguments: Any) -> tuple[int, str, Any]:
    try:
        return number, "done", work(*arguments, lambda share: send(answers, (number, "share", share)))
    except Exception as error:  # the window shows every error
        return number, "failed", str(error) or type(error).__name__


if __name__ == "__main__":
    main()
