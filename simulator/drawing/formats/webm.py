"""Video for browsers: VP9 at twice the picture's size."""

from typing import BinaryIO

from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.video import Codec, write_video
from errsurf.drawing.picture_file import Format, Order

# Without `bitexact` the container gets a random number.
_CODEC = Codec(
    "webm",
    "libvpx-vp9",
    {"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "b": "0"},
    crf=(26, 45),
    flags={"fflags": "+bitexact"},
)


def write(order: Order, file: BinaryIO) -> None:
    """Draw and encode all frames."""
    write_video(order, file, _CODEC)


RECORD = Format(
    "video for browsers",
    moving=True,
    write=write,
    economies=MOVING,
    gives_up="stronger compression",
    extra="video",
    module="av",
)
