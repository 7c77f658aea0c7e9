"""Figures for paper and slides, and strips: what they show, and that nothing is cut off or in the way."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

from errsurf.analysis import wilson_interval
from errsurf.drawing import PictureRequest
from errsurf.drawing.boxes import Box
from errsurf.drawing.figures.files import request_figure
from errsurf.drawing.figures.posters import LAYOUTS
from errsurf.drawing.figures.shares import draw_shares
from errsurf.drawing.formats import picture_format
from errsurf.drawing.scene import scene
from errsurf.errors import UserError
from helpers.canvas_recorder import Recorder
from helpers.synthetic_results import made_run, read, walks

LONG = "momentum 0.9, warmup then cosine, batch 32 of 60,000"


def poster(layout: str, *, frames: int = 4, clock: float | None = None, groups: int = 3, **picture: Any) -> Figure:
    labels = tuple(f"batch {2**k}, {LONG}" if k % 2 else f"batch {2**k}" for k in range(groups))
    result = made_run(*walks(groups, 60, 12), labels=labels, **picture)
    return request_figure(PictureRequest(result, **read(result), at=clock, frames=frames, layout=layout))


def in_order(points: Any) -> Any:
    return points[np.lexsort(points.T)]


def texts(figure: Figure) -> list[tuple[str, Any]]:
    """All words and the pixels they take."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found = [text for text in figure.artists if isinstance(text, Text)]
    plain = [text for text in found if text.get_text().strip() and not text.get_path_effects()]
    assert plain
    return [(text.get_text(), text.get_window_extent(renderer)) for text in plain]


@pytest.mark.parametrize(("layout", "theme"), [(name, "light") for name in LAYOUTS] + [("slide", "projector")])
@pytest.mark.parametrize("groups", [1, 3, 7])
def test_no_word_is_cut_off_or_lies_on_another(layout: str, theme: str, groups: int) -> None:
    figure = poster(layout, groups=groups, theme=theme, caption=f"A caption. {LONG}", markers=(3, 8))
    width, height = figure.get_size_inches() * figure.dpi
    found = texts(figure)
    for words, box in found:
        assert -1 <= box.x0 <= box.x1 <= width + 1, words
        assert -1 <= box.y0 <= box.y1 <= height + 1, words
    for k, (words, box) in enumerate(found):
        for other_words, other in found[:k]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across < 1.5 or along < 0.3 * min(box.height, other.height), (words, other_words)


@pytest.mark.parametrize(
    ("layout", "kind"), [("paper", "svg"), ("paper", "pdf"), ("paper", "png"), ("slide", "svg"), ("strip", "pdf")]
)
def test_every_layout_is_written_in_every_format(layout: str, kind: str) -> None:
    result = made_run(*walks(2, 20, 5))
    file = BytesIO()
    picture_format(kind).write(PictureRequest(result, **read(result), layout=layout), file)
    start = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[kind]
    assert file.getvalue().startswith(start)
    if kind == "png":
        assert "errsurf scenario" in Image.open(file).text["Comment"]  # type: ignore[attr-defined]


def test_sizes_are_those_of_a_page_and_a_slide() -> None:
    assert poster("paper").get_size_inches()[0] == pytest.approx(7.2)
    assert poster("slide").get_size_inches() == pytest.approx([13.34, 7.5])


@pytest.mark.parametrize("frames", [1, 4, 8])
def test_a_strip_has_as_many_frames_as_asked(frames: int) -> None:
    figure = poster("strip", frames=frames, clock=40.0, trails=0)
    assert [words for words, _ in texts(figure)].count("x") == frames
    patches = [p for p in figure.artists if isinstance(p, PathPatch) and not p.get_fill()]
    coloured = [p for p in patches if p.get_clip_box().height > 50 and p.get_edgecolor()[:3] != (1, 1, 1)]
    dots = [p for p in coloured if p.get_linewidth() == min(p.get_linewidth() for p in coloured)]
    right = min(p.get_clip_box().x1 for p in dots)
    first = np.concatenate([p.get_path().vertices[::2] for p in dots if p.get_clip_box().x1 == right])
    starts = np.concatenate([walk[0] for walk in walks(3, 60, 12)])
    steps = [np.sort(np.diff(np.sort(points[:, 0]))) for points in (first, starts)]
    assert len(first) == len(starts)
    assert np.corrcoef(*steps)[0, 1] == pytest.approx(1, abs=1e-9)
    assert any(words.startswith("40 examples") or words == "40" for words, _ in texts(figure)) == (frames > 1)


def test_shares_and_their_intervals_are_those_of_the_particles() -> None:
    path = np.zeros((2, 60, 2))
    path[1, :30, 0], path[1, 30:36, 0], path[1, 36:48, 0] = -1.0, 1.0, 0.5
    result = made_run(path, path[:, ::-1] * (-1, 1), chart="basins")
    shown, canvas = scene(result, **read(result)), Recorder()
    draw_shares(canvas, Box(0, 0, 1000, 400), shown, shown.end, shown.plan.style)
    colours = [tuple(colour) for colour in shown.maps.colours.tolist()]
    bars = [box for box, colour in canvas.fills if colour in colours]
    axis = next(box for box, colour in canvas.fills if colour == shown.plan.style.theme.grey and box.height == 1)
    shares = [0.5, 0.1, 0.1, 0.5, 0.2, 0.2, 0.2, 0.2]  # at A, at B, at the saddle, on the way
    width = axis.right - axis.left - 1
    assert [bar.width / width for bar in bars] == pytest.approx(shares, abs=1 / width)
    ends = [box for box, colour in canvas.fills if colour == shown.plan.style.theme.foreground]
    found = [[(box.left - axis.left - 1) / width, (box.right - axis.left - 1) / width] for box in ends]
    wanted = np.array([wilson_interval(round(60 * share), 60) for share in shares])
    assert np.array(found) == pytest.approx(wanted, abs=1 / width)


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(UserError, match="allowed: picture, paper, slide, talk, strip"):
        poster("postr")
