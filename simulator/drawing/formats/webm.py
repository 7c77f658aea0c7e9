"""Video for browsers: VP9."""

from typing import BinaryIO

from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.video import Codec, write_video
from errsurf.drawing.picture_file import Format, PictureRequest

# Without `bitexact` the container gets a random number.
_CODEC = Codec(
    "webm",
    "libvpx-vp9",
    {"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "b": "0"},
    crf=(26, 45),
    flags={"fflags": "+bitexact"},
)


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames."""
    write_video(request, file, _CODEC)


RECORD = Format(
    "video for browsers",
    moving=True,
    write=write,
    reductions=MOVING,
    gives_up="stronger compression",
    module="av",
)
