"""What the panel says: counts, quantiles, shares and curves."""

from dataclasses import replace

import numpy as np
import pytest

from errsurf import Findings, build_scenario, simulate
from errsurf.analysis import Regions, named
from errsurf.drawing import frame_clocks, painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Scale, Source, chart, chart_kind
from errsurf.drawing.colours import mixed
from errsurf.drawing.history.clock import clock_of, clock_texts
from errsurf.drawing.history.numbers import Basins, history, quantiles
from errsurf.drawing.lettering.text import text_width
from errsurf.drawing.panel.legend import loss_text, loss_texts, lost_text
from helpers.drawing_result import WINDOW, cloud, critical, group, result


def test_the_clock_tells_epochs_unless_a_group_takes_two_gradients_of_a_batch() -> None:
    """60 epochs of sam are no 60 passes over the examples."""
    assert clock_texts(1200, clock_of("examples", ("sgd",), 20))[0] == "1,200 examples seen, epoch 60"
    assert clock_texts(1200, clock_of("examples", ("sgd", "sam"), 20)) == ("1,200 example gradients",)
    assert clock_texts(1200, clock_of("updates", ("sgd", "sam"), 20)) == ("1,200 updates",)


def test_moving_pictures_take_even_clock_values() -> None:
    clocks = frame_clocks(result(*cloud(frames=12), seconds=2.0), fps=25)
    assert len(clocks) == 50
    assert clocks[0] == 0
    assert clocks[-1] == 110
    assert np.ptp(np.diff(clocks)) < 1e-9


def test_quantiles_are_those_of_the_finite_values() -> None:
    values = np.random.default_rng(5).normal(size=101)
    found = quantiles(np.append(values, [np.nan, np.inf]), (0.05, 0.5, 0.95))
    assert found == pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), rel=1e-12)
    assert np.isnan(quantiles(np.array([np.nan]), (0.5,))).all()


def test_diverged_particles_leave_the_quantiles() -> None:
    loss = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 300.0]])
    one = group(np.zeros((2, 3, 2)), train_loss=loss, test_loss=loss, diverged=np.array([-1, -1, 1]))
    h = history(result(one), one, WINDOW, None)
    assert list(h.train[:, 1]) == [2.0, 1.5]
    assert list(h.test) == [2.0, 1.5]


def test_the_last_losses_are_those_of_the_table() -> None:
    """Of 600 particles, though losses are recorded of 250."""
    run, swarm = {"updates": 30, "frames": 4}, {"particles": 600, "start": "cloud", "at": [0.0, 1.0], "spread": 0.5}
    scenario = build_scenario(surface="rosenbrock", optimizer="sgd", swarm=swarm, run=run)
    findings = Findings(simulate(scenario))
    (one,), (told,) = findings.result.groups, findings.statistics
    drawn = history(findings.result, one, findings.window, None)
    recorded = quantiles(one.train_loss[-1], (0.05, 0.5, 0.95))
    assert len(one.loss_particles) == 250
    assert drawn.train[-1] == pytest.approx(list(told.train_loss))
    assert drawn.test[-1] == pytest.approx(told.test_loss.median)
    assert drawn.train[-1] != pytest.approx(recorded)


def test_shares_of_basins_are_of_all_particles() -> None:
    path = np.array([[(-1.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.0)]] * 2)
    one = group(path, diverged=np.array([-1, -1, 1, -1]))
    two = named(critical((-1, 0, "minimum", 2), (1, 0, "minimum", 2)), WINDOW)
    ends = Basins(two, lambda points: np.select([points[:, 0] < 0, points[:, 0] > 0], [0, 1], -1))
    h = history(result(one), one, WINDOW, ends)
    assert h.share.tolist() == [[0.25, 0.5], [0.25, 0.25]]


def test_a_long_run_is_thinned_over_the_clock() -> None:
    long = group(np.zeros((5000, 1, 2)))
    h = history(result(long), long, WINDOW, None)
    assert len(h.frame) == 400
    assert h.frame[0] == 0
    assert h.frame[-1] == 4999
    assert np.ptp(np.diff(h.clock)) <= 10


def test_a_group_that_leaves_does_not_flatten_the_others() -> None:
    calm = group(np.zeros((3, 4, 2)), train_loss=np.full((3, 4), 0.2), test_loss=np.full((3, 4), 0.4))
    gone = group(np.full((3, 4, 2), 99.0), train_loss=np.full((3, 4), 1e9), test_loss=np.full((3, 4), 1e9))
    both = [history(result(g), g, WINDOW, None) for g in (calm, gone)]
    losses = chart(
        chart_kind("loss"),
        Source(result(calm, gone), (calm, gone), (0, 1), both, (), None, np.array([0.0, 50.0]), 20.0),
    )
    assert losses.scale.high < 1
    assert (losses.curves[1].height == 2.0).all()


def test_scales_run_from_bottom_to_top() -> None:
    for scale in (Scale(-3.0, 5.0), Scale(1e-9, 1e3, log=True)):
        low, high = scale.height(np.array([scale.low, scale.high]))
        assert (low, high) == pytest.approx((0.0, 1.0), abs=1e-12)
        assert np.isnan(scale.height(np.array(np.nan)))
    assert float(Scale(1.0, 100.0, log=True).height(np.array(10.0))) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("loss", "decimals", "text"),
    [
        (0.126, 2, "0.13"), (-1.5, 1, "\N{MINUS SIGN}1.5"), (-0.001, 2, "0.00"), (99_999.0, 1, "99,999.0"),
        (100_000.0, 1, "100,000"), (-1_234_567.0, 3, "\N{MINUS SIGN}1.23e6"), (100.0, None, "100"),
        (0.012345, None, "0.0123"), (np.nan, 2, "\N{EN DASH}"), (np.inf, None, "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_losses_in_words(loss: float, decimals: int | None, text: str) -> None:
    assert loss_text(loss, decimals) == text


def test_a_loss_is_a_median_where_there_are_two_particles() -> None:
    for particles, texts in ((1, ("loss 1.50",)), (2, ("median loss 1.50", "loss 1.50"))):
        h = painter(result(*cloud(1, particles))).scene.histories[0]
        assert loss_texts(replace(h, train=np.full_like(h.train, 1.5)), 0, 2) == texts


def test_lost_particles_take_two_thirds_of_their_line() -> None:
    ready = painter(result(*cloud(1, 3, 2)))
    row, kind = ready.layout.rows[0], ready.layout.style.tick
    lost = replace(ready.scene.histories[0], outside=np.array([1234, 0, 0]), diverged=np.array([567, 8, 0]))
    room = 3 * text_width("1,234 outside, 567 diverged", kind) // 2
    for width, text in ((room + 2, "1,234 outside, 567 diverged"), (room - 3, "1,801 lost")):
        narrow = row._replace(label=Box(0, 0, width, 20))
        assert lost_text(narrow, "", lost, 0, ready.layout.style) == text
        assert [lost_text(narrow, "", lost, at, ready.layout.style) for at in (1, 2)] == ["8 diverged", ""]


def test_a_label_is_cut_later_than_the_words_about_lost_particles() -> None:
    ready = painter(result(*cloud(1, 3, 2)))
    row, style = ready.layout.rows[0], ready.layout.style
    lost = replace(ready.scene.histories[0], outside=np.array([3]), diverged=np.array([0]))
    full, short = (text_width(text, style.tick) for text in ("3 outside the map", "3 outside"))
    width = text_width("root mean square", style.label) + style.label.size + short + 1
    narrow = row._replace(label=Box(0, 0, width, 20))
    assert full < 2 * width // 3
    assert lost_text(narrow, "root mean square", lost, 0, style) == "3 outside"
    assert lost_text(narrow, "rms", lost, 0, style) == "3 outside the map"


def test_minima_are_told_apart() -> None:
    assert named([], WINDOW).parts == ("saddle", "on the way", "outside the map", "diverged")
    two = named(critical((1, 0, "minimum", 25), (-1, 0, "minimum", 3), (0, 0, "saddle", 1)), WINDOW)
    assert two.short == ("sharp", "flat", "saddle")
    assert (two.order, two.followed, two.titles[two.flattest]) == ((1, 0), 1, "flat minimum")
    alike = named(critical((1, 0, "minimum", 3), (-1, 0, "minimum", 3)), WINDOW)
    assert alike.titles == ("minimum B", "minimum A")


def test_a_wider_search_renames_nothing_and_no_chart_speaks_of_what_is_not_on_the_map() -> None:
    seen = critical((-1, 0, "minimum", 3), (1, 0, "minimum", 3))
    beyond = critical((-9, 0, "minimum", 1))
    assert named([*beyond, *seen], WINDOW).titles == ("minimum C", "minimum A", "minimum B")
    assert named([*beyond, *seen], WINDOW).flattest == 1
    assert named(seen[:1], WINDOW).titles == ("minimum",)
    assert named([*beyond, *seen[:1]], WINDOW).titles == ("minimum B", "minimum")


def test_bars_and_curves_show_the_share_in_each_basin() -> None:
    path = np.zeros((2, 100, 2))
    path[..., 0] = -1.0
    path[1, :30, 0] = 1.0
    points = critical((-1.0, 0.0, "minimum", 25), (1.0, 0.0, "minimum", 3))
    ready = painter(
        result(group(path), chart="basins", size=(960, 540)),
        critical=points,
        basin_of=lambda theta: (theta[:, 0] > 0).astype(np.int64),
        regions=Regions(
            np.array([(-1.0, 0.0), (1.0, 0.0)]), np.array([10 * np.eye(2)] * 2), np.ones((2, 64, 64), bool)
        ),
    )
    assert ready.scene.basins is not None
    assert ready.scene.histories[0].share.tolist() == [[1.0, 0.0], [0.7, 0.3]]
    bar = ready.layout.rows[0].numbers
    assert bar is not None
    line = ready.frame(10.0)[bar.top + 1, bar.left : bar.right]
    assert np.mean((line == ready.scene.maps.colours[0]).all(axis=-1)) == pytest.approx(0.3, abs=0.01)
    pale = np.array(mixed(ready.scene.maps.colours[0], (255, 255, 255), 0.7))
    assert np.mean((line == pale).all(axis=-1)) == pytest.approx(0.7, abs=0.01)
    shares = next(iter(ready.scene.charts.values()))
    assert "flat" in shares.title
    assert shares.curves[0].height == pytest.approx(shares.scale.height(np.array([0.0, 0.3])))


def test_without_a_minimum_the_basins_chart_becomes_the_loss() -> None:
    ready = painter(
        result(*cloud(), chart="basins"), critical=critical((0, 0, "saddle", 1)), basin_of=lambda p: p[:, 0]
    )
    assert ready.scene.basins is None
    assert "loss" in next(iter(ready.scene.charts.values())).title
