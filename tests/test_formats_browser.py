"""Moving pictures in a real browser: they play, for as long and as often as asked, and show what was drawn."""

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from errsurf.drawing import PictureRequest
from errsurf.drawing.formats import picture_format
from errsurf.drawing.moving.film import film
from helpers.chromium import Page, browser, opened
from helpers.synthetic_results import made_run, walks

PROGRAM = browser()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")

RUN = made_run(*walks(2, 30, 12), size=(320, 240), seconds=0.8, hold=0.4, fps=25, loop=3)

DECODED = """(async () => {
    const response = await fetch(`data:%s;base64,%s`);
    const decoder = new ImageDecoder({ data: response.body, type: "%s", preferAnimation: true });
    await decoder.completed;
    const track = decoder.tracks.selectedTrack, frames = [];
    const canvas = new OffscreenCanvas(320, 240), context = canvas.getContext("2d", { willReadFrequently: true });
    for (let k = 0; k < track.frameCount; k += 1) {
        const { image } = await decoder.decode({ frameIndex: k });
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, 320, 240).data;
        const sum = [0, 1, 2].map((c) => pixels.reduce((s, v, i) => (i %% 4 === c ? s + v : s), 0) / 76800);
        frames.push([image.duration, ...sum]);
    }
    return [track.repetitionCount, frames];
})()"""

PLAYED = """(async () => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = `data:%s;base64,%s`;
    await new Promise((done, fail) => { video.oncanplaythrough = done; video.onerror = () => fail(video.error); });
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const shown = [];
    for (const time of [0.02, 0.42, 1.1]) {
        await new Promise((done) => { video.onseeked = done; video.currentTime = time; });
        context.drawImage(video, 0, 0);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        const size = canvas.width * canvas.height;
        shown.push([0, 1, 2].map((c) => pixels.reduce((s, v, i) => (i %% 4 === c ? s + v : s), 0) / size));
    }
    video.currentTime = 0;
    await video.play();
    await new Promise((done) => { video.onended = done; });
    return [video.videoWidth, video.videoHeight, video.duration, video.currentTime, shown];
})()"""


@pytest.fixture(name="page", scope="module")
def empty_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser with an empty page (about 2 s)."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "empty.html").write_text("<!doctype html><title>empty</title>", encoding="utf-8")
    assert PROGRAM is not None
    with opened(PROGRAM, folder / "empty.html", folder / "home", (400, 300)) as found:
        yield found


def content(name: str) -> str:
    """The file in base64."""
    file = BytesIO()
    picture_format(name).write(PictureRequest(RUN), file)
    return b64encode(file.getvalue()).decode()


def means() -> Any:
    """Mean colour of every frame, (frames, 3)."""
    ready = film(PictureRequest(RUN))
    return np.array([ready.painter.frame(clock).mean(axis=(0, 1)) for clock in ready.clocks])


@pytest.mark.parametrize("name", ["gif", "webp", "apng"])
def test_a_browser_shows_every_frame_for_its_time(page: Page, name: str) -> None:
    repetitions, frames = page.ask(DECODED % ((f"image/{name}", content(name), f"image/{name}")))
    durations, colours = np.split(np.array(frames), [1], axis=1)
    assert repetitions == 2
    assert durations[:-1] == pytest.approx(40_000)
    assert durations.sum() == pytest.approx(1_200_000)
    assert colours == pytest.approx(means(), abs=0.5)


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_a_browser_plays_a_video_to_its_end(page: Page, name: str) -> None:
    width, height, duration, ended, shown = page.ask(PLAYED % (f"video/{name}", content(name)))
    assert (width, height) == (320, 240)
    assert duration == pytest.approx(1.2, abs=0.01)
    assert ended == pytest.approx(duration, abs=0.05)
    assert np.array(shown) == pytest.approx(means()[[0, 10, 19]], abs=2.5)
    assert page.said == []
