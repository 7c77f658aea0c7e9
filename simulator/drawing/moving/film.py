"""The frames of a moving picture: what each shows, for how long, and its pixels one after the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.history.frames import Array, clock_end
from errsurf.drawing.history.pace import frame_clocks
from errsurf.drawing.picture_file import PictureRequest, frame_rate, say_opaque
from errsurf.drawing.views import AnyPainter, painter
from errsurf.errors import UserError

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Picture

_SMALLEST = 240


class Film(NamedTuple):
    """What is drawn: ``clocks`` (frames,) are clock values, ``fps`` the frames a second that they are meant for."""

    painter: AnyPainter
    clocks: Array
    fps: float


def film(request: PictureRequest, *, most_fps: float = np.inf) -> Film:
    """Prepare the frames an order asks for."""
    picture = request.result.scenario.picture
    say_opaque(request)
    fps = frame_rate(min(picture.fps, most_fps), request.reduction)
    return Film(request_painter(request), frame_clocks(request.result, fps), fps)


def request_painter(request: PictureRequest, paper: Colour | None = None) -> AnyPainter:
    """The painter of an order in the picture's size, or less, both sides even and at least 240 pixels.

    ``paper`` is behind everything, by default the theme's background.
    """
    size = request.result.scenario.picture.size
    scale = max(request.reduction.size, _SMALLEST / min(size))
    width, height = (2 * round(side * scale / 2) for side in size)
    if request.result.scenario.picture.view == "flat" and request.result.scenario.picture.turn:
        request.say('picture.turn is for view = "3d"; this picture is flat')
    return painter(
        request.result,
        critical=request.critical,
        basin_of=request.basin_of,
        regions=request.regions,
        size=(width, height),
        paper=paper,
    )


def transparent_frame(request: PictureRequest) -> Pixels:
    """The frame of a still picture without its background, shape (height, width, 4), uint8.

    How far a pixel covers what is below follows from how it looks on black and on white.
    """
    black, white = (
        request_painter(request, (tone, tone, tone)).frame(still_clock(request)).astype(np.float64) for tone in (0, 255)
    )
    cover = 255.0 - np.max(white - black, axis=-1, keepdims=True)
    colours = np.clip(255.0 * black / np.maximum(cover, 1.0), 0.0, 255.0)
    return np.asarray(np.rint(np.concatenate([colours, np.clip(cover, 0.0, 255.0)], axis=-1)).astype(np.uint8))


def clock_at(result: "Result", text: str) -> float:
    """The clock value that a text names, ``300`` or ``50%`` of the run; raises UserError if it lies outside the run."""
    end, clock = clock_end(result), result.scenario.picture.clock
    try:
        value = float(text.removesuffix("%")) * (end / 100 if text.endswith("%") else 1)
    except ValueError:
        value = np.nan
    if not 0 <= value <= end:
        raise UserError(f"--at {text}: no frame of this run; allowed: 0 to {end:,} {clock}, or 0% to 100%")
    return value


def still_clock(request: PictureRequest) -> float:
    """The clock value of the frame that a still picture shows."""
    return float(clock_end(request.result)) if request.at is None else request.at


def delays(picture: "Picture", ready: Film, unit: int) -> list[int]:
    """How long each frame is shown, in 1 / ``unit`` seconds, first and last with their holds.

    Frame k begins k / fps seconds after the first one, rounded to a unit; the sum is what the scenario asks for,
    seconds and holds, to half a unit.
    """
    first, end = picture.hold_first, picture.hold_first + picture.seconds + picture.hold
    begins = np.concatenate([[0.0], first + np.arange(1, len(ready.clocks)) / ready.fps, [end]])
    return [max(int(d), 2) for d in np.diff(np.rint(begins * unit).astype(np.int64))]


def drawn(
    ready: Film, request: PictureRequest, made: Callable[[Pixels], Pixels] = lambda frame: frame
) -> Iterator[Pixels]:
    """What is ``made`` of the frames: each is drawn, in one of two arrays, while the one before is used."""
    arrays = [np.empty_like(ready.painter.base) for _ in range(2)]

    def frame(place: int) -> Pixels:
        ready.painter.draw(float(ready.clocks[place]), arrays[place % 2])
        return made(arrays[place % 2])

    last = len(ready.clocks) - 1
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(frame, 0)
        for place in range(last + 1):
            now = coming.result()
            if place < last:
                coming = pool.submit(frame, place + 1)
            yield now
            request.progress(place + 1, last + 1)
