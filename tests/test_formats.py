"""Formats that Pillow decodes: what is drawn comes back, as long and as often as asked, and says what made it."""

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing import PictureRequest, format_names, format_of
from errsurf.drawing.formats import Reduction, picture_format
from errsurf.drawing.moving.film import film
from errsurf.errors import UserError
from errsurf.run.result import Result
from errsurf.scenario import read_scenario, resolved_toml
from helpers.synthetic_results import made_run, walks

RASTER = ("apng", "gif", "webp")
SMALL = {"size": (320, 240), "seconds": 0.4, "hold": 0.0, "fps": 25}


def run(**picture: Any) -> Result:
    """A small run and what its picture is to be."""
    return made_run(*walks(2, 30, 12), **{**SMALL, **picture})


def written(name: str, result: Result, **more: Any) -> bytes:
    """The file's content."""
    file = BytesIO()
    picture_format(name).write(PictureRequest(result, **more), file)
    return file.getvalue()


def decoded(content: bytes) -> tuple[list[Any], list[int], int | None]:
    """Pictures, milliseconds, and how often it plays."""
    pictures, times = [], []
    with Image.open(BytesIO(content)) as image:
        for k in range(image.n_frames):
            image.seek(k)
            pictures.append(np.asarray(image.convert("RGB")))
            times.append(round(image.info["duration"]))
        return pictures, times, image.info.get("loop")


def ratio(a: Any, b: Any) -> float:
    """Peak signal-to-noise ratio in dB."""
    return float(10 * np.log10(255**2 / max(np.mean((np.asarray(a, float) - b) ** 2), 1e-9)))


@pytest.mark.parametrize("name", RASTER)
def test_what_was_drawn_comes_back(name: str) -> None:
    result = run()
    ready = film(PictureRequest(result))
    drawn = [ready.painter.frame(clock) for clock in ready.clocks]
    pictures, times, _ = decoded(written(name, result))
    assert times == [40] * 10
    for now, wanted in zip(pictures, drawn, strict=True):
        assert np.array_equal(now, wanted) or (name == "gif" and ratio(now, wanted) > 43)
    moving = [np.any(a != b, axis=-1) for a, b in zip(drawn[1:], drawn[:-1], strict=True)]
    assert all(ratio(a[m], b[m]) > 37 for a, b, m in zip(pictures[1:], drawn[1:], moving, strict=True))


@pytest.mark.parametrize("name", RASTER)
@pytest.mark.parametrize("fps", [10, 20, 25, 50])
def test_round_rates_are_exact_and_so_are_holds(name: str, fps: int) -> None:
    _, times, _ = decoded(written(name, run(fps=fps, seconds=0.6, hold_first=0.37, hold=1.21)))
    assert len(times) == round(0.6 * fps)
    assert times[1:-1] == [1000 // fps] * (len(times) - 2)
    assert times[0] == 370 + 1000 // fps
    assert sum(times) == 2180


@pytest.mark.parametrize("name", RASTER)
@pytest.mark.parametrize("fps", [1, 7, 24, 30, 33, 48])
def test_other_rates_keep_the_total_and_say_what_a_gif_cannot(name: str, fps: int) -> None:
    said: list[str] = []
    _, times, _ = decoded(written(name, run(fps=fps, seconds=1.03, hold=0.5), say=said.append))
    assert sum(times) == 1530
    assert np.ptp(times[:-1]) <= 10
    assert len(said) == (name == "gif" and fps != 1)


def test_a_gif_faster_than_players_has_their_fifty_frames_and_says_so() -> None:
    said: list[str] = []
    _, times, _ = decoded(written("gif", run(fps=100), say=said.append))
    assert times == [20] * 20
    assert said == ["players show at most 50 frames a second of a GIF; it has 50 instead of 100"]
    assert decoded(written("apng", run(fps=100, seconds=0.2)))[1] == [10] * 20


@pytest.mark.parametrize("name", RASTER)
@pytest.mark.parametrize(("seconds", "fps"), [(0.01, 25), (0.05, 25), (0.001, 100)])
def test_the_shortest_pictures_have_two_frames(name: str, seconds: float, fps: int) -> None:
    pictures, times, _ = decoded(written(name, run(seconds=seconds, fps=fps, hold=0.5)))
    assert len(pictures) == 2
    assert sum(times) == pytest.approx(500 + 1000 * seconds, abs=5)


@pytest.mark.parametrize("name", RASTER)
@pytest.mark.parametrize("loop", [0, 1, 3])
def test_they_play_as_often_as_asked(name: str, loop: int) -> None:
    stored = decoded(written(name, run(loop=loop)))[2]
    assert stored == ({0: 0, 1: None, 3: 2}[loop] if name == "gif" else loop)


@pytest.mark.parametrize("name", RASTER)
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    assert written(name, run()) == written(name, run())


@pytest.mark.parametrize("name", RASTER)
def test_a_run_that_stands_still_is_one_frame_of_the_whole_time(name: str) -> None:
    still = made_run(np.zeros((3, 5, 2)), **{**SMALL, "chart": "none", "legend": False, "clock": "updates"})
    content = written(name, still)
    pictures, times, _ = decoded(content)
    assert len(pictures) <= 3
    assert sum(times) == 400


def test_a_pause_that_does_not_fit_into_one_delay_of_an_apng_is_kept() -> None:
    _, times, _ = decoded(written("apng", run(hold=60.0, hold_first=60.0)))
    assert sum(times) == 120_400


@pytest.mark.parametrize("name", sorted({*format_names()} - {"mp4", "webm"}))
def test_every_file_carries_what_made_it(name: str, tmp_path: Path) -> None:
    """Letters of any script, and those that XML and PDF write otherwise."""
    result = made_run(*walks(2, 30, 12), title='小 & <b> (c) \\ "q"', labels=("δ)", "🚀 \\("), **SMALL)
    path = tmp_path / f"a.{name}"
    path.write_bytes(written(name, result))
    found = read_scenario(path)
    assert found == result.scenario
    assert resolved_toml(found) == resolved_toml(result.scenario)
    assert found.name == "a"


@pytest.mark.parametrize("quality", [0.5, 0.0])
@pytest.mark.parametrize("name", RASTER)
def test_less_quality_is_fewer_colours_and_fewer_bytes(name: str, quality: float) -> None:
    whole = written(name, run())
    less = written(name, run(), reduction=Reduction(quality=quality))
    assert len(less) < len(whole)
    colours = {tuple(c) for picture in decoded(less)[0][:3] for c in picture.reshape(-1, 3)}
    assert len(colours) <= {0.5: 255, 0.0: 64}[quality]


def test_an_apng_is_a_png_with_valid_chunks_and_the_number_of_its_frames() -> None:
    content = written("apng", run())
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    kinds, place = [], 8
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        kinds.append(kind)
        if kind == b"acTL":
            assert struct.unpack(">II", content[place + 8 : place + 16]) == (10, 0)
        place += 12 + length
    assert kinds[:3] == [b"IHDR", b"tEXt", b"acTL"]
    assert kinds[-1] == b"IEND"
    assert kinds.count(b"fcTL") == 10


def test_stills_show_the_frame_that_is_asked_for() -> None:
    result = run()
    ready = film(PictureRequest(result)).painter
    for at in (None, 0.0, 25.0):
        with Image.open(BytesIO(written("png", result, at=at))) as image:
            assert np.array_equal(np.asarray(image), ready.frame(55.0 if at is None else at))


def test_formats_are_found_by_their_suffix() -> None:
    assert format_of("A.B.GIF") is picture_format("gif")
    for path, words in {
        "a.giff": "a.giff: unknown suffix; allowed: .apng, .gif, .html, ",
        "a.giv": "did you mean `a.gif`",
        "a": "no suffix; allowed: ",
        ".gif": "no suffix",
    }.items():
        with pytest.raises(UserError) as error:
            format_of(path)
        assert words in str(error.value)


def test_a_format_without_its_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.drawing.formats.find_spec", lambda _name: None)
    assert format_of("a.gif").moving
    with pytest.raises(UserError) as error:
        format_of("a.mp4")
    words = ".mp4 needs the package `av`, which is not installed; install it with: python -m pip install av"
    assert str(error.value) == f"a.mp4: {words}"
