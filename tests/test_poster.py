"""Figures for paper and slides, and strips: what they show, and that nothing is cut off or in the way."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from errsurf.analysis import wilson_interval
from errsurf.drawing import Order
from errsurf.drawing.formats import picture_format
from errsurf.drawing.vector import LAYOUTS, Wish, run_figure
from errsurf.errors import UserError
from helpers.synthetic_results import made_run, read, walks

LONG = "momentum 0.9, warmup then cosine, batch 32 of 60,000"


def poster(layout: str, *, frames: int = 4, clock: float | None = None, groups: int = 3, **picture: Any) -> Figure:
    labels = tuple(f"batch {2**k}, {LONG}" if k % 2 else f"batch {2**k}" for k in range(groups))
    result = made_run(*walks(groups, 60, 12), labels=labels, **picture)
    return run_figure(Wish(result, **read(result), clock=clock, frames=frames), layout)


def in_order(points: Any) -> Any:
    return points[np.lexsort(points.T)]


def texts(figure: Figure) -> list[tuple[str, Any]]:
    """All words and the pixels they take."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    plain = [text for text in figure.texts if text.get_text().strip() and not text.get_path_effects()]
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
    picture_format(kind).write(Order(result, **read(result), layout=layout), file)
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
    assert len(figure.axes) == frames
    shown = [[p for p in ax.patches if not p.get_fill()] for ax in figure.axes]
    first = np.concatenate([p.get_path().vertices[::2] for p in shown[0]])
    starts = np.concatenate([walk[0] for walk in walks(3, 60, 12)])
    assert in_order(first) == pytest.approx(in_order(starts), abs=1e-6)
    assert any(words.startswith("40 examples") or words == "40" for words, _ in texts(figure)) == (frames > 1)


def test_shares_and_their_intervals_are_those_of_the_particles() -> None:
    result = made_run(*walks(2, 60, 12))
    figure = run_figure(Wish(result, **read(result)), "paper")
    ax = figure.axes[1]
    bars = [bar.get_width() for bar in ax.patches]
    left = [float(np.mean(group.position[-1, :, 0] < 0)) for group in result.groups]
    assert bars == pytest.approx([left[0], left[1], 1 - left[0], 1 - left[1]])
    ends = [tuple(line.get_xdata()) for line in ax.lines[1::2]]
    assert np.array(ends) == pytest.approx(np.array([wilson_interval(round(60 * share), 60) for share in bars]))


def test_losses_are_those_of_the_run() -> None:
    result = made_run(*walks(2, 60, 12))
    figure = run_figure(Wish(result, **read(result)), "paper")
    scale = [line for line in figure.axes[2].lines if len(line.get_xdata()) == 12]
    drawn = [np.asarray(line.get_ydata()) for line in scale if line.get_linestyle() == "-"]
    for group, heights in zip(result.groups, drawn, strict=True):
        median = np.median(group.train_loss, axis=1)
        assert np.corrcoef(median, heights)[0, 1] == pytest.approx(1, abs=1e-9)


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(UserError, match="allowed: picture, paper, slide, strip"):
        poster("postr")
