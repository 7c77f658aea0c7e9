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
    from errsurf.drawing.layout_parts import Layout
    from errsurf.drawing.stage import Scenery
    from errsurf.drawing.window import Window
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
    """Critical points, and the basin of each cell of a window."""

    window: "Window"
    critical: tuple["Critical", ...]
    labels: Any


class MapDrawing(NamedTuple):
    """The background of a surface's maps, and arrays that overlays reuse."""

    scenery: "Scenery"
    kept: dict[str, Any]
    surface: Any


def draw_map(order: MapRequest, _report: Report) -> MapDrawing:
    """Draw maps with axes, marks of critical points and starts, and the static part of overlays."""
    from errsurf.drawing.stage import scenery

    result, plan = order.result, order.plan
    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    drawn = scenery(result, plan, order.window, order.critical)
    return MapDrawing(drawn, _kept(order, drawn), result.scenario.surface)


def _kept(order: MapRequest, drawn: "Scenery") -> dict[str, Any]:
    """What overlays compute once for a window, without those that depend on recorded frames."""
    import numpy as np

    from errsurf.drawing.overlays import Ground, overlays

    none: dict[str, Any] = {"arrows": "none", "rates": False, "members": False, "noise": False, "beside": "none"}
    scenario = order.result.scenario
    result = replace(order.result, scenario=replace(scenario, picture=scenario.picture._replace(**none)))
    shown, colours = list(range(len(result.groups))), np.zeros((len(result.groups), 3), np.uint8)
    base = drawn.base.copy()
    ground = Ground(
        result, order.plan, order.window, shown, colours, [], drawn.grid, drawn.levels, drawn.image, base, 0.0, ()
    )
    result.__dict__["landscape"] = order.result.landscape
    overlays(ground)
    return {name: value for name, value in ground.kept.items() if isinstance(value, np.ndarray)}


def search_surface(result: "Result", _report: Report) -> SearchResult:
    """Critical points and basins of a result's surface; the result may have few frames."""
    from errsurf.analysis import basin_map
    from errsurf.run_analysis.findings import Findings

    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    findings = Findings(result)
    return SearchResult(
        findings.window, findings.critical, basin_map(result.landscape, findings.window, findings.minima)
    )


def picture_file(result: "Result", at: float | None, path: Path, report: Report) -> Sequence[str]:
    """Write the picture of a result in the format of the path's suffix; returns notices about it."""
    from errsurf.drawing import Order, write_picture
    from errsurf.run_analysis.findings import Findings

    said: list[str] = []
    findings = Findings(result)
    order = Order(result, findings.critical, findings.basin_of, at=at, say=said.append)
    write_picture(replace(order, progress=lambda done, total: report(done / total)), path)
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
    return pickle.dumps((scenario.surface, scenario.seed))


@lru_cache(maxsize=4)
def _landscape(pickled: bytes) -> "Landscape":
    from errsurf.engine.examples import problem
    from errsurf.engine.landscape import Landscape

    return Landscape(problem(*pickle.loads(pickled)))


def main() -> None:
    """Run jobs from standard input one after the other; output of users' files goes to stderr."""
    from errsurf import optimizers, surfaces

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        surfaces.__path__, optimizers.__path__ = receive(sys.stdin.buffer)
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
