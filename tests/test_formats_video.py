"""Videos: what players need to know of them, how long they are, what they show, and what made them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.drawing import PictureRequest
from errsurf.drawing.formats import Reduction, picture_format
from errsurf.drawing.moving.film import film
from errsurf.run.result import Result
from errsurf.scenario import read_scenario
from helpers.synthetic_results import made_run, walks

av = pytest.importorskip("av")
NAMES = ("mp4", "webm")
BT709, LIMITED = 1, 1


def run(**picture: Any) -> Result:
    """A small run and what its picture is to be."""
    return made_run(*walks(2, 30, 12), title="Größe 小", **{"size": (320, 242), "seconds": 0.4, "hold": 0.0, **picture})


def written(name: str, result: Result, **more: Any) -> bytes:
    """The file's content."""
    file = BytesIO()
    picture_format(name).write(PictureRequest(result, **more), file)
    return file.getvalue()


def decoded(content: bytes) -> tuple[list[Any], list[float]]:
    """Pictures and the times when they begin, in seconds."""
    with av.open(BytesIO(content)) as file:
        frames = list(file.decode(video=0))
        colours = {"src_colorspace": "ITU709", "dst_colorspace": "ITU709"}
        ranges = {"src_color_range": "MPEG", "dst_color_range": "JPEG"}
        shown = [frame.reformat(format="rgb24", **colours, **ranges).to_ndarray() for frame in frames]
        return shown, [float(frame.pts * frame.time_base) for frame in frames]


def boxes(content: bytes) -> list[str]:
    """Kinds of an MP4's outermost parts, in order."""
    kinds, place = [], 0
    while place < len(content):
        kinds.append(content[place + 4 : place + 8].decode())
        place += int.from_bytes(content[place : place + 4], "big")
    return kinds


@pytest.mark.parametrize("name", NAMES)
def test_browsers_and_slide_programs_can_play_it(name: str) -> None:
    content = written(name, run())
    with av.open(BytesIO(content)) as file:
        stream = file.streams.video[0]
        codec = stream.codec_context
        assert codec.name == {"mp4": "h264", "webm": "vp9"}[name]
        assert (codec.pix_fmt, codec.width, codec.height) == ("yuv420p", 320, 242)
        assert (codec.color_primaries, codec.color_trc, codec.colorspace) == (BT709,) * 3
        assert codec.color_range == LIMITED
        assert stream.guessed_rate == 25
        assert file.metadata["title"] == "Größe 小"
    if name == "mp4":
        assert boxes(content)[:2] == ["ftyp", "moov"]
        assert boxes(content)[-1] == "mdat"


@pytest.mark.parametrize("name", NAMES)
def test_what_was_drawn_comes_back_at_the_size_that_was_asked_for(name: str) -> None:
    result = run(seconds=1.0)
    ready = film(PictureRequest(result))
    pictures, times = decoded(written(name, result))
    assert len(pictures) == len(ready.clocks) == 25
    assert times == pytest.approx(np.arange(25) / 25)
    for shown, clock in zip(pictures, ready.clocks, strict=True):
        error = np.mean((shown.astype(float) - ready.painter.frame(clock)) ** 2)
        assert 10 * np.log10(255**2 / error) > 28
        assert np.abs(shown.mean(axis=(0, 1)) - ready.painter.frame(clock).mean(axis=(0, 1))).max() < 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fps", [10, 20, 25, 30, 50])
def test_the_time_is_as_asked_to_a_hundredth(name: str, fps: int) -> None:
    content = written(name, run(fps=fps, seconds=0.6, hold_first=0.33, hold=0.57))
    _, times = decoded(content)
    with av.open(BytesIO(content)) as file:
        assert file.duration / 1e6 == pytest.approx(1.5, abs=0.005)
    assert times[0] == 0
    assert np.diff(times).min() == pytest.approx(1 / fps, abs=0.0015)
    assert np.diff(times).max() < 2 / fps
    moves = times[-1 - int(0.57 * fps + 1e-6) - round(0.6 * fps) + 1]
    assert moves == pytest.approx(0.33 + 1 / fps, abs=2 / fps)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    assert written(name, run()) == written(name, run())


@pytest.mark.parametrize("name", NAMES)
def test_it_carries_what_made_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{name}"
    path.write_bytes(written(name, run()))
    assert read_scenario(path) == run().scenario


@pytest.mark.parametrize("name", NAMES)
def test_less_quality_is_fewer_bytes_and_any_size_is_even(name: str) -> None:
    whole = written(name, run(size=(480, 270)))
    less = written(name, run(size=(480, 270)), reduction=Reduction(0.93, 1.0, 0.0))
    assert len(less) < len(whole)
    height, width = decoded(less)[0][0].shape[:2]
    assert (width, height) == (446, 252)
