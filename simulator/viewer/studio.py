"""The other side of ``workshop``: a process that draws maps and writes files, so that the window never waits.

matplotlib, Pillow and the search for critical points hold the interpreter's lock for tens of milliseconds.
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


class StillOrder(NamedTuple):
    """What stands still, to be drawn: of a run with few frames, where everything goes, which part of the plane."""

    result: "Result"
    plan: "Layout"
    window: "Window"
    critical: tuple["Critical", ...]


class Found(NamedTuple):
    """Critical points, and the basin of each cell of a window."""

    window: "Window"
    critical: tuple["Critical", ...]
    labels: Any


class Still(NamedTuple):
    """What stands still on the maps of a surface, and arrays that overlays keep of it."""

    scenery: "Scenery"
    kept: dict[str, Any]
    surface: Any


def still(order: StillOrder, _report: Report) -> Still:
    """Maps, their axes, the marks of critical points and of the start, and what stands still of overlays."""
    from errsurf.drawing.stage import scenery

    result, plan = order.result, order.plan
    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    drawn = scenery(result, plan, order.window, order.critical)
    return Still(drawn, _kept(order, drawn), result.scenario.surface)


def _kept(order: StillOrder, drawn: "Scenery") -> dict[str, Any]:
    """What overlays work out once for a window; those that follow what is recorded are left out."""
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


def found(result: "Result", _report: Report) -> Found:
    """The critical points of a result's surface where they matter, and its basins; the result may have few frames."""
    from errsurf.analysis import basin_map
    from errsurf.run_analysis.findings import Findings

    result.__dict__["landscape"] = _landscape(_pickled(result.scenario))
    findings = Findings(result)
    return Found(findings.window, findings.critical, basin_map(result.landscape, findings.window, findings.minima))


def picture_file(result: "Result", at: float | None, path: Path, report: Report) -> Sequence[str]:
    """Write the picture of a result in the format of the path's suffix; what should be said of it."""
    from errsurf.drawing import Order, write_picture
    from errsurf.run_analysis.findings import Findings

    said: list[str] = []
    findings = Findings(result)
    order = Order(result, findings.critical, findings.basin_of, at=at, say=said.append)
    write_picture(replace(order, progress=lambda done, total: report(done / total)), path)
    return said


def put(stream: IO[bytes], value: Any) -> None:
    """Write a value; arrays go as they are, without a copy."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    parts: list[bytes | memoryview] = [head, *(buffer.raw() for buffer in buffers)]
    stream.write(struct.pack(f"<{len(parts) + 1}q", len(parts), *(len(part) for part in parts)))
    for part in parts:
        stream.write(part)
    stream.flush()


def taken(stream: IO[bytes]) -> Any:
    """The next value; raises EOFError when there is none."""
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
    """Do what comes through standard input, one job after the other; what users' files print goes to stderr."""
    from errsurf import optimizers, surfaces

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        surfaces.__path__, optimizers.__path__ = taken(sys.stdin.buffer)
        while True:
            number, work, arguments = taken(sys.stdin.buffer)
            put(answers, _answer(answers, number, work, arguments))


def _answer(answers: IO[bytes], number: int, work: Callable[..., Any], arguments: Any) -> tuple[int, str, Any]:
    try:
        return number, "done", work(*arguments, lambda share: put(answers, (number, "share", share)))
    except Exception as error:  # whatever went wrong is said in the window
        return number, "failed", str(error) or type(error).__name__


if __name__ == "__main__":
    main()
