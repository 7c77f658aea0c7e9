"""What charts show, against what can be worked out by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.analysis import Critical
from errsurf.drawing.charts import Values, chart, chart_kind, chart_names, drawable
from errsurf.drawing.charts._scales import spanning
from errsurf.schedules import rates
from helpers.chart_results import made, source, values

BOWL = {"kind": "quadratic_bowl", "condition": 4.0, "sharpness": 2.0}
POINTS = (
    Critical(0.0, 0.0, "saddle", 0.0, (-1.0, 1.0)),
    Critical(1.0, 0.0, "minimum", -0.25, (1.0, 2.0)),
    Critical(-1.0, 0.0, "minimum", -0.25, (1.0, 2.0)),
)


def at(*points: tuple[float, float]) -> Any:
    """A path of one particle."""
    return np.array(points)[:, None]


def walk(particles: int = 12, frames: int = 9, seed: int = 3) -> Any:
    return 0.3 * np.random.default_rng(seed).normal(size=(frames, particles, 2)).cumsum(axis=0)


def small_run(**changes: Any) -> Any:
    tables: dict[str, Any] = {
        "surface": {"kind": "saddle"},
        "swarm": {"start": "points", "points": [[0.4, 0.9]]},
        "run": {"updates": 12, "frames": "all", "precision": "float64"},
        "optimizer": [{"kind": "sgd", "lr": 0.1}],
        "picture": {"clock": "updates"},
    }
    return simulate(scenario_from(tables | changes))


def test_the_gradient_norm_contracts_as_on_a_quadratic() -> None:
    """By 1 - lr lambda an update."""
    run = small_run(
        surface=BOWL,
        swarm={"start": "points", "points": [[1.0, 0.0]]},
        run={"updates": 60, "frames": "all", "precision": "float64"},
    )
    found = chart(chart_kind("gradient norm"), source(run))
    norm = 0.5 * (1 - 0.1 * 0.5) ** np.arange(61)
    assert found.curves[0].height == pytest.approx(found.scale.height(norm), abs=1e-9)
    assert not found.scale.log
    fast = values("gradient norm", source(made(at(*((1.2 * 0.7**t, 0.0) for t in range(40))), of=BOWL)))
    assert np.log(fast.line[1:] / fast.line[:-1]) == pytest.approx(np.log(0.7), rel=1e-9)


def test_the_noise_scale_grows_as_the_gradient_falls() -> None:
    """All over the bowl tilts have one covariance, so the scale grows with 1 / |g|^2."""
    path = at(*((0.5**t, 0.0) for t in range(12)), (0.0, 0.0))
    run = source(made(path, of={**BOWL, "tilt": 0.3}))
    found = values("noise scale", run).line
    assert found[1:12] / found[:11] == pytest.approx(np.full(11, 4.0))
    xx, _, yy = run.result.landscape.covariance(np.zeros(2))
    assert found[0] == pytest.approx((xx + yy) / 0.25)


def test_between_two_walls_the_loss_rests_and_the_gradient_stays_large() -> None:
    swings = source(made(at(*((0.0, (-1.0) ** t) for t in range(10))), of=BOWL))
    assert np.ptp(values("loss", swings).line) < 1e-12
    assert values("gradient norm", swings).line == pytest.approx(np.full(10, 2.0))


def test_a_scale_is_logarithmic_where_values_span_and_zero_stands_at_its_bottom() -> None:
    far = chart(chart_kind("gradient norm"), source(made(at(*((0.5**t, 0.0) for t in range(20)), (0.0, 0.0)), of=BOWL)))
    assert far.scale.log
    assert far.scale.low == pytest.approx(0.5**20)
    assert far.curves[0].height[-1] == 0.0
    assert far.curves[0].height[-2] > 0.1
    assert [text for _, text in far.marks] == [
        "0",
        "1e\N{MINUS SIGN}6",
        "1e\N{MINUS SIGN}5",
        "1e\N{MINUS SIGN}4",
        "0.001",
        "0.01",
        "0.1",
    ]
    still = chart(chart_kind("gradient norm"), source(made(at((0.0, 0.0), (0.0, 0.0)), of=BOWL)))
    assert not still.scale.log
    assert still.scale.low == 0.0 < still.scale.high


def test_near_a_saddle_is_within_a_quarter_of_the_way_to_the_next_point() -> None:
    path = np.zeros((3, 8, 2))
    path[0, :, 1] = 0.9
    path[2, :3, 0] = 0.24
    path[2, 3:6, 0] = 0.26
    path[2, 6:] = np.nan
    run = source(made(path), POINTS)
    found = chart(chart_kind("near"), run)
    assert values("near", run).line.tolist() == [0.0, 1.0, 3 / 8]
    assert found.title == "share of the particles within 0.25 of the saddle"
    assert [text for _, text in found.marks] == ["0%", "50%", "100%"]


def test_near_takes_the_point_of_the_scenario_and_a_logarithm() -> None:
    path = np.zeros((2, 1000, 2))
    path[1, 1:] = 1.0
    run = source(made(path, near={"at": [0.0, 0.1], "radius": 0.2, "log": True}), POINTS)
    found = chart(chart_kind("near"), run)
    assert values("near", run).line.tolist() == [1.0, 0.001]
    assert found.title.endswith("within 0.2 of (0, 0.1)")
    assert [text for _, text in found.marks] == ["0.1%", "1%", "10%", "100%"]
    steps = found.scale.height(np.array([0.001, 0.01, 0.1, 1.0]))
    assert np.ptp(np.diff(steps)) < 1e-12


def test_a_single_example_points_where_its_own_gradient_does() -> None:
    place = (0.3, 0.8)
    run = made(at(place, place), at(place, place), batches=(1, "full"))
    landscape, point = run.landscape, np.array(place)
    full = landscape.gradient(point)
    each = np.array([landscape.gradient(point, [k]) for k in range(20)])
    cosines = each @ full / np.hypot(*each.T) / np.hypot(*full)
    found = values("cosine", source(run))
    assert found.line == pytest.approx(np.full(2, np.median(cosines)))
    assert found.band is not None
    assert found.band[0] == pytest.approx(np.quantile(cosines, (0.05, 0.95)), abs=1e-6)
    assert values("cosine", source(run), 1).line == pytest.approx(np.ones(2), abs=1e-12)


@pytest.mark.parametrize("kind", ["reshuffle", "replacement"])
def test_the_error_of_a_batch_falls_as_it_must(kind: str) -> None:
    """Like sqrt((N - B) / (B (N - 1))), with replacement like 1 / sqrt(B), times the spread of the examples."""
    place, sizes = (0.3, 0.8), (1, 2, 5, 20)
    run = made(*[at(place, place)] * 4, batches=sizes, run={"sampling": kind})
    landscape, point = run.landscape, np.array(place)
    each = np.array([landscape.gradient(point, [k]) for k in range(20)])
    noise = np.sqrt(each.var(axis=0).sum()) / np.hypot(*landscape.gradient(point))
    for name in ("error", "error by batch"):
        found = [values(name, source(run), k).line[0] for k in range(4)]
        size = np.array(sizes)
        factor = 1 / np.sqrt(size) if kind == "replacement" else np.sqrt((20 - size) / (size * 19))
        assert found == pytest.approx(noise * factor, rel=1e-6, abs=1e-12)


def test_charts_by_batch_size_compare_gradients_at_the_same_points() -> None:
    run = source(made(walk(seed=1), walk(seed=2), batches=(1, 20)))
    own, same = values("error", run).line, values("error by batch", run).line
    there = source(made(walk(seed=2), walk(seed=2), batches=(1, 20)))
    assert same == pytest.approx(values("error", there).line)
    assert not np.allclose(own, same)


def test_the_lr_is_that_of_the_schedule() -> None:
    schedule = {"warmup": 4, "decay": "cosine"}
    run = small_run(optimizer=[{"kind": "sgd", "lr": 0.1, "schedule": schedule}])
    group = run.scenario.optimizer[0]
    expected = rates(group.schedule, 0.1, 12)
    assert values("lr", source(run)).line[:-1] == pytest.approx(expected)
    found = chart(chart_kind("lr"), source(run))
    assert (found.scale.low, found.scale.log) == (0.0, False)
    assert found.scale.height(np.array(expected.max())) < 1


def test_a_small_constant_rate_fills_the_chart() -> None:
    """A scale of sizes follows the sizes, however small."""
    run = small_run(optimizer=[{"kind": "sgd", "lr": 1e-4}])
    assert chart(chart_kind("lr"), source(run)).curves[0].height == pytest.approx(np.full(13, 1 / 1.05))


def test_rates_powers_of_ten_apart_stand_on_a_logarithmic_scale() -> None:
    run = made(walk(), walk())
    groups = [replace(group, lr=np.full(9, lr)) for group, lr in zip(run.groups, (0.1, 1e-7), strict=True)]
    found = chart(chart_kind("lr"), source(replace(run, groups=groups)))
    assert found.scale.log
    assert all(0 < curve.height[0] < 1 for curve in found.curves)


def test_the_effective_rate_of_adagrad_is_recorded_and_drawn() -> None:
    run = small_run(
        optimizer=[{"kind": "adagrad", "lr": 0.5, "eps": 1e-10}],
        picture={"chart": "effective rate", "clock": "updates"},
    )
    slopes = run.landscape.gradient(np.asarray(run.groups[0].position)[:-1, 0])
    expected = 0.5 / (np.sqrt(np.cumsum(slopes**2, axis=0)) + 1e-10)
    found = values("effective rate", source(run))
    assert np.isnan(found.line[0])
    assert found.line[1:] == pytest.approx(expected[:, 0], rel=1e-9)
    assert found.dashed is not None
    assert found.dashed[1:] == pytest.approx(expected[:, 1], rel=1e-9)


def test_gap_and_sharpness_are_those_at_the_particles() -> None:
    shifted = BOWL | {"examples": 10, "test": {"shift": [0.3, 0.0]}}
    run = source(made(walk(), of=shifted))
    group = run.groups[0]
    assert values("gap", run).line == pytest.approx(np.median(group.test_loss - group.train_loss, axis=1))
    assert values("sharpness", run).line == pytest.approx(np.full(9, 2.0))
    plane = chart(chart_kind("gap by sharpness"), run)
    assert plane.curves[0].at == pytest.approx(np.full(9, 0.5))
    assert plane.word == "sharpness"


def test_points_stand_over_their_batch_sizes_and_the_best_are_joined() -> None:
    from errsurf.drawing.panel.chart import joined_points

    low, high = at(*[(1.0, 0.0)] * 5), at(*[(0.3, 0.2)] * 5)
    run = source(made(high, low, high, batches=(1, 4, 4)))
    found = chart(chart_kind("loss by batch"), run)
    places = [curve.at[0] for curve in found.curves if curve.at is not None]
    assert places[0] < places[1] == places[2]
    assert [text for _, text in found.below] == ["1", "4"]
    for joined, best in (("lowest", 1), ("highest", 2)):
        heights = [found.curves[k].height[0] for k in (0, best)]
        points = np.stack([places[:2], heights], axis=1)
        assert joined_points(found._replace(joined=joined), 3.0) == pytest.approx(points)


def test_results_by_batch_size_fill_the_height_that_the_second_half_needs() -> None:
    path = at((0.0, 1.9), *[(1.0, 0.05 * k) for k in range(9)])
    late = chart(chart_kind("loss by batch"), source(made(path)))
    over = chart(chart_kind("loss"), source(made(path)))
    assert late.scale.high < 0 < over.scale.high


def test_time_runs_as_it_was_measured() -> None:
    slow, fast = walk(seed=1), walk(seed=2)
    run = made(slow, fast, seconds=(0.08, 0.02))
    found = chart(chart_kind("loss by time"), source(run))
    assert found.curves[0].at == pytest.approx(np.linspace(0, 1, 9))
    assert found.curves[1].at == pytest.approx(np.linspace(0, 0.25, 9))
    assert [text for _, text in found.below] == ["0", "80 ms"]
    assert 0 < small_run().groups[0].seconds < 10


def test_time_is_logarithmic_where_a_group_ends_far_earlier() -> None:
    found = chart(chart_kind("loss by time"), source(made(walk(seed=1), walk(seed=2), seconds=(0.08, 0.008))))
    slow, fast = (curve.at for curve in found.curves)
    assert slow[[0, 1, 8]] == pytest.approx([0, np.log(10) / np.log(80), 1])
    assert fast[[0, 1, 8]] == pytest.approx([0, 0, np.log(8) / np.log(80)])
    assert [text for _, text in found.below] == ["1 ms", "10 ms"]


def test_what_a_run_has_not_is_shown_as_the_loss() -> None:
    run = made(walk())
    wanted = ("near", "effective rate")
    assert drawable(wanted, run, (), told_apart=False) == ("loss",)
    assert drawable(wanted, run, POINTS, told_apart=False) == ("near", "loss")
    assert drawable(("basins", "loss by time"), run, POINTS, told_apart=True) == ("basins", "loss")


@pytest.mark.parametrize("name", chart_names())
def test_each_row_follows_from_its_own_frame(name: str) -> None:
    """So a run that is watched adds rows to those there are; nobody warns of particles that are gone."""
    leaves = walk()
    leaves[4:, :3] = np.nan
    gone = walk(seed=5)
    gone[2], gone[3:] = 1e250, np.nan
    line = {"kind": "linear_regression", "examples": 20} if name == "data and fit" else None
    run = made(leaves, gone, batches=(5, 20), seconds=(1.0, 2.0), of=line)
    rate = np.ones((9, 2, 2))
    passages = {"entered": np.zeros((1, 12), np.int64), "left": np.full((1, 12), 5)}
    parts = {"effective_rate": rate}
    groups = [replace(group, watched=np.array([0, 1]), parts=parts, **passages) for group in run.groups]
    of = source(replace(run, groups=groups), POINTS, lambda points: (points[:, 0] < 0).astype(np.int64))
    kind, some = chart_kind(name), np.array([2, 6])
    for k in range(2):
        for part, whole in zip(kind.values(of, k, some), values(name, of, k), strict=True):
            assert part is None or part == pytest.approx(whole[some], nan_ok=True)
    found = chart(kind, of)
    assert all(
        np.isfinite(curve.height[0]) or name in ("effective rate", "stability", "data and fit")
        for curve in found.curves
    )
    assert found.scale.low < found.scale.high


@pytest.mark.parametrize("top", [0.0, 5.0, 5.2, 100.0, np.inf])
def test_a_scale_rises_wherever_its_top_lies(top: float) -> None:
    scale = spanning([np.array([5.0, 6.0])], top)
    assert scale.low < 5.0
    assert scale.high > min(max(top, 5.0), 6.0)
    assert scale.decimals is not None


def test_rates_of_nought_do_not_move_the_foot_of_their_scale() -> None:
    """A tenth of them are nought, of particles at rest; one is of a warmup."""
    rates = np.concatenate([np.zeros(10), [1e-6], np.geomspace(0.1, 10.0, 89)])
    scale = chart_kind("effective rate").scale(source(made(np.zeros((2, 4, 2)))), [Values(rates)])
    assert scale.log
    assert 0.01 < scale.low <= 0.1


def test_losses_have_the_scale_that_is_asked_for() -> None:
    """By itself it is logarithmic where positive losses span more than a factor of 30."""

    def is_log(factor: float, how: str) -> bool:
        of = source(made(np.zeros((2, 4, 2)), loss_scale=how))
        return chart_kind("loss").scale(of, [Values(np.array([0.1, 0.1 * factor]))]).log

    assert [is_log(factor, "auto") for factor in (29.0, 31.0)] == [False, True]
    assert [is_log(factor, "linear") for factor in (31.0, 49.0)] == [False, False]
    assert is_log(2.0, "log")
