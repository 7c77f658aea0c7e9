"""The GIF writer: exact delays, exact colours, whole files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulator.drawing.colours import Pixels
from simulator.drawing.gif import encode_gif, frame_delays, shared_palette
from simulator.drawing.whole_file import whole_file

PALETTE = np.array([(255, 255, 255), (213, 94, 0), (0, 114, 178), (0, 140, 100), (9, 9, 9)], dtype=np.uint8)


def frames(count: int, seed: int = 1) -> list[Pixels]:
    """Pictures of squares in the palette's colours that move from frame to frame."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        picture = np.full((60, 80, 3), 255, dtype=np.uint8)
        for colour in PALETTE[1:]:
            top, left = draw.integers(0, 50), draw.integers(0, 70)
            picture[top : top + 10, left : left + 10] = colour
        found.append(picture)
    return found


def decoded(data: bytes) -> tuple[list[Pixels], list[int]]:
    """The pictures and their delays in milliseconds."""
    pictures, delays = [], []
    with Image.open(BytesIO(data)) as image:
        for k in range(getattr(image, "n_frames", 1)):
            image.seek(k)
            pictures.append(np.asarray(image.convert("RGB")))
            delays.append(image.info["duration"])
    return pictures, delays


def encoded(pictures: list[Pixels], delays: list[int], palette: Pixels = PALETTE) -> bytes:
    file = BytesIO()
    encode_gif(file, iter(pictures), delays, palette)
    return file.getvalue()


@pytest.mark.parametrize("fps", [10, 20, 25, 50])
def test_round_rates_are_exact_at_every_frame(fps: int) -> None:
    pictures = frames(12)
    _, delays = decoded(encoded(pictures, frame_delays(12, fps, 0.0)))
    assert delays == [1000 // fps] * 12


@pytest.mark.parametrize("fps", [1, 7, 12, 24, 30, 33, 48])
def test_other_rates_keep_the_total(fps: int) -> None:
    delays = frame_delays(150, fps, 1.5)
    assert sum(delays) == pytest.approx(15000 / fps + 150, abs=0.51)
    assert np.ptp(delays[:-1]) <= 1
    assert min(delays) >= 2


def test_pictures_come_back_as_they_were() -> None:
    pictures = frames(8)
    found, _ = decoded(encoded(pictures, [4] * 8))
    assert all(np.array_equal(a, b) for a, b in zip(found, pictures, strict=True))


def test_equal_frames_keep_the_time() -> None:
    a, b, c = frames(3)
    found, delays = decoded(encoded([a, a, b, b, b, c, a, a], [4, 4, 4, 4, 4, 4, 4, 90]))
    assert [any(np.array_equal(f, p) for p in (a, b, c)) for f in found] == [True] * 4
    assert delays == [80, 120, 40, 940]


def test_a_pause_longer_than_a_delay_can_say_is_kept() -> None:
    a, b = frames(2)
    _, delays = decoded(encoded([a, a, a, b], [30_000, 30_000, 30_000, 4]))
    assert sum(delays) == 900_040


def test_a_single_frame_is_a_gif() -> None:
    picture = frames(1)[0]
    found, _ = decoded(encoded([picture], [4]))
    assert np.array_equal(found[0], picture)


def test_the_palette_holds_exact_and_common_colours() -> None:
    ramp = np.linspace(0, 255, 3000).astype(np.uint8)
    noise = np.stack([ramp, ramp[::-1], np.full_like(ramp, 90)], axis=-1)[None]
    quiet = np.tile(np.array([200, 210, 220], dtype=np.uint8), (1, 3000, 1))
    palette = shared_palette([noise, quiet], PALETTE, 64)
    assert len(palette) <= 64
    known = {tuple(int(c) for c in colour) for colour in palette}
    assert {tuple(int(c) for c in colour) for colour in [*PALETTE, quiet[0, 0]]} <= known
    nearest = np.linalg.norm(noise[0][:, None].astype(float) - palette, axis=-1).min(axis=1)
    assert nearest.max() < 40


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"

    def half() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list(tmp_path.iterdir()) == []
    with whole_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]
