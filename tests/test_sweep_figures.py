"""Pictures of sweeps: what stands where, that texts do not overlap, and that every format has the same content."""

from pathlib import Path

import numpy as np
import pytest

from errsurf import Scenario, read_scenario
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.figures.files import save_figure
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.lettering.text import Type, line_height, text_width
from errsurf.drawing.sweep_figures import LINEAR, LOG, Axis, SweepPlot, sweep_figure
from errsurf.drawing.sweep_figures.curves import MOST_MARKS, key_width, value_marks, value_scale
from errsurf.drawing.sweep_figures.figure import key_words
from errsurf.drawing.sweep_figures.heat_map import shades
from errsurf.drawing.sweep_figures.panels import place_of
from helpers.canvas_recorder import Recorder

RATES = tuple(np.geomspace(1e-3, 1, 13).round(6).tolist())
BATCHES = ("1", "2", "4", "8", "16", "full")
SIZES = ((960, 540), (480, 270), (1280, 720))


def scenario(**picture: object) -> Scenario:
    return read_scenario("saddle_escape", {f"picture.{key}": value for key, value in picture.items()})


def plot(panels: tuple[str, ...] = ("",), *, lines: bool = False, shown: Scenario | None = None) -> SweepPlot:
    shape = len(panels), len(BATCHES), len(RATES)
    value = 0.02 + np.random.default_rng(0).exponential(size=shape)
    value[:, 2, 4], value[:, 0, 0], value[:, 1, 1] = 0.001, np.nan, np.inf
    limits = np.full(shape[:2], 0.3)
    axes = Axis("lr", RATES), Axis("batch", BATCHES)
    note = "medians of 500 particles, bands: 95% intervals over 8 seeds"
    return SweepPlot(
        shown or scenario(), "Rates and batches", "test loss", *axes, panels, value, 0.9 * value, 1.1 * value, limits,
        lines, "lowest", note,
    )  # fmt: skip


class Listening(RasterCanvas):
    """A canvas that keeps where texts stand."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(RasterCanvas.blank(size, (255, 255, 255)).out)
        self.texts: list[tuple[str, Box]] = []

    def write(self, text: str, left: int, top: int, kind: Type, *rest: object) -> None:
        """Keep the box of the letters."""
        self.texts.append((text, Box(left, top + 2, left + text_width(text, kind), top + line_height(kind) - 2)))
        super().write(text, left, top, kind, *rest)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("panels", [("",), ("sgd", "adam", "rmsprop", "lion", "adagrad")])
def test_texts_are_within_the_picture_and_apart(size: tuple[int, int], lines: bool, panels: tuple[str, ...]) -> None:
    figure = sweep_figure(plot(panels, lines=lines, shown=scenario(size=list(size))))
    canvas = Listening(size)
    figure.draw(canvas)
    assert figure.size == size
    assert len(canvas.texts) > 10
    for k, (text, box) in enumerate(canvas.texts):
        assert box.inside(Box(0, 0, *size)), text
        for other, taken in canvas.texts[:k]:
            assert not box.overlaps(taken), (text, other)


def test_the_scale_of_lines_holds_all_numbers_however_far_they_span() -> None:
    wide = plot(lines=True)
    wide = wide._replace(value=np.geomspace(1e-40, 1.0, wide.value.size).reshape(wide.value.shape))
    wide = wide._replace(low=wide.value, high=wide.value)
    scale = value_scale(wide)
    heights = scale.height(wide.value).ravel()
    assert scale.log
    assert (np.diff(heights) > 0).all()
    assert heights[0] >= 0
    assert heights[-1] <= 1
    assert len(value_marks(wide)) <= MOST_MARKS
    assert (np.diff(shades(wide, scenario_style(wide.scenario, SIZES[0])).scale.height(wide.value).ravel()) > 0).all()


def test_intervals_stand_within_the_frame_or_it_is_said_that_they_go_on() -> None:
    near = plot(lines=True)
    scale = value_scale(near)
    assert scale.low <= np.nanmin(near.low)
    assert scale.high >= np.max(near.high[np.isfinite(near.high)])
    assert "beyond" not in key_words(near)
    assert "bands go on beyond the frame" in key_words(near._replace(low=near.low - 1e3))


def test_a_single_number_has_the_scale_of_its_interval_and_a_bar() -> None:
    one, places = plot(lines=True), (slice(None), slice(0, 1), slice(0, 1))
    one = one._replace(x=Axis("lr", (0.1,)), y=Axis("", ("",)), limits=np.full((1, 1), np.nan))
    value = np.full_like(one.value[places], 1548.0)
    one = one._replace(value=value, low=value - 300, high=value + 500)
    scale = value_scale(one)
    assert scale.low < 1248
    assert scale.high > 2048
    recorder = Recorder(SIZES[0])
    sweep_figure(one).draw(recorder)
    paths = [np.asarray(drawing.strokes[0].path) for _, drawing in recorder.drawings if len(drawing.strokes)]
    assert any(len(path) == 2 and path[0, 0] == path[1, 0] and path[0, 1] > path[1, 1] + 100 for path in paths)


def test_scales_follow_from_the_values_or_are_chosen() -> None:
    grid = Axis("lr", tuple(np.geomspace(0.02, 0.1, 5).round(12).tolist()))
    assert grid.scale is not None
    assert grid.scale.log, "a logarithmic grid that spans a factor of 5"
    assert not Axis("momentum", (0.1, 0.2, 0.3, 0.4)).scale.log  # type: ignore[union-attr]
    assert not grid._replace(wanted=LINEAR).scale.log  # type: ignore[union-attr]
    near = plot(lines=True)
    value = np.linspace(1, 5, near.value.size).reshape(near.value.shape)
    near = near._replace(value=value, low=value, high=value)
    assert not value_scale(near).log
    assert value_scale(near._replace(scale=LOG)).log
    assert not value_scale(near._replace(value=10**value, low=10**value, high=10**value, scale=LINEAR)).log


def test_the_caption_and_all_words_of_a_small_picture_are_written() -> None:
    figure = sweep_figure(plot(lines=True, shown=scenario(size=[480, 270], caption="Batch and rate.")))
    canvas = Listening((480, 270))
    figure.draw(canvas)
    texts = " ".join(text for text, _ in canvas.texts)
    assert "Batch and rate." in texts
    assert "dashed: largest stable lr at the lowest minimum" in texts


def test_a_single_line_needs_no_key() -> None:
    single = plot(lines=True)
    single = single._replace(y=Axis("", ("",)), limits=single.limits[:, :1])
    single = single._replace(value=single.value[:, :1], low=single.low[:, :1], high=single.high[:, :1])
    assert key_width(single, scenario_style(single.scenario, SIZES[0])) == 0
    sweep_figure(single).draw(Listening(SIZES[0]))


def test_what_grey_means_is_said_where_numbers_are_missing() -> None:
    assert "grey: no number" in key_words(plot())
    assert "grey" not in key_words(plot(lines=True))
    whole = plot()
    assert "grey" not in key_words(whole._replace(value=np.ones_like(whole.value)))
    assert key_words(whole._replace(value=np.full_like(whole.value, np.nan))) == "no number"


def test_a_limit_is_explained_where_it_is_drawn() -> None:
    inside = plot()
    assert "dashed" in key_words(inside)
    assert "dashed" not in key_words(inside._replace(limits=np.full_like(inside.limits, 50.0)))


def test_the_best_cell_is_the_lowest_number_or_the_highest() -> None:
    found = plot()
    assert found.best_cell(0) == (2, 4)
    finite = np.where(np.isfinite(found.value), found.value, -np.inf)
    highest = found._replace(best="highest", value=np.where(np.isinf(found.value), np.nan, found.value))
    assert highest.best_cell(0) == np.unravel_index(finite[0].argmax(), finite[0].shape)
    assert found._replace(value=np.full_like(found.value, np.nan)).best_cell(0) is None


def test_a_limit_stands_between_the_rates_beside_it_in_their_logarithm() -> None:
    axis = Axis("lr", (0.01, 0.1, 1.0))
    assert place_of(axis, np.array([0.0, 0.5, 1.0]), 0.1**0.5) == pytest.approx(0.75)
    assert np.isnan(place_of(axis, axis.places, 2.0))
    assert np.isnan(place_of(Axis("kind", ("sgd", "adam")), np.array([0.25, 0.75]), 0.1))


def test_axes_are_logarithmic_where_values_span_a_wide_range() -> None:
    assert Axis("lr", RATES).scale == (1e-3, 1.0, True, False)
    assert Axis("momentum", (0.0, 0.5, 0.9)).scale == (0.0, 0.9, False, False)
    assert Axis("kind", ("sgd", "adam")).scale is None
    np.testing.assert_allclose(
        np.diff(Axis("lr", RATES).places), Axis("lr", RATES).places[1] - Axis("lr", RATES).places[0], rtol=1e-3
    )


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "html"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"sweep.{suffix}"
    save_figure(sweep_figure(plot()), file)
    content = file.read_bytes()
    assert len(content) > 10_000
    again = tmp_path / f"again.{suffix}"
    save_figure(sweep_figure(plot()), again)
    assert again.read_bytes() == content
    if suffix == "html":
        text = content.decode()
        assert text.count("<tr>") == 1 + len(RATES) * len(BATCHES)
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert "# errsurf scenario" in text


def test_text_of_a_sweep_is_text_in_a_page(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    save_figure(sweep_figure(plot((bad,))._replace(title=bad, statistic=bad)), tmp_path / "a.html")
    assert "<script" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_table_is_written_as_its_kind_and_settings() -> None:
    from errsurf.drawing.sweep_figures import kind_words

    assert kind_words('{kind = "sgd", momentum = 0.9}') == "sgd, momentum = 0.9"
    assert kind_words('{kind = "adam"}') == "adam"
    assert kind_words("full") == "full"


@pytest.mark.parametrize("place", [4, len(RATES) - 1])
def test_a_bar_beside_the_best_says_what_it_gave_again(place: int) -> None:
    """It spans its interval on the scale of the line, in the panel, at the left where the right has no room."""
    shown = plot(lines=True)
    shown.value[0, 2] = 1.0
    shown.value[0, 2, place] = 0.001
    again = np.full((1, len(BATCHES), 3), np.nan)
    again[0, 2] = 0.01, 0.002, 0.05
    plain, barred = Recorder(), Recorder()
    sweep_figure(shown._replace(again=np.full_like(again, np.nan))).draw(plain)
    sweep_figure(shown._replace(again=again)).draw(barred)
    added = len(barred.drawings) - len(plain.drawings)
    assert added == 4
    texts = [text for text, *_ in barred.texts]
    assert "bar: the best with other seeds" in " ".join(texts)
    paths = [(area, np.asarray(drawing.strokes[0].path)) for area, drawing in barred.drawings if len(drawing.strokes)]
    bars = [(area, path) for area, path in paths if len(path) == 2 and path[0, 0] == path[1, 0]]
    *_, (area, bar) = [(area, path) for area, path in bars if 0 < path[0, 0] < area.width]
    assert (bar >= 0).all()
    assert (bar <= [area.width, area.height]).all()
    scale = value_scale(shown._replace(again=again))
    heights = [(1 - float(scale.height(np.array(end)))) * area.height for end in (0.002, 0.05)]
    np.testing.assert_allclose(bar[:, 1], heights)


def test_the_table_of_a_page_has_no_empty_columns_and_as_many_digits_as_others() -> None:
    alone = Axis("", ("",))
    number = np.array([[[55.51791]]])
    plot = SweepPlot(
        read_scenario("saddle_escape"), "", "updates", Axis("lr", (0.1,)), alone, ("",), number, number, number,
        np.full((1, 1), np.nan), lines=True, best="lowest", note="",
    )  # fmt: skip
    assert plot.table == [["lr", "updates", "low", "high"], ["0.1", "55.52", "55.52", "55.52"]]
