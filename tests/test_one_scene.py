"""Raster, vector and page draw the same scene: positions, radii, colours, labels and curves, as they are drawn."""

import base64
import json
import re
import zlib
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image, ImageFilter

from errsurf.drawing import PictureRequest, painter
from errsurf.drawing.canvas.vector import POINTS
from errsurf.drawing.figures.files import figure_style, request_figure
from errsurf.drawing.map.swarm import head_radii, trail_strokes, trails_until
from errsurf.drawing.overlays import key_entries
from errsurf.drawing.page import page
from errsurf.drawing.page.content import content
from errsurf.drawing.scene import Scene, scene
from errsurf.run.result import Result
from helpers.canvas_recorder import Recorder
from helpers.overlay_cases import run as overlaid
from helpers.page_script import NODE, drawn_by_scripts
from helpers.synthetic_results import made_run, read, walks

KINDS = {"f4": np.float32, "f8": np.float64, "u1": np.uint8, "u2": np.uint16}
CLOCK, FRAME = 200.0, 40
LABELS = ("batch 1", "batch 8 of 20", "all")


@cache
def run() -> Result:
    return made_run(*walks(3, 40, 48), labels=LABELS, size=(960, 540), trails=3, trail_length=0.6, chart="loss")


@cache
def shown() -> Scene:
    return scene(run(), **read(run()))


@cache
def figure() -> Any:
    return request_figure(PictureRequest(run(), **read(run()), at=CLOCK))


@cache
def paged() -> tuple[dict[str, Any], dict[str, Any]]:
    text = page(run(), **read(run()))
    told = {name: re.search(rf'id="{name}">(.*?)</script>', text, re.S) for name in ("run", "arrays")}
    found = json.loads(told["run"][1])  # type: ignore[index]
    data = zlib.decompress(base64.b64decode(told["arrays"][1]))  # type: ignore[index]
    return found, {name: np.frombuffer(data[a:b], KINDS[kind]) for name, (kind, a, b) in found["arrays"].items()}


def artists(kind: type[Any]) -> list[Any]:
    return [each for each in figure().artists if isinstance(each, kind)]


def dots() -> list[tuple[Any, float, Any]]:
    """Places in theta, radius and colour of the dots on the map of the figure."""
    area, maps = shown().plan.map, shown().maps
    found = []
    for patch in artists(PathPatch):
        if not patch.get_fill() and patch.get_clip_box().width == pytest.approx(area.width):
            pixels = patch.get_path().vertices[::2] - (area.left, area.top)
            x0, across, y1, down = shown().swarms[0].scale
            theta = np.stack([x0 + pixels[:, 0] / across, y1 - pixels[:, 1] / down], axis=1)
            found.append((theta, patch.get_linewidth() / 2 / POINTS / maps.style.line, patch.get_edgecolor()[:3]))
    return found


def shapes() -> list[tuple[Any, float]]:
    """Places in theta, and radii of discs as large, of the shapes with corners on the map of the figure."""
    area, maps = shown().plan.map, shown().maps
    x0, across, y1, down = shown().swarms[0].scale
    found = []
    for patch in artists(PathPatch):
        own = tuple(round(255 * part) for part in patch.get_facecolor()[:3])
        on_map = patch.get_clip_box() is not None and patch.get_clip_box().width == pytest.approx(area.width)
        if patch.get_fill() and on_map and own in map(tuple, maps.colours.tolist()):
            corners = patch.get_path().vertices[:-1] - (area.left, area.top)
            middle = corners.mean(axis=0)
            theta = np.array([[x0 + middle[0] / across, y1 - middle[1] / down]])
            found.append((theta, disc_radius(corners) / maps.style.line))
    return found


def disc_radius(corners: Any) -> float:
    """The radius of a disc as large as a polygon (n, 2)."""
    x, y = np.asarray(corners, float).T
    return float(np.sqrt(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2 / np.pi))


def test_the_pixels_are_those_of_the_figure() -> None:
    """The figure, drawn by matplotlib at the picture's size, differs from the pixels by edges of letters only."""
    frame = painter(run(), **read(run())).frame(CLOCK)
    file = BytesIO()
    with figure_style():
        figure().savefig(file, format="png", dpi=100)
    other = np.asarray(Image.open(file).convert("RGB"))
    assert other.shape == frame.shape
    one, two = (np.asarray(Image.fromarray(each).filter(ImageFilter.BoxBlur(2)), int) for each in (frame, other))
    apart = np.abs(one - two).max(axis=-1)
    assert np.mean(apart > 40) < 0.002
    # The figure's hillshade is a veil of black and white, the pixels' is made of nine tones.
    assert np.mean(apart) < 4.5
    moved = np.roll(one, 4, axis=1)
    assert np.mean(np.abs(moved - two).max(axis=-1) > 40) > 0.01


def test_positions_and_radii_of_particles() -> None:
    told, arrays = paged()
    frame, groups = FRAME, run().groups
    wanted = np.concatenate([group.position[frame] for group in groups])
    radius = shown().swarms[0].dots.radius / shown().maps.style.line
    particles = np.concatenate([theta for theta, size, _ in dots() if size == pytest.approx(radius)])
    assert np.sort(particles, axis=0) == pytest.approx(np.sort(wanted, axis=0), abs=1e-5)
    assert told["style"]["dot"] == pytest.approx(radius)
    assert told["style"]["dot_strength"] == shown().swarms[0].dots.strength / 255
    low, high = (np.array(told["places"][key]) for key in ("low", "high"))
    for k, group in enumerate(groups):
        folded = arrays[f"low{k}"].astype(np.uint16) | arrays[f"high{k}"].astype(np.uint16) << 8
        signed = (folded >> 1).astype(np.int64) ^ -(folded & 1).astype(np.int64)
        codes = (signed.reshape(len(group.update), -1).cumsum(axis=0) % 65536).reshape(len(group.update), 2, -1)
        places = low[:, None] + (codes[frame] - 1) / told["places"]["codes"] * (high - low)[:, None]
        assert pytest.approx(np.asarray(group.position[frame], float), abs=1e-3) == places.T


def test_heads_and_trails() -> None:
    """Radii of heads grow in the same way; trails have the same half width, rim, strengths and reach."""
    told, _ = paged()
    style, swarm = told["style"], shown().swarms[0]
    heads = [*((theta, size) for theta, size, _ in dots() if len(theta) == 1), *shapes()]
    sizes = {round(size, 6) for _, size in heads}
    grown = {round(style["head"] + style["head_growth"] * k / 10 + rim, 6) for k in range(11) for rim in (0, 1.4)}
    assert sizes <= grown
    assert style["head_rim"] == 1.4
    places = np.concatenate([theta for theta, _ in heads])
    wanted = np.concatenate([group.position[FRAME][swarm.chosen] for group in run().groups])
    assert all(np.hypot(*(places - point).T).min() < 1e-5 for point in wanted)
    unit = shown().maps.style.line
    area = shown().plan.map
    lines = [line for line in artists(Line2D) if line.get_clip_box().width == pytest.approx(area.width)]
    widths = {round(line.get_linewidth() / 2 / POINTS / unit, 6) for line in lines if line.get_alpha() < 1}
    assert widths <= {style["trail"], style["trail"] + style["trail_rim"], style["mark_line"] + style["mark_rim"]}
    strong = {round(line.get_alpha(), 2) for line in lines if line.get_linewidth() < 2 * style["trail"] * unit * 0.73}
    oldest = {round(trail.oldest, 2) for group in swarm.trails for trail in group}
    assert len(strong) > 1
    assert max(strong) == 1.0
    assert min(strong) < min(oldest)
    assert told["reach"] == run().scenario.picture.trail_length
    assert style["fade"] == swarm.fade / shown().end


def test_colours() -> None:
    told, _ = paged()
    colours = [tuple(colour) for colour in shown().maps.colours.tolist()]
    drawn = {tuple(round(255 * part) for part in colour) for _, _, colour in dots()}
    assert set(colours) <= drawn <= {*colours, shown().plan.style.theme.background}
    light = told["themes"]["light"]
    assert [tuple(round(255 * part) for part in to_rgb(colour)) for colour in light["groups"]] == colours
    contours = shown().maps.contours(shown().maps.grid[2])
    assert light["fills"] == contours.fills.tolist()
    assert light["lines"] == contours.lines.tolist()
    frame = painter(run(), **read(run())).frame(CLOCK)
    assert all((frame == colour).all(axis=-1).any() for colour in (*colours, *contours.level_fills[:3].tolist()))


def test_labels() -> None:
    told, _ = paged()
    words = {text.get_text() for text in artists(Text)}
    names = [spot.place.name for spot in shown().spots[0]]
    assert "minimum A" in names
    assert {*LABELS, *names, *shown().maps.names} <= words
    assert [group["label"] for group in told["groups"]] == list(LABELS)
    assert [mark["name"] for mark in told["marks"]] == [mark.name for mark in shown().marks]
    assert told["names"] == list(shown().maps.names)
    assert told["charts"][0]["title"] == shown().charts["loss"].title
    assert shown().charts["loss"].title in words


def test_curves() -> None:
    """The steps of each group's curve, as the figure draws them, have the heights that the page has."""
    told, arrays = paged()
    box = shown().plan.charts[0].box
    lines = [line for line in artists(Line2D) if line.get_clip_box() and _inside(line, box)]
    wide = [
        line
        for line in lines
        if line.get_linewidth() == pytest.approx(2 * told["style"]["curve"] * POINTS * shown().plan.style.line)
    ]
    assert len(wide) == len(LABELS)
    for k, line in enumerate(wide):
        height = 1 - (np.asarray(line.get_ydata()) - box.top) / box.height
        table = arrays[f"chart0group{k}"].reshape(-1, len(told["curve"]))
        assert height[::2] == pytest.approx(table[:, told["curve"].index("line")], abs=1e-6)
        across = (np.asarray(line.get_xdata()) - box.left) / box.width
        assert across[::2] == pytest.approx(arrays[f"clock{k}"] / told["clock"]["end"], abs=1e-9)
        cut = line.get_clip_box().width / (box.width * figure().dpi / 100)
        assert cut == pytest.approx(CLOCK / told["clock"]["end"], abs=0.01)


needs_node = pytest.mark.skipif(NODE is None, reason="no node on this machine runs the page's scripts")


def theta_of(area: dict[str, float], window: Any, points: Any) -> Any:
    (x0, x1), (y0, y1) = window
    shares = (np.asarray(points, float) - (area["left"], area["top"])) / (area["width"], area["height"])
    return np.stack([x0 + shares[:, 0] * (x1 - x0), y1 - shares[:, 1] * (y1 - y0)], axis=1)


@needs_node
def test_the_scripts_of_the_page_draw_the_same_particles_trails_and_curves() -> None:
    told, arrays = paged()
    found = drawn_by_scripts(page(run(), **read(run())), CLOCK)[CLOCK]
    area, groups, maps = found["area"], run().groups, shown().maps
    unit = min(max(area["width"] / 560, 0.8), 1.8)
    colours = told["themes"]["light"]["groups"]
    for k, group in enumerate(groups):
        assert np.array(found["places"][k]) == pytest.approx(np.asarray(group.position[FRAME], float), abs=1e-3)
        heads = [op for op in found["map"] if op["kind"] == "fill" and op["colour"] == colours[k]]
        corners = [np.array([point[1:] for point in op["points"]]) for op in heads]
        places = theta_of(area, maps.window, [each[:, :2].mean(axis=0) for each in corners])
        wanted = np.asarray(group.position[FRAME][shown().swarms[0].chosen], float)
        assert np.sort(places, axis=0) == pytest.approx(np.sort(wanted, axis=0), abs=1e-3)
        radii = np.sort([(each[0, 2] if each.shape[1] > 2 else disc_radius(each)) / unit for each in corners])
        points = np.stack([np.asarray(each.position[FRAME], float) for each in groups])
        swarm = replace(shown().swarms[0], unit=1.0, scale=(0.0, area["width"] / 4, 0.0, area["height"] / 2))
        assert radii == pytest.approx(np.sort(head_radii(swarm, points)[k]), abs=0.41)
        trails = [op for op in found["map"] if op["kind"] == "stroke" and op["colour"] == colours[k]]
        assert {round(op["width"] / unit / 2, 6) for op in trails} == {told["style"]["trail"]}
        alphas = {round(op["alpha"], 2) for op in trails}
        strengths = [
            each.strength
            for each in trail_strokes(swarm, CLOCK, trails_until(shown().swarms[0], CLOCK))
            if each.colour == k
        ]
        assert alphas <= {round(int(part) / 255, 2) for each in strengths for part in each} | {0.35, 0.42, 0.43}
        (curve,) = (
            op for op in found["chart"] if op["kind"] == "stroke" and op["colour"] == colours[k] and op["width"] > 2
        )
        heights = np.array([(208 - 36 + 8 - y) for _, _, y in curve["points"]])
        table = arrays[f"chart0group{k}"].reshape(-1, len(told["curve"]))[:, told["curve"].index("line")]
        assert np.corrcoef(heights[::2], table)[0, 1] == pytest.approx(1, abs=1e-6)
    words = {op["text"] for op in found["map"] if op["kind"] == "text"}
    assert {spot.place.name for spot in shown().spots[0]} | set(maps.names) <= words
    assert found["clock"] == "200 examples seen, epoch 10"


@needs_node
def test_the_scripts_of_the_page_draw_the_same_overlays() -> None:
    result = overlaid({"batch": 3}, surface={"shift": 0.4, "tilt": 0.3}, noise=True, arrows="batch", stability=True)
    ready = content(result, (), None).scene
    for clock, found in drawn_by_scripts(page(result), 0.0, 5.0, 12.0).items():
        canvas = Recorder()
        for each in ready.overlays:
            each.over(canvas, clock)
        area, unit = ready.plan.map, ready.maps.style.line
        wanted = [stroke for box, drawing in canvas.drawings if box == area for stroke in drawing.strokes]
        inks = [op for op in found["map"] if op["kind"] == "stroke" and len(op["points"]) > 1 and op["alpha"] == 1]
        assert len(wanted) > 3
        scale = min(max(found["area"]["width"] / 560, 0.8), 1.8)
        for stroke in wanted:
            size = (found["area"]["width"], found["area"]["height"])
            path = stroke.path[np.isfinite(stroke.path).all(axis=1)] / (area.width, area.height) * size
            path = np.add(path, (found["area"]["left"], found["area"]["top"]))
            same = [op for op in inks if len(op["points"]) == len(path)]
            apart = [np.abs(np.array([point[1:] for point in op["points"]]) - path).max() for op in same]
            assert min(apart) < 0.1
            best = same[int(np.argmin(apart))]
            assert best["width"] / scale == pytest.approx(2 * stroke.radius / unit, rel=1e-6)
        assert found["key"] == [entry.texts[0] for entry in key_entries(ready.overlays)]


def _inside(line: Any, box: Any) -> bool:
    x = np.asarray(line.get_xdata())
    return len(x) > 4 and bool(np.nanmin(x) >= box.left - 1 and np.nanmax(x) <= box.right + 1)
