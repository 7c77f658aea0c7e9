"""Files of a given size: as large as fits, and what that costs in words."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing import PictureRequest, write_picture
from errsurf.drawing.formats import Format, Reduction, picture_format
from errsurf.drawing.moving.fitting import MOVING, STILL, byte_count, fitted
from errsurf.errors import UserError
from helpers.synthetic_results import made_run, walks

RUN = made_run(*walks(2, 60, 12), size=(640, 360), seconds=0.6, fps=25)


class Encoder:
    """A format whose files have a size that follows from the reduction, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Reduction] = []
        self.format = Format("test", moving=True, write=self.write, reductions=MOVING, gives_up="fewer colours")

    def write(self, order: PictureRequest, file: BytesIO) -> None:
        """Bytes that grow with area, frames and quality."""
        self.asked.append(order.reduction)
        file.write(bytes(self.size(order.reduction)))

    @staticmethod
    def size(reduction: Reduction) -> int:
        """Bytes of a file."""
        return int(1e6 * reduction.size**2 * reduction.frames * (0.6 + 0.4 * reduction.quality))


@pytest.mark.parametrize("most", [1_000_000, 999_999, 800_000, 500_000, 300_000, 100_000, 20_000])
def test_it_fits_and_is_nearly_as_large_as_can_be(most: int) -> None:
    encoder, said = Encoder(), list[str]()
    content = fitted(encoder.format, PictureRequest(RUN, say=said.append), most)
    assert len(content) <= most
    assert len(encoder.asked) <= 9
    assert len(said) == (most < 1_000_000)
    step = next(k for k, reduction in enumerate(MOVING) if encoder.size(reduction) <= most)
    assert len(content) >= encoder.size(MOVING[step])
    if MOVING[step].size < 1:
        assert len(content) > 0.6 * most


def test_what_was_given_up_is_said() -> None:
    said: list[str] = []
    fitted(Encoder().format, PictureRequest(RUN, say=said.append), 150_000)
    assert len(said) == 1
    assert re.match(r"1[0-9]+(\.[0-9])? kB with ", said[0])
    assert "% of width and height, 10 frames a second instead of 25, fewer colours" in said[0]


def test_nothing_is_as_small_as_that() -> None:
    with pytest.raises(UserError, match=r"cannot be made smaller than 7.5 kB"):
        fitted(Encoder().format, PictureRequest(RUN), 1000)


@pytest.mark.parametrize("steps", [MOVING, STILL])
def test_every_economy_gives_up_more_than_the_one_before(steps: tuple[Reduction, ...]) -> None:
    assert steps[0] == Reduction(1, 1, 1)
    assert (np.diff(np.array(steps), axis=0) <= 0).all()
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize(("name", "share"), [("gif", 0.5), ("gif", 0.45), ("png", 0.4), ("apng", 0.3)])
def test_a_real_file_fits_keeps_its_time_and_is_the_same_again(name: str, share: float, tmp_path: Path) -> None:
    """About 4 s: up to nine pictures are drawn, twice."""
    file = BytesIO()
    picture_format(name).write(PictureRequest(RUN), file)
    most, said = int(share * len(file.getvalue())), list[str]()
    paths = [tmp_path / f"{k}.{name}" for k in "ab"]
    for path in paths:
        write_picture(PictureRequest(RUN, say=said.append), path, most=most)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert 0.25 * most < len(first) <= most
    assert len(said) == 2
    with Image.open(paths[0]) as image:
        width, height = image.size
        assert width / height == pytest.approx(480 / 270, abs=0.02)
        times = []
        for k in range(getattr(image, "n_frames", 1)):
            image.seek(k)
            times.append(image.info.get("duration", 0))
    assert sum(times) == (0 if name == "png" else 2100)


@pytest.mark.parametrize(
    ("text", "count"), [("2MB", 2_000_000), ("1.5 MB", 1_500_000), ("500kB", 500_000), (" 10 kB ", 10_000)]
)
def test_sizes_are_read(text: str, count: int) -> None:
    assert byte_count(text) == count


@pytest.mark.parametrize("text", ["2", "MB", "2 GB", "-1MB", "0MB", "0.0000001MB", "2mb", "1e3kB", ""])
def test_other_texts_are_no_sizes(text: str) -> None:
    with pytest.raises(UserError, match="such as 2MB"):
        byte_count(text)
