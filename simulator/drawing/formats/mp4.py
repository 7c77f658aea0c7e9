"""Video for slide programs and browsers: H.264, ready to play before it is all loaded."""

from typing import BinaryIO

from errsurf.drawing.moving.fitting import MOVING
from errsurf.drawing.moving.video import Codec, write_video
from errsurf.drawing.picture_file import Format, PictureRequest

# There are no B-frames (bf): with them the last frame's time is lost.
# The table of contents goes into room kept free for it at the beginning: moving it there afterwards, as FFmpeg's
# faststart does, takes a file that can be opened a second time by its name.
_CODEC = Codec("mp4", "libx264", {"preset": "fast", "profile": "high", "bf": "0"}, crf=(18, 34), room="moov_size")


def write(request: PictureRequest, file: BinaryIO) -> None:
    """Draw and encode all frames."""
    write_video(request, file, _CODEC)


RECORD = Format(
    "video for slides and browsers",
    moving=True,
    write=write,
    reductions=MOVING,
    gives_up="stronger compression",
    module="av",
)
