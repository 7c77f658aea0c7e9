"""Stills as lines and letters: what is in an SVG or PDF file, and how small it is."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.patches import PathPatch

from errsurf.drawing import PictureRequest
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Contours, Dots, Drawing, Stroke
from errsurf.drawing.canvas.outlines import contour_rings, simplified, thinned
from errsurf.drawing.canvas.vector import POINTS, VectorCanvas
from errsurf.drawing.figures.files import request_figure
from errsurf.drawing.formats import picture_format
from errsurf.drawing.history.window import pixel_scale
from errsurf.drawing.scene import scene
from errsurf.run.result import Result
from errsurf.scenario import read_scenario
from helpers.synthetic_results import made_run, read, walks

SVG = "{http://www.w3.org/2000/svg}"
WORST = "</text><script>alert(1)</script> \"'&amp; $5"


def written(result: Result, kind: str, **order: Any) -> bytes:
    file = BytesIO()
    picture_format(kind).write(PictureRequest(result, **order), file)
    return file.getvalue()


def in_order(points: Any) -> Any:
    return points[np.lexsort(points.T)]


def words(svg: bytes) -> list[str]:
    return ["".join(found.itertext()).strip() for found in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def seen(result: Result, clock: float | None = None) -> Any:
    """The dots of a figure's map that are neither rims nor those of the chart, in theta."""
    figure, maps = request_figure(PictureRequest(result, at=clock)), scene(result).maps
    area, (x0, across, y1, down) = maps.plan.map, pixel_scale(maps.window, maps.plan.map)
    dots = [
        p.get_path().vertices[::2]
        for p in figure.artists
        if isinstance(p, PathPatch) and not p.get_fill() and p.get_edgecolor()[:3] != (1, 1, 1)
    ]
    pixels = np.concatenate([each for each in dots if each[0, 0] < area.right]) - (area.left, area.top)
    return np.stack([x0 + pixels[:, 0] / across, y1 - pixels[:, 1] / down], axis=1)


@pytest.fixture(scope="module")
def big() -> Result:
    return made_run(*walks(3, 2000, 40, step=0.3))


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_the_same_run_gives_the_same_bytes_without_a_date(kind: str) -> None:
    first, second = (written(made_run(*walks()), kind) for _ in range(2))
    assert first == second
    assert not re.search(rb"CreationDate|dc:date|20[2-9][0-9]-[01][0-9]-[0-3][0-9]", first)


@pytest.mark.parametrize(("kind", "most"), [("svg", 600_000), ("pdf", 350_000)])
def test_thousands_of_particles_make_a_small_file(big: Result, kind: str, most: int) -> None:
    data = written(big, kind)
    assert len(data) < most
    hillshade = {"svg": rb"<image", "pdf": rb"/Subtype /Image.*?/SMask|/SMask.*?/Subtype /Image"}[kind]
    assert len(re.findall(hillshade, data, re.DOTALL)) == 1


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_the_file_carries_its_scenario(tmp_path: Path, kind: str) -> None:
    result = made_run(*walks(1, 3, 3), title=WORST)
    (tmp_path / f"still.{kind}").write_bytes(written(result, kind))
    assert read_scenario(tmp_path / f"still.{kind}") == result.scenario


def test_text_stays_text_whatever_it_says() -> None:
    found = words(
        written(made_run(*walks(2, 9, 5), title=WORST, labels=("fast & <b>", "slow"), clock="updates"), "svg")
    )
    assert {WORST, "fast & <b>", "slow", "4 updates", "x", "y"} <= set(found)


def test_a_pdf_holds_its_fonts_as_truetype() -> None:
    data = written(made_run(*walks(1, 3, 3)), "pdf")
    assert b"/FontFile2" in data
    assert b"/CIDFontType2" in data
    assert b"/Type3" not in data


def test_an_svg_brings_the_letters_it_uses() -> None:
    svg = written(made_run(*walks(1, 3, 3), title="Ωxyz"), "svg")
    fonts = re.findall(rb"font-weight:(\w+);src:url\(data:font/woff;base64,([^)]*)\)", svg)
    letters = {weight: TTFont(BytesIO(b64decode(data))).getBestCmap() for weight, data in fonts}
    assert letters.keys() == {b"normal", b"bold"}
    assert {ord(c) for c in "Ωxyz"} <= letters[b"bold"].keys()
    assert ord("Ω") not in letters[b"normal"]
    assert all(len(data) < 30_000 for _, data in fonts)


def test_particles_are_drawn_where_they_are() -> None:
    path = np.array([[(-1.0, 0.5), (0.3, -0.7), (1.9, 0.9), (5.0, 0.0), (np.nan, 0.0)]])
    spots = seen(made_run(np.repeat(path, 2, axis=0), trails=0))
    assert in_order(spots) == pytest.approx(np.array([(0.3, -0.7), (-1.0, 0.5), (1.9, 0.9)]), abs=1e-6)


def test_a_still_shows_the_frame_that_is_asked_for() -> None:
    result = made_run(*walks(1, 7, 12), trails=0)
    for clock, frame in ((0.0, 0), (22.4, 4), (25.0, 5), (None, 11)):
        spots = seen(result, clock)
        assert len(spots) == 7
        assert in_order(spots) == pytest.approx(in_order(result.groups[0].position[frame]), abs=1e-6)


def test_groups_alternate_in_layers_of_dots_that_are_as_strong_as_asked() -> None:
    canvas, area = VectorCanvas((100, 100), (255, 255, 255)), Box(0, 0, 100, 100)
    places = np.tile(np.arange(5.0, 90.0, 7.0)[:, None], (3, 1, 2))
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    canvas.dots(area, places, PIXELS, Dots(1.5, 102, smooth=False), np.array(colours, np.uint8))
    drawn = [each.get_edgecolor() for each in canvas.figure.artists]
    assert [int(np.argmax(colour[:3])) for colour in drawn] == [0, 1, 2, 1, 2, 0, 2, 0, 1] * 2
    assert {colour[3] for colour in drawn} == {102 / 255}


def test_a_stroke_and_its_rim_are_as_strong_as_its_parts() -> None:
    canvas, area = VectorCanvas((100, 100), (255, 255, 255)), Box(0, 0, 100, 100)
    path, strength = np.arange(6.0)[:, None] * (10, 0), np.array([9, 0, 255, 255, 51, 51], np.uint8)
    canvas.strokes(area, Drawing([Stroke(path, 1.0, 0, strength)], [(0, 0, 0)]), 0.5, (255, 255, 255))
    drawn = [(*line.get_xdata()[[0, -1]], line.get_alpha(), line.get_linewidth()) for line in canvas.figure.artists]
    thin, wide = 2 * POINTS, 3 * POINTS
    wanted = [(10, 30, 0.75, wide), (30, 50, 0.15, wide), (10, 30, 1.0, thin), (30, 50, 0.2, thin)]
    assert np.array(drawn) == pytest.approx(np.array(wanted))


def test_contours_keep_close_to_where_they_were() -> None:
    turn = np.linspace(0, 2 * np.pi, 2000)
    line = np.stack([100 * np.cos(turn), 60 * np.sin(3 * turn)], axis=-1)
    short = simplified(line, 0.05)
    assert len(short) < 400
    at = np.searchsorted(np.arange(len(line)), [int(np.flatnonzero((line == p).all(axis=1))[0]) for p in short[:-1]])
    assert (np.diff(at) > 0).all()
    for first, last, a, b in zip(at, [*at[1:], len(line) - 1], short[:-1], short[1:], strict=True):
        chord = (b - a) / np.hypot(*(b - a))
        away = (line[first : last + 1] - a) @ np.array([-chord[1], chord[0]])
        assert np.abs(away).max() <= 0.05 + 1e-9


def test_only_what_grows_is_cut_at_its_share() -> None:
    canvas, box = VectorCanvas((100, 100), (255, 255, 255)), Box(10, 10, 50, 50)
    line = Drawing([Stroke(np.array([(0.0, 5.0), (40.0, 5.0)]), 1.0)], [(0, 0, 0)])
    canvas.growing(box, 0.25, "key", lambda on, area: on.strokes(area, line, 0.0, (255, 255, 255)))
    canvas.strokes(box, line, 0.0, (255, 255, 255))
    cuts = np.array([each.get_clip_box().bounds for each in canvas.figure.artists])
    assert cuts == pytest.approx(np.array([(10, 50, 10, 40), (10, 50, 40, 40)]))


def test_contours_of_a_bowl_are_round() -> None:
    x = np.linspace(-1.0, 1.0, 101)
    loss, fills = np.hypot(*np.meshgrid(x, x)), np.zeros((3, 1, 3), np.uint8)
    bowl = Contours(x, x, loss, np.array([0.0, 0.5, 0.8, 1.5]), fills, fills, 1.0)
    holes = [min(rings, key=np.ptp) for _, rings in contour_rings(Box(0, 0, 400, 400), bowl)]
    for hole, radius in zip(holes, (100, 160), strict=True):
        middles = (hole[1:] + hole[:-1]) / 2 - 200
        assert np.abs(np.hypot(*middles.T) - radius).max() < 0.2
        assert len(hole) < 200


def test_dots_that_can_be_told_apart_are_all_drawn() -> None:
    def drawn(points: Any) -> int:
        canvas = VectorCanvas((100, 100), (255, 255, 255))
        canvas.dots(Box(0, 0, 100, 100), points[None], PIXELS, Dots(1.5), np.zeros((1, 3), np.uint8))
        return sum(len(each.get_path().vertices) // 2 for each in canvas.figure.artists)

    lattice = np.stack(np.meshgrid(np.arange(20.0, 30.0), np.arange(20.0, 30.0)), axis=-1).reshape(-1, 2)
    assert drawn(lattice) == 100
    assert drawn(np.full((100, 2), 20.1)) == 6


def test_only_what_lies_on_top_of_others_is_thinned() -> None:
    pitch = 0.5
    draw = np.random.default_rng(3)
    points = np.concatenate([draw.uniform(0, 9, size=(200, 2)), np.full((50, 2), 4.3)])
    kept = thinned(points, pitch, 4)
    cells, counts = np.unique(np.floor(points / pitch), axis=0, return_counts=True)
    left, fewer = np.unique(np.floor(kept / pitch), axis=0, return_counts=True)
    assert np.array_equal(cells, left)
    assert np.array_equal(np.minimum(counts, 4), fewer)


def test_the_legend_tells_where_particles_are() -> None:
    path = np.zeros((2, 100, 2))
    path[1, :60, 0], path[1, 60:90, 0] = -1.0, 0.5
    found = words(written(result := made_run(path, chart="basins"), "svg", **read(result)))
    assert "A 60%" in found
    assert {"on the way 30%", "30%"} & set(found)


def test_no_contour_is_drawn_along_the_edge_of_a_map() -> None:
    area, x = Box(0, 0, 90, 60), np.linspace(0.0, 1.0, 31)
    tilted = Contours(x, x, x[:, None] + x, np.array([0.0, 1.0, 2.0]), np.zeros((2, 1, 3), np.uint8),
                      np.zeros((2, 1, 3), np.uint8), 1.0)  # fmt: skip
    ((_, (ring,)),) = contour_rings(area, tilted)
    on_edge = np.isclose(ring, 0.0) | np.isclose(ring, (90.0, 60.0))
    assert not on_edge.any()
    assert ring[:, 0].max() > 91
    assert ring[:, 1].min() < -1
