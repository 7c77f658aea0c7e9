"""What a picture file is to show, and the record of one kind of picture file, with which each file of formats/ ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Regions
    from errsurf.drawing.history.numbers import BasinOf
    from errsurf.run.result import Result


def _unheard(_text: str) -> None:
    """Discard a message."""


def _unseen(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


EXACT_FPS = (1, 2, 4, 5, 10, 20, 25, 50)
"""Frames a second for which each frame is shown for whole hundredths of a second."""


class Reduction(NamedTuple):
    """What a file gives up to become smaller: ``size`` is a factor of width and height, ``frames`` of their number.

    ``quality`` from 1 down to 0 is the format's own: colours of a GIF, the rate factor of a video.
    """

    size: float = 1.0
    frames: float = 1.0
    quality: float = 1.0


NO_REDUCTION = Reduction()


def frame_rate(fps: float, reduction: Reduction) -> float:
    """Frames a second of a moving picture: as asked, or the largest that is exact in any format and no more."""
    wanted = fps * reduction.frames * (1 + 1e-9)
    return fps if reduction.frames == 1 else max((exact for exact in EXACT_FPS if exact <= wanted), default=1)


@dataclass(frozen=True)
class PictureRequest:
    """What a file is to show.

    ``critical``, ``basin_of`` and ``regions`` are as for ``painter``; ``at`` is the clock value of a still, None for
    the last one.  ``progress(done, total)`` is called after each frame, ``say(text)`` with what the user should know.
    ``layout`` is that of a figure, ``picture`` for what every format draws; ``frames`` are those of a ``strip``.
    """

    result: "Result"
    critical: Sequence["Critical"] = ()
    basin_of: "BasinOf | None" = None
    regions: "Regions | None" = None
    at: float | None = None
    reduction: Reduction = NO_REDUCTION
    progress: Callable[[int, int], None] = _unseen
    say: Callable[[str], None] = _unheard
    layout: str = "picture"
    frames: int = 4


def say_flat(request: PictureRequest) -> None:
    """Say that a picture of lines shows a relief's surface as a map."""
    if request.result.scenario.picture.view == "3d":
        request.say(
            'the view "3d" is made of pixels: this picture has the flat map; .png, .gif and videos show the relief'
        )


def say_opaque(request: PictureRequest) -> None:
    """Say that a picture that moves has a background."""
    if request.result.scenario.picture.transparent:
        request.say("picture.transparent is for stills, .png, .svg and .pdf: this picture has its background")


def say_omitted(request: PictureRequest, keys: Sequence[str]) -> None:
    """Say which of these keys of ``[picture]`` are given and not followed."""
    picture = request.result.scenario.picture
    given = [f"picture.{key}" for key in keys if getattr(picture, key) != type(picture)._field_defaults[key]]
    if given:
        request.say(f"this picture is without {', '.join(given)}; .png, .gif and videos show that")


@dataclass(frozen=True)
class Format:
    """One kind of picture file; its suffix is the name of the file that ends with this record.

    ``write(request, file)`` draws into a file opened for writing, which is named and kept only when that succeeds.
    ``reductions`` are what it can give up, from nothing to much, each smaller than the one before, and ``gives_up`` is
    what less quality means.  ``module`` must be installed.
    """

    what: str
    moving: bool
    write: Callable[[PictureRequest, BinaryIO], None]
    reductions: tuple[Reduction, ...] = ()
    gives_up: str = ""
    module: str = ""
