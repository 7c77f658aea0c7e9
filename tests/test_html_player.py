"""The page in a browser: it plays, is scrubbed, switched, zoomed and asked, and shows what the run did."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing.page import page
from errsurf.run.result import Result
from helpers.chromium import Page, browser, opened
from helpers.synthetic_results import made_run, read, walks

PROGRAM = browser()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")

WORST = "</script><img src=x onerror=errsurf.state.taken=1>"


@pytest.fixture(scope="module")
def result() -> Result:
    return made_run(
        *walks(2, 300, 40), labels=(WORST, r"rate $\eta = 0.1$"), title=WORST, chart="basins", seconds=2.0, hold=0.2
    )


@pytest.fixture(scope="module")
def shown(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "run.html").write_text(page(result, **read(result)), encoding="utf-8")
    assert PROGRAM
    with opened(PROGRAM, folder / "run.html", folder / "profile") as found:
        yield found
        assert found.said == []
        assert {address.partition("?")[0] for address in found.asked} == {(folder / "run.html").as_uri()}


@pytest.fixture(autouse=True)
def _fresh(shown: Page) -> None:
    shown.resize(1280, 720)
    shown.ask("errsurf.play(false), errsurf.seek(0), errsurf.zoomBy(0), document.activeElement.blur()")
    shown.drawn()


def clock(shown: Page) -> float:
    return float(shown.ask("errsurf.state.clock"))


def box(shown: Page, selector: str) -> list[float]:
    """Left, top, right and bottom of an element."""
    edges: list[float] = shown.ask(
        "(({left, top, right, bottom}) => [left, top, right, bottom])"
        f"(document.querySelector({selector!r}).getBoundingClientRect())"
    )
    return edges


def map_box(shown: Page) -> list[float]:
    return box(shown, "#map")


def centre(shown: Page, selector: str) -> tuple[float, float]:
    left, top, right, bottom = box(shown, selector)
    return (left + right) / 2, (top + bottom) / 2


def click(shown: Page, x: float, y: float) -> None:
    for kind in ("mousePressed", "mouseReleased"):
        shown.mouse(kind, x, y, button="left", clickCount=1)
    shown.drawn()


def text(shown: Page, name: str) -> str:
    return str(shown.ask(f"document.getElementById('{name}').textContent"))


@pytest.mark.parametrize("frame", [0, 17, 39])
def test_particles_are_where_the_run_had_them(result: Result, shown: Page, frame: int) -> None:
    shown.ask(f"errsurf.seek({5 * frame + 2.5})")
    step = np.array([4.8, 2.4]) / shown.ask("errsurf.run.places.codes")
    for k, group in enumerate(result.groups):
        found = np.array(shown.ask(f"errsurf.places({k})"))
        assert (np.abs(found - group.position[frame]) <= step / 2 * (1 + 1e-6)).all()


def test_a_particle_is_drawn_at_its_place(shown: Page, tmp_path: Path) -> None:
    """Dots of the group that is left on make the pixels around its outermost particles its colour, and only there."""
    shown.ask("errsurf.run.trails.splice(0)")
    shown.drawn()
    shown.ask("errsurf.seek(150), document.querySelectorAll('#groups button')[1].click()")
    shown.drawn()
    left, top, right, bottom = map_box(shown)
    spots = [(left + u, top + v) for u, v in shown.ask("errsurf.places(0).map(errsurf.pixel)")]
    shown.picture(tmp_path / "on.png")
    shown.ask("document.querySelectorAll('#groups button')[0].click()")
    shown.drawn()
    shown.picture(tmp_path / "off.png")
    shown.ask("document.querySelectorAll('#groups button').forEach((button) => button.click())")
    on, off = (np.asarray(Image.open(tmp_path / name).convert("RGB"), np.int64) for name in ("on.png", "off.png"))
    changed = np.abs(on - off).sum(axis=-1) > 60
    near = np.zeros_like(changed)
    hit = [changed[int(y), int(x)] for x, y in spots]
    assert np.mean(hit) > 0.96, "all but those below a name"
    for x, y in spots:
        near[int(y) - 5 : int(y) + 6, int(x) - 5 : int(x) + 6] = True
    assert not (changed & ~near)[int(top) : int(bottom), int(left) : int(right)].any()


def test_it_plays_and_pauses(shown: Page) -> None:
    click(shown, *centre(shown, "#play"))
    shown.ask("new Promise((done) => setTimeout(done, 400))")
    click(shown, *centre(shown, "#play"))
    stopped = clock(shown)
    assert 0 < stopped < 195
    assert "epoch" in text(shown, "clock")
    shown.drawn()
    assert clock(shown) == stopped


def test_it_plays_to_the_end_in_the_time_of_the_scenario(shown: Page) -> None:
    spent = shown.ask("""new Promise((done) => {
        const began = performance.now();
        errsurf.play(true);
        const look = () => errsurf.state.playing ? setTimeout(look, 5) : done(performance.now() - began);
        look();
    })""")
    assert clock(shown) == 195
    assert spent == pytest.approx(2000, rel=0.15)


def test_the_scrubber_and_the_chart_move_the_clock(shown: Page) -> None:
    click(shown, *centre(shown, "#scrub"))
    assert clock(shown) == pytest.approx(97.5, abs=3)
    x, y = centre(shown, "#chart")
    click(shown, x + 100, y)
    assert clock(shown) > 110


def test_keys_do_what_buttons_do(shown: Page) -> None:
    shown.press("ArrowRight")
    shown.press("ArrowRight")
    assert clock(shown) == 10
    shown.press("ArrowLeft")
    assert clock(shown) == 5
    shown.press("End")
    assert clock(shown) == 195
    shown.press("Home")
    shown.press(" ")
    assert shown.ask("errsurf.state.playing")
    shown.press(" ")
    assert not shown.ask("errsurf.state.playing")
    shown.press("+")
    assert shown.ask("errsurf.state.view.x1 - errsurf.state.view.x0") == pytest.approx(4 / 1.5)
    shown.press("0")
    assert shown.ask("errsurf.state.view.x1 - errsurf.state.view.x0") == pytest.approx(4)
    shown.press("]")
    assert shown.ask("errsurf.state.speed") == 2
    shown.press("[")


def test_groups_go_off_and_on(shown: Page) -> None:
    pressed = "[...document.querySelectorAll('#groups button')].map((b) => b.getAttribute('aria-pressed'))"
    shown.press("1")
    shown.drawn()
    assert shown.ask(pressed) == ["false", "true"]
    assert text(shown, "status").endswith("hidden")
    click(shown, *centre(shown, "#groups button"))
    assert shown.ask(pressed) == ["true", "true"]


def test_hovering_tells_a_particles_values(result: Result, shown: Page) -> None:
    p = int(np.argmax(result.groups[0].position[20, :, 0]))
    shown.ask("errsurf.seek(100)")
    left, top, *_ = map_box(shown)
    u, v = shown.ask(f"errsurf.pixel(errsurf.places(0)[{p}])")
    shown.mouse("mouseMoved", left + u, top + v)
    shown.drawn()
    tip = text(shown, "tip")
    assert WORST in tip
    told = re.search(r"particle (\d+)x = (.+), y = (.+)training loss (.+)", tip.replace("\N{MINUS SIGN}", "-"))
    assert told
    group = result.groups[0]
    expected = [p, *group.position[20, p].astype(float), group.train_loss[20, p]]
    assert [float(number) for number in told.groups()] == pytest.approx(expected, rel=0.01)


def test_the_wheel_zooms_where_it_is_turned(shown: Page) -> None:
    left, top, *_ = map_box(shown)
    before = shown.ask("errsurf.thetaAt([300, 200])")
    for _ in range(4):
        shown.mouse("mouseWheel", left + 300, top + 200, deltaX=0, deltaY=-120)
    shown.drawn()
    assert shown.ask("errsurf.state.view.x1 - errsurf.state.view.x0") < 1.5
    assert shown.ask("errsurf.thetaAt([300, 200])") == pytest.approx(before, abs=0.02)


@pytest.mark.parametrize(("scheme", "bright"), [("light", True), ("dark", False)])
def test_it_follows_the_colours_that_are_preferred(shown: Page, tmp_path: Path, scheme: str, bright: bool) -> None:
    shown.scheme(scheme)
    shown.drawn()
    shown.picture(tmp_path / "page.png")
    assert (np.median(np.asarray(Image.open(tmp_path / "page.png").convert("L"))) > 128) == bright
    shown.scheme("light")


def test_a_phone_scrolls_only_down(shown: Page) -> None:
    shown.resize(390, 844, phone=True)
    shown.drawn()
    assert shown.ask("document.documentElement.scrollWidth") == 390
    assert shown.ask("document.getElementById('map').getBoundingClientRect().width") > 350


def test_words_of_a_scenario_do_nothing(shown: Page) -> None:
    assert shown.ask("document.querySelector('h1').textContent") == WORST
    assert shown.ask("document.querySelectorAll('img').length") == 0
    assert shown.ask("errsurf.state.taken === undefined")
    assert shown.ask("document.querySelector('#groups svg.formula').getAttribute('aria-label')") == r"\eta = 0.1"
    assert shown.ask("document.getElementById('scenario').textContent.includes('[surface]')")
