"""Frames into a video, through PyAV, which is imported when it is used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.film import delays, drawn, film
from errsurf.drawing.origin import origin

if TYPE_CHECKING:
    from errsurf.drawing.picture_file import PictureRequest

_BT709, _LIMITED = 1, 1
_THREADS = 4


class Codec(NamedTuple):
    """Names and options that FFmpeg knows; ``room`` is an option of the container that takes a number of bytes."""

    container: str
    name: str
    options: Mapping[str, str]
    crf: tuple[int, int]
    flags: Mapping[str, str] = {}
    room: str = ""


def write_video(request: "PictureRequest", file: BinaryIO, codec: Codec) -> None:
    """Draw and encode all frames at the picture's size.

    While a frame is held it is repeated, and the last one takes what is left of the time, so that the frame rate is
    even and the duration as asked for.  The bytes do not depend on the number of processors.
    """
    picture = request.result.scenario.picture
    ready = film(request)
    rate = int(ready.fps)
    times = delays(picture, ready, 1000 * rate)
    quality = round(codec.crf[1] + (codec.crf[0] - codec.crf[1]) * request.reduction.quality)
    text = {"title": request.result.scenario.title, "comment": origin(request.result)}
    options = dict(codec.flags)
    if codec.room:
        options[codec.room] = str(4096 + sum(len(t.encode()) for t in text.values()) + 48 * (sum(times) // 1000 + 1))
    encode_video(file, drawn(ready, request), times, rate, codec, quality, options, text)


def encode_video(
    file: BinaryIO,
    frames: Iterable[Pixels],
    delays: Sequence[int],
    rate: int,
    codec: Codec,
    quality: int,
    options: Mapping[str, str],
    text: Mapping[str, str],
) -> None:
    """Write frames, each (height, width, 3) of even sides, with their delays in 1 / (1000 rate) seconds.

    The video is whole before the file is written: FFmpeg loses the reason why a file cannot be.
    """
    import av

    content = BytesIO()
    with av.open(content, "w", format=codec.container, options=dict(options)) as container:
        container.metadata.update(text)
        stream: Any = container.add_stream(codec.name, rate=rate, options={**codec.options, "crf": str(quality)})
        packets = _packets(stream, frames, delays, rate)
        ready = next(packets)
        for packet in packets:
            container.mux(ready)
            ready = packet
        ready.duration = sum(delays) - ready.pts
        container.mux(ready)
    file.write(content.getbuffer())


def _packets(stream: Any, frames: Iterable[Pixels], delays: Sequence[int], rate: int) -> Iterator[Any]:
    """What the encoder makes of the frames, each again every 1,000 units while it stays."""
    begin = 0
    for frame, delay in zip(frames, delays, strict=True):
        if begin == 0:
            _prepare(stream, frame, rate)
        for k in range(_repeats(delay)):
            picture = _yuv(frame)
            picture.pts, picture.time_base = begin + 1000 * k, stream.codec_context.time_base
            yield from stream.encode(picture)
        begin += delay
    yield from stream.encode(None)


def _repeats(delay: int) -> int:
    return max(1, delay // 1000)


def _prepare(stream: Any, frame: Pixels, rate: int) -> None:
    stream.height, stream.width = frame.shape[:2]
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, 1000 * rate)
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED
    context.thread_count = _THREADS


def _yuv(frame: Pixels) -> Any:
    from av.video.frame import VideoFrame
    from av.video.reformatter import ColorRange, Colorspace

    return VideoFrame.from_ndarray(frame, format="rgb24").reformat(
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
