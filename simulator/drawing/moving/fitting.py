"""The best picture that fits into so many bytes."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from errsurf.drawing.picture_file import Format, PictureRequest, Reduction, frame_rate
from errsurf.errors import UserError
from errsurf.scenario.tables import ROOM, file_size
from errsurf.system.memory import in_words
from errsurf.system.text import printable

MOVING = tuple(
    Reduction(*row)
    for row in (
        (1.0, 1.0, 1.0), (1.0, 1.0, 0.5), (1.0, 0.8, 0.5), (0.9, 0.8, 0.5), (0.8, 0.8, 0.5), (0.8, 0.4, 0.5),
        (0.7, 0.4, 0.5), (0.55, 0.4, 0.5), (0.4, 0.4, 0.5), (0.4, 0.2, 0.5), (0.4, 0.2, 0.0), (0.25, 0.2, 0.0),
    )
)  # fmt: skip
STILL = tuple(Reduction(*row) for row in ((1.0, 1.0, 1.0), *((size, 1.0, 0.0) for size in (1.0, 0.7, 0.5, 0.35, 0.25))))

_HALVINGS = 2


def byte_count(text: str) -> int:
    """Bytes of a text such as ``2MB`` or ``500 kB``; raises UserError."""
    if not (found := file_size(text.strip())):
        raise UserError(f"{printable(text, 60)}: no file size; allowed: {ROOM.allowed}")
    return found


def fitted(form: Format, request: PictureRequest, most: int) -> bytes:
    """The file's content with the least reduction that fits ``most`` bytes; what was given up is said.

    The first of the format's reductions that fits is found by halving, then its size is made as large as fits, to a
    quarter of what it may gain: at most nine pictures are drawn.  Raises UserError if none fits.
    """
    done: dict[Reduction, tuple[bytes, list[str]]] = {}

    def fits(reduction: Reduction) -> bool:
        file, words = BytesIO(), list[str]()
        form.write(replace(request, reduction=reduction, say=words.append), file)
        done[reduction] = file.getvalue(), words
        return len(done[reduction][0]) <= most

    steps = form.reductions or (Reduction(),)
    best = steps[0] if fits(steps[0]) else steps[-1]
    if best != steps[0]:
        if not fits(best):
            least = min(len(content) for content, _ in done.values())
            raise UserError(f"cannot be made smaller than {in_words(least)}; allow more, or another format")
        best = _largest(steps, fits)
    content, words = done[best]
    for text in [*words, *_given_up(form, request, best, len(content))]:
        request.say(text)
    return content


def _largest(steps: tuple[Reduction, ...], fits: Callable[[Reduction], bool]) -> Reduction:
    """The first of these steps that fits, the first of which does not and the last of which does, as large as fits."""
    low, high = 0, len(steps) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(steps[middle]) else (middle, high)
    return _enlarged(steps[low], steps[high], fits)


def _enlarged(worse: Reduction, best: Reduction, fits: Callable[[Reduction], bool]) -> Reduction:
    """An reduction that fits with a larger size, but smaller than that of the one before, which does not."""
    low, high = best.size, worse.size
    if worse != best._replace(size=high):
        high = 1.0
        if low < high and fits(best._replace(size=high)):
            return best._replace(size=high)
    for _ in range(_HALVINGS if low < high else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(best._replace(size=middle)) else (low, middle)
    return best._replace(size=low)


def _given_up(form: Format, request: PictureRequest, reduction: Reduction, size: int) -> list[str]:
    """What an reduction means, in words; nothing if nothing was given up."""
    picture = request.result.scenario.picture
    fps = frame_rate(picture.fps, reduction)
    words = [
        f"{reduction.size:.0%} of width and height" if reduction.size < 1 else "",
        f"{fps:g} frames a second instead of {picture.fps}" if form.moving and fps < picture.fps else "",
        form.gives_up if reduction.quality < 1 else "",
    ]
    given = ", ".join(word for word in words if word)
    return [f"{in_words(size)} with {given}"] if given else []
