"""The GIF encoder: exact delays, exact colours, whole files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing.colours import Pixels
from errsurf.drawing.moving.gif import encode_gif
from errsurf.drawing.moving.palette import indexer, shared_palette
from errsurf.system.atomic_write import whole_file

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
    encode_gif(file, map(indexer(palette), pictures), delays, palette)
    return file.getvalue()


def test_pictures_come_back_as_they_were() -> None:
    pictures = frames(8)
    found, _ = decoded(encoded(pictures, [4] * 8))
    assert all(np.array_equal(a, b) for a, b in zip(found, pictures, strict=True))


def test_a_file_of_the_system_holds_what_memory_holds(tmp_path: Path) -> None:
    """Pillow writes into it past Python's buffers."""
    pictures = frames(8)
    with (tmp_path / "a.gif").open("w+b") as file:
        encode_gif(file, map(indexer(PALETTE), pictures), [4] * 8, PALETTE, comment="so")
        place = file.tell()
    with BytesIO() as memory:
        encode_gif(memory, map(indexer(PALETTE), pictures), [4] * 8, PALETTE, comment="so")
        held = memory.getvalue()
    assert (tmp_path / "a.gif").read_bytes() == held
    assert place == len(held)


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


@pytest.mark.parametrize(("loop", "stored"), [(0, 0), (1, None), (2, 1), (65_535, 65_534)])
def test_it_plays_as_often_as_asked(loop: int, stored: int | None) -> None:
    """Netscape's number counts repetitions after the first time; a picture without it plays once."""
    file = BytesIO()
    encode_gif(file, map(indexer(PALETTE), frames(2)), [4, 4], PALETTE, loop=loop)
    with Image.open(file) as image:
        assert image.info.get("loop") == stored


@pytest.mark.parametrize("length", [0, 1, 254, 255, 256, 1000])
def test_comments_of_any_length_come_back(length: int) -> None:
    file, comment = BytesIO(), "".join(chr(32 + k % 90) for k in range(length))
    encode_gif(file, map(indexer(PALETTE), frames(2)), [4, 4], PALETTE, comment=comment)
    with Image.open(file) as image:
        assert image.info.get("comment", b"").decode() == comment
    assert all(np.array_equal(a, b) for a, b in zip(decoded(file.getvalue())[0], frames(2), strict=True))


def test_the_palette_holds_exact_and_common_colours_and_what_moves() -> None:
    ramp = np.linspace(0, 255, 3000).astype(np.uint8)
    quiet = np.tile(np.array([200, 210, 220], dtype=np.uint8), (30, 3000, 1))
    moving = quiet.copy()
    moving[10] = np.stack([ramp, ramp[::-1], np.full_like(ramp, 90)], axis=-1)
    palette = shared_palette([(quiet, moving), (moving, quiet)], PALETTE, 64)
    assert len(palette) <= 64
    known = {tuple(int(c) for c in colour) for colour in palette}
    assert {tuple(int(c) for c in colour) for colour in [*PALETTE, quiet[0, 0]]} <= known
    nearest = np.linalg.norm(moving[10][:, None].astype(float) - palette, axis=-1).min(axis=1)
    assert nearest.max() < 40


def test_a_palette_of_a_picture_that_stands_still() -> None:
    picture = frames(1)[0]
    assert len(shared_palette([(picture, picture)], PALETTE)) == len(PALETTE)


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
