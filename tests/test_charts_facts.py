"""What holds of every chart: its order, its scale, and how much work it is; and of some, what they say of limits."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from test_charts import POINTS, walk

from errsurf.analysis import Critical
from errsurf.drawing.charts import (
    Scale,
    Source,
    Values,
    _particles,
    chart,
    chart_kind,
    chart_names,
    cosine,
    data_and_fit,
    loss_by_time,
    near,
)
from errsurf.drawing.charts._particles import staying
from errsurf.engine.landscape import Landscape
from helpers.chart_results import made, source, values

FIT = {"kind": "linear_regression", "examples": 9}


def every(name: str, particles: int = 12, **picture: Any) -> Source:
    """Two groups with all that charts show, on a surface that has it."""
    of = FIT | {"test": {"examples": 4}} if name == "data and fit" else None
    of = of or {"kind": "saddle", "examples": 20, "tilt": 0.5, "test": {"examples": 7}}
    run = made(walk(particles), walk(particles, seed=5), batches=(2, 5), seconds=(1.0, 2.0), of=of, **picture)
    rate = np.random.default_rng(1).uniform(0.1, 0.2, (9, 2, 2))
    given = {"watched": np.array([0, particles - 1]), "parts": {"effective_rate": rate}}
    passages = {"entered": np.zeros((1, particles), np.int64), "left": np.arange(particles)[None] % 9}
    run = replace(run, groups=[replace(group, **given, **passages) for group in run.groups])
    return source(run, POINTS, lambda points: (points[:, 0] < 0).astype(np.int64))


@pytest.mark.parametrize("name", chart_names())
def test_a_chart_has_its_band_around_its_line_and_its_marks_on_its_scale(name: str) -> None:
    of = every(name)
    found = chart(chart_kind(name), of)
    for k, curve in enumerate(found.curves):
        assert (curve.label, curve.number) == (of.groups[k].label, k)
        assert curve.clock.tolist() == of.histories[k].clock.tolist()
        if curve.band is not None:
            (low, high), line = curve.band.T, curve.height
            assert ((low <= line + 1e-12) & (line <= high + 1e-12) | np.isnan(line)).all()
            assert (low < high)[np.isfinite(line)].any()
        if curve.at is not None:
            assert curve.at.min() >= 0
            assert curve.at.max() <= 1
    heights = found.scale.height(np.array([value for value, _ in found.marks]))
    assert len(heights) > 1
    assert heights.tolist() == sorted(set(heights.tolist()))
    assert -1e-9 <= heights[0] < heights[-1] <= 1 + 1e-9
    shares = [share for share, _ in found.below]
    assert shares == sorted(set(shares))
    assert 0 <= shares[0] < shares[-1] <= 1
    lengths = [len(title) for title in found.titles]
    assert lengths == sorted(lengths, reverse=True)
    assert all(found.titles)
    assert found.curves[0].band is not None or not {"band", "interval"} & set(found.title.split())


@pytest.mark.parametrize("name", ["basins", "near", "escape", "basins by batch", "cosine", "cosine by batch"])
def test_shares_and_cosines_have_as_much_room_above_as_below(name: str) -> None:
    low = -1.0 if name.startswith("cosine") else 0.0
    scale = chart(chart_kind(name), every(name)).scale
    below, middle, above = scale.height(np.array([low, (1 + low) / 2, 1.0]))
    assert 0 < below < 0.05
    assert below + above == pytest.approx(2 * middle) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["error", "gap", "gradient norm", "noise scale", "sharpness", "theta x", "loss"])
def test_one_particle_has_no_median(name: str) -> None:
    several, one = (chart(chart_kind(name), every(name, particles)) for particles in (12, 1))
    assert "median" in several.title
    assert not any("median" in title or "band" in title for title in one.titles)
    assert all("test" in title for title in several.titles + one.titles) == (name == "loss")


class Counted(Landscape):
    """A landscape that counts the examples that are evaluated, and the points of a call."""

    count = points = 0

    def _mean(self, kernel: str, given: Any, which: Any, parts: int, center: Any = None) -> Any:
        table = self._fewest(which)[0] if center is None else self._all(which)
        self.points = np.asarray(given).size // 2
        self.count += self.points * len(table)
        return super()._mean(kernel, given, which, parts, center)


@pytest.mark.parametrize("surface", [{"kind": "logistic_regression"}, {"kind": "saddle", "tilt": 0.3}])
@pytest.mark.parametrize(
    ("name", "share", "most"),
    [("cosine", 0.9, 32), ("cosine by batch", 0.9, 32), ("error", 0.9, 250), ("error by batch", 0.9, 250),
     ("noise scale", 0.9, 250), ("gradient norm", 0.4, 250), ("sharpness", 0.4, 250)],
)  # fmt: skip
def test_a_chart_measures_as_many_particles_as_its_work_allows(
    name: str, share: float, most: int, surface: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more evaluations than they may be, at least this share of them, and so many of 300 particles at most."""
    of = source(
        made(walk(300, 3), walk(300, 3), batches=(5, 20), of=surface | {"examples": 20, "test": {"examples": 20}})
    )
    counted = Counted(of.result.landscape.problem)
    seen = replace(of, result=of.result.on(counted))
    monkeypatch.setattr(_particles, "EVALUATIONS", 12_000)
    chart_kind(name).values(seen, 1, np.arange(3))
    assert counted.count <= 1.05 * 12_000
    assert counted.count >= share * 12_000 or surface["kind"] == "saddle"
    monkeypatch.setattr(_particles, "EVALUATIONS", 1 << 40)
    chart_kind(name).values(seen, 1, np.arange(3))
    assert counted.points == 3 * most


def test_groups_stay_that_keep_more_than_half_of_their_particles() -> None:
    """In the map, to the end; where none does, all count."""

    def lost(outside: int, diverged: int) -> Any:
        return SimpleNamespace(outside=np.array([9, outside]), diverged=np.array([0, diverged]), particles=10)

    each: Any = [Values(np.array([float(k)])) for k in range(4)]
    of: Any = SimpleNamespace(histories=[lost(4, 0), lost(5, 0), lost(2, 3), lost(2, 2)])
    assert staying(of, each) == [each[0], each[3]]
    assert staying(SimpleNamespace(histories=of.histories[1:3]), each[1:3]) == each[1:3]  # type: ignore[arg-type]


def test_single_examples_come_in_turn_and_batches_as_they_are_drawn() -> None:
    for examples in (8, 20, 60):
        of = source(made(walk(2, 2), of={"kind": "saddle", "examples": examples}))
        single = [int(each[0]) for each in cosine.batches(of, 1, replacement=False)]
        assert len(single) == cosine.DRAWS == 40
        assert set(np.bincount(single, minlength=examples).tolist()) <= {40 // examples, -(-40 // examples)}
        whole = cosine.batches(of, examples, replacement=False)
        assert [sorted(each.tolist()) for each in whole] == [list(range(examples))] * 40
        assert any(len(set(each.tolist())) < examples for each in cosine.batches(of, examples, replacement=True))


def test_a_share_by_batch_has_the_interval_of_wilson() -> None:
    """For none of n particles it ends at z^2 / (n + z^2)."""
    of = source(
        made(np.full((3, 8, 2), 0.5), np.full((3, 8, 2), -0.5)),
        POINTS,
        lambda points: (points[:, 0] < 0).astype(np.int64),
    )
    found = [values("basins by batch", of, k) for k in range(2)]
    most = 1.959964**2 / (8 + 1.959964**2)
    ends = sorted((each.line[0], *each.band[0]) for each in found if each.band is not None)
    assert np.array(ends) == pytest.approx(np.array([(0.0, 0.0, most), (1.0, 1 - most, 1.0)]), abs=1e-6)
    assert all(each.band is not None and each.band.shape == (3, 2) for each in found)


@pytest.mark.parametrize(("trails", "particles", "lines"), [(0, 12, 1), (2, 12, 2), (9, 12, 5), (9, 3, 3)])
def test_a_fit_is_that_of_up_to_five_particles_from_first_to_last(trails: int, particles: int, lines: int) -> None:
    of = every("data and fit", particles, trails=trails)
    found = values("data and fit", of).profile
    assert found is not None
    assert found.shape[:2] == (9, lines)
    low, high = data_and_fit.span(data_and_fit.data(of), 0)
    inputs, path = np.linspace(low, high, data_and_fit.NODES), of.groups[0].position
    assert found[4, 0] == pytest.approx(path[4, 0, 0] * inputs + path[4, 0, 1])
    assert lines == 1 or found[4, -1] == pytest.approx(path[4, -1, 0] * inputs + path[4, -1, 1])
    one = chart(chart_kind("data and fit"), of)
    assert one.data is not None
    inner = np.concatenate([one.data.train, one.data.test])
    assert inner.min(axis=0) == pytest.approx(1 - inner.max(axis=0))
    assert ((inner.min(axis=0) > 0.02) & (inner.min(axis=0) < 0.1)).all()


def test_of_many_examples_some_are_seen_and_those_of_the_test_only_if_they_differ() -> None:
    train = np.arange(3000.0).reshape(-1, 3)
    for test, rings in ((train[:4], 4), (train.copy(), 0)):
        landscape = SimpleNamespace(train=train, test=test, problem=SimpleNamespace(column_names=("in", "out")))
        told = data_and_fit.data(SimpleNamespace(result=SimpleNamespace(landscape=landscape)))  # type: ignore[arg-type]
        assert (told.word, told.train.shape, told.test.shape) == ("in", (300, 2), (rings, 2))
        assert told.train[[0, -1]].tolist() == train[[0, -1], :2].tolist()
    alike = data_and_fit.Data("", np.array([[3.0, 1.0]] * 2), np.empty((0, 2)))
    assert data_and_fit.span(alike, 1) == (0.5, 1.5)
    assert data_and_fit.span(alike._replace(test=np.array([[0.0, 0.0], [13.0, 0.0]])), 0) == pytest.approx(
        (-0.78, 13.78)
    )


@pytest.mark.parametrize(("name", "factor"), [("effective rate", 30), ("lr", 30), ("error by batch", 4)])
def test_sizes_are_logarithmic_beyond_a_factor(name: str, factor: float) -> None:
    of = every(name)
    for times, log in ((0.99, False), (1.01, True)):
        each = [Values(np.array([1e-3, 1e-3])), Values(np.full(2, 1e-3 * factor * times))]
        assert chart_kind(name).scale(of, each).log == log


def test_rates_of_a_warmup_stand_below_the_scale() -> None:
    rates = np.concatenate([[np.nan, 0.0, 1e-9], np.full(200, 0.1)])
    scale = chart_kind("effective rate").scale(every("lr"), [Values(rates, dashed=3 * rates)])
    assert (scale.low, scale.high, scale.log) == pytest.approx((0.0, 0.315, False))
    nothing = chart_kind("effective rate").scale(every("lr"), [Values(np.full(3, np.nan))])
    assert nothing.low < nothing.high


def test_a_rate_for_each_parameter_has_two_lines_and_room_below() -> None:
    of = every("lr")
    rates = np.full((9, 2), (0.1, 1e-4))
    two = replace(of, groups=[replace(group, lr=rates) for group in of.groups])
    found = chart(chart_kind("lr"), two)
    assert "dashed" in found.title
    assert "dashed" not in chart(chart_kind("lr"), of).title
    assert found.scale.log
    assert found.curves[0].dashed is not None
    assert 0.2 < found.curves[0].dashed[0] < found.curves[0].height[0] < 1


def test_a_chart_is_possible_only_if_every_group_has_what_it_shows() -> None:
    run = every("loss").result
    region = SimpleNamespace(name="the cup")
    run = replace(run, scenario=replace(run.scenario, region=(region,)))
    assert all(chart_kind(name).possible(run, POINTS) for name in chart_names() if name != "data and fit")
    assert all("the cup" in title for title in chart_kind("escape").titles(replace(every("loss"), result=run))[:2])
    first, second = run.groups
    for name, lacking in (
        ("effective rate", {"parts": {}}), ("stability", {"parts": {}}), ("loss by time", {"seconds": np.nan}),
        ("escape", {"entered": np.empty((0, 12), np.int64)}),
    ):  # fmt: skip
        assert not chart_kind(name).possible(replace(run, groups=[first, replace(second, **lacking)]), POINTS), name
    without = replace(run, scenario=replace(run.scenario, region=()))
    assert not chart_kind("escape").possible(without, POINTS)


def test_those_who_are_still_inside_count_from_their_entry() -> None:
    """12 particles enter at the start and leave one after another; at each update those are gone that left by then."""
    of = every("escape")
    gone = np.arange(12) % 9
    of.groups[0].left[0][:] = np.where(gone == 0, -1, gone)
    found = values("escape", of)
    left = [np.count_nonzero((gone > 0) & (gone <= update)) for update in range(9)]
    assert found.line == pytest.approx(1 - np.array(left) / 12)


def test_the_gap_is_seen_beside_zero() -> None:
    kind, of = chart_kind("gap"), every("gap")
    assert kind.scale(of, [Values(np.array([2.0, 3.0]))] * 2)[:2] == pytest.approx((-0.15, 3.15))
    assert kind.scale(of, [Values(np.array([-2.0, -3.0]))] * 2)[:2] == pytest.approx((-3.15, 0.15))


def test_time_is_logarithmic_from_a_factor_of_five() -> None:
    def ends(*last: float) -> Scale:
        return loss_by_time.scale([np.array([0.0, each / 10, each]) for each in last])

    assert ends(1.0, 4.99) == Scale(0.0, 4.99)
    assert ends(1.0, 5.0) == Scale(0.1, 5.0, True)
    assert ends(1e-12, 1e-12) == Scale(0.0, 1e-9)
    assert loss_by_time.scale([np.zeros(2), np.ones(2)]) == Scale(1e-9, 1.0, True)
    told = loss_by_time.marks(Scale(1e-9, 1e6, True), ())
    assert [value for value, _ in told] == [10.0**k for k in range(-9, 7)]
    assert [value for value, _ in loss_by_time.marks(Scale(0.5, 9.0, True), ())] == [0.5, 9.0]
    assert [value for value, _ in loss_by_time.marks(Scale(0.5, 10.0, True), ())] == [1.0, 10.0]
    assert [text for _, text in loss_by_time.marks(Scale(0.0, 10.0), ())] == ["0", "10 s"]


def test_near_is_within_a_quarter_of_the_way_from_the_saddle_nearest_to_the_start() -> None:
    run = made(np.full((2, 3, 2), 0.9))
    two = (*POINTS, Critical(1.0, 1.0, "saddle", 0.0, (-1.0, 1.0)))
    assert near.disc(run, two) == near.Disc((1.0, 1.0), 0.25, "the saddle")
    assert near.disc(run, (POINTS[0], *POINTS[1:])) == near.Disc((0.0, 0.0), 0.25, "the saddle")
    alone = near.disc(run, POINTS[:1])
    width = float(np.ptp(run.landscape.window[0]))
    assert alone is not None
    assert alone.radius == pytest.approx(0.1 * width, rel=0.05)
    assert near.disc(run, POINTS[1:]) is None
    close = Critical(0.0005 * width, 0.0, "degenerate", 0.0, (0.0, 1.0))
    assert near.disc(run, (*POINTS, close)) == near.Disc((0.0, 0.0), 0.25, "the saddle")
    named = [made(walk(3, 2), near={"at": [x * width, 0.0]}) for x in (0.0009, 0.0011)]
    assert [found.name == "the saddle" for each in named if (found := near.disc(each, POINTS))] == [True, False]


def test_a_logarithm_of_shares_begins_below_one_particle() -> None:
    low, high = [], []
    for particles in (3, 100):
        scale = chart_kind("near").scale(every("near", particles, near={"log": True}), [])
        assert scale.log
        low, high = [*low, scale.low], [*high, scale.high]
    assert low == pytest.approx([0.05, 0.007])
    assert all(1 < each < 2 for each in high)


def test_sharpness_over_its_limit_is_told_up_to_four_times_and_beside_one() -> None:
    kind, of = chart_kind("stability"), every("stability")
    assert kind.scale(of, [Values(np.array([0.1, 0.2]))])[:2] == pytest.approx((-0.05, 1.05))
    assert kind.scale(of, [Values(np.array([0.1, 90.0]))])[:2] == pytest.approx((-0.2, 4.2))
    found = values("stability", of)
    group = of.groups[0]
    rates, bend = group.parts["effective_rate"], of.result.landscape.hessian(group.position[:, group.watched])
    assert np.isnan(found.line[0])
    matrices = np.sqrt(rates)[..., :, None] * bend[..., [[0, 1], [1, 2]]] * np.sqrt(rates)[..., None, :]
    assert found.line[1:] == pytest.approx(np.median(np.linalg.eigvalsh(matrices)[..., 1], axis=1)[1:] / 2)
