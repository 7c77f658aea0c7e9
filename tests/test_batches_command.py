"""The command batches: what updates and epochs take by batch size, and small batches against large ones."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf import scenario_from, simulate
from errsurf.batch_times import timing
from errsurf.batch_times.devices import devices
from errsurf.batch_times.jobs import drawing_job, group_job, lying_job, serial, sizes
from errsurf.batch_times.measuring import batch_times
from errsurf.batch_times.quality import Outcome, outcome, over_the_map, relative_error
from errsurf.batch_times.records import BatchTimes, Series
from errsurf.batch_times.summary import gradient_row, quality_rows, time_rows
from errsurf.batch_times.words import in_time, times
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import group_colours, theme
from errsurf.drawing.figures.batches import _panels, _plan, batch_figure, batch_texts
from errsurf.engine import blocks
from errsurf.engine.blocks import advance, empty_frames, initial_state, position
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.landscape import surface
from errsurf.errors import DeviceFailedError
from errsurf.measures.intervals import Estimate
from errsurf.run.device import Device
from errsurf.scenario import Scenario
from helpers.command_line import SMALL, CommandLine

EXAMPLES = 150
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 150)


def scenario(**surface_keys: Any) -> Scenario:
    tables: dict[str, Any] = {"surface": {"kind": "saddle", "tilt": 0.4, "examples": EXAMPLES, **surface_keys}}
    tables |= {"run": {"updates": 3}, "swarm": {"start": "cloud", "particles": 40, "spread": 0.3}}
    return scenario_from(tables | {"optimizer": [{"kind": "sgd", "lr": 0.05}]})


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SECONDS", 1e-4)


@pytest.fixture(name="found", scope="module")
def found_fixture() -> BatchTimes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timing, "SECONDS", 1e-3)
        return batch_times(scenario(), 2, 128)


def with_gpu(found: BatchTimes) -> BatchTimes:
    """As if a GPU had been measured, too."""
    flat = tuple(Estimate(3e-6 + 1e-9 * batch, 2e-6, 5e-6 + 1e-9 * batch) for batch in SIZES)
    return replace(found, series=(*found.series, Series("cuda", False, SIZES, flat), Series("cuda", True, SIZES, flat)))


def moved(job: GroupPlan, theta: np.ndarray) -> np.ndarray:
    state = initial_state(job, theta)
    with ThreadPoolExecutor(1) as pool:
        advance(
            job, state, len(job.step_constants), empty_frames(job, np.empty(0, np.int64)), pool, Event(), lambda _: None
        )
    return position(job, state)


def test_sizes_are_powers_of_two_and_all_examples() -> None:
    assert sizes(EXAMPLES, 2, 128) == SIZES
    assert sizes(64) == (1, 2, 4, 8, 16, 32, 64)
    assert sizes(60_000, 1000)[-7:] == (1024, 2048, 4096, 8192, 16384, 32768, 60_000)


@pytest.mark.parametrize("batch", [1, 3, 64, 150])
def test_one_lane_makes_the_same_updates(batch: int) -> None:
    """The timed updates are updates: of the first examples, with the same result in one lane and packed."""
    chosen, theta, lr = scenario(), np.array([[0.3, 0.4]]), np.full(5, 0.05)
    problem = surface(chosen).problem
    job = replace(lying_job(chosen, problem, batch), step_constants=group_job(chosen, problem, 1, 1, lr).step_constants)
    expected, landscape = theta.copy(), surface(chosen)
    for _ in lr:
        expected = expected - 0.05 * landscape.gradient(expected, np.arange(batch))
    for each in (job, serial(job)):
        np.testing.assert_allclose(moved(each, theta), expected, atol=1e-6)


def test_a_job_of_lr_zero_stands_still_and_draws_batches() -> None:
    chosen, theta = scenario(), np.array([[0.3, 0.4]])
    problem = surface(chosen).problem
    for batch, draws in ((1, True), (64, True), (EXAMPLES, False)):
        job = drawing_job(chosen, problem, batch)
        assert job.full != draws
        np.testing.assert_array_equal(moved(job, theta), theta.astype(np.float32))


def test_every_device_has_every_size_and_intervals_hold_their_medians(found: BatchTimes) -> None:
    assert [(each.device, each.drawn) for each in found.series] == [("serial", False), ("cpu", False), ("cpu", True)]
    for series in found.series:
        assert series.batches == SIZES
        for k, (update, epoch) in enumerate(zip(series.update, series.epoch(EXAMPLES), strict=True)):
            assert 0 < update.low <= update.value <= update.high
            np.testing.assert_allclose(epoch, np.array(update) * -(-EXAMPLES // SIZES[k]))
    serial_one = found.series[0].update
    assert serial_one[-1].value > serial_one[0].value  # 150 examples in one lane take longer than one


def test_a_gpu_is_measured_like_the_cpu() -> None:
    """Any device that can say how long a job takes is measured with batches side by side and drawn."""
    asked: list[tuple[int, bool]] = []

    def seconds(job: GroupPlan) -> float:
        asked.append((job.batches.size, job.full))
        return 1e-6 * len(job.step_constants) * job.batches.size

    chosen = scenario()
    on = {"cpu": seconds, "cuda": seconds}
    series = timing.timed_series(chosen, surface(chosen).problem, (1, 10, 150), on, lambda _stage, _share: None)
    assert [(each.device, each.drawn) for each in series[-2:]] == [("cuda", False), ("cuda", True)]
    for each in series:
        np.testing.assert_allclose([update.value for update in each.update], [1e-6, 1e-5, 1.5e-4])
        assert each.flat_to == 1
    assert {(1, False), (10, True), (150, True)} <= set(asked)


def test_a_gpu_that_fails_is_left_out_and_one_that_works_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def stands_in(_name: str, _scenario: Scenario, say: Any) -> Device:
        return Device("cuda", Failing() if fails else blocks, fallback=False, say=say)

    class Failing:
        def compile_kernel(self, _work: GroupPlan) -> None:
            raise DeviceFailedError("out of memory")

    chosen = scenario()
    monkeypatch.setattr("errsurf.batch_times.devices.no_gpu", lambda: "")
    monkeypatch.setattr("errsurf.batch_times.devices.chosen_device", stands_in)
    with ThreadPoolExecutor(1) as pool:
        fails = True
        on, missing = devices(chosen, surface(chosen).problem, pool)
        assert (set(on), missing) == ({"cpu"}, {"cuda": "out of memory"})
        fails = False
        on, missing = devices(chosen, surface(chosen).problem, pool)
        assert (set(on), missing) == ({"cpu", "cuda"}, {})
        assert on["cuda"](drawing_job(chosen, surface(chosen).problem, 1)) > 0


def test_flat_up_to_the_first_size_that_takes_half_as_long_again() -> None:
    def flat_to(*seconds: float) -> int:
        return Series("cpu", False, (1, 2, 4), tuple(Estimate(s, s, s) for s in seconds)).flat_to

    assert (flat_to(1, 1.4, 1.5), flat_to(1, 1.4, 1.6), flat_to(1, 1.6, 1.4)) == (4, 2, 1)


def test_relative_error_is_that_of_drawn_batches() -> None:
    landscape = surface(scenario(shift=0.2))
    points = np.array([[0.4, 0.7], [-1.2, 0.3]])
    each = np.stack([landscape.gradient(points, [k]) for k in range(EXAMPLES)])
    full = landscape.gradient(points)
    errors = np.sqrt(((each - full) ** 2).sum(axis=2).mean(axis=0)) / np.hypot(*full.T)
    np.testing.assert_allclose(relative_error(landscape, points, 1, replacement=False), errors, rtol=1e-10)
    assert relative_error(landscape, points, EXAMPLES, replacement=False) == pytest.approx(0, abs=1e-12)
    draw = np.random.default_rng(1)
    batches = np.stack([landscape.gradient(points[:1], draw.permutation(EXAMPLES)[:30]) for _ in range(1000)])
    drawn = np.sqrt(((batches - full[:1]) ** 2).sum(axis=2).mean()) / np.hypot(*full[0])
    assert relative_error(landscape, points[:1], 30, replacement=False)[0] == pytest.approx(drawn, rel=0.1)


def test_outcome_is_that_of_a_run_with_linear_decay() -> None:
    chosen = scenario(test={"shift": [0.3, 0.0]})
    with ThreadPoolExecutor(1) as pool:
        ended = outcome(chosen, surface(chosen), 8, 2, pool, lambda _updates: None)
    group = {"kind": "sgd", "lr": 0.05, "batch": 8, "schedule": {"decay": "linear", "total": 38}}
    tables: dict[str, Any] = {
        "surface": {"kind": "saddle", "tilt": 0.4, "examples": EXAMPLES, "test": {"shift": [0.3, 0.0]}}
    }
    tables |= {"run": {"epochs": 2}, "swarm": {"start": "cloud", "particles": 40, "spread": 0.3}, "optimizer": [group]}
    run = simulate(scenario_from(tables)).groups[0]
    np.testing.assert_allclose(ended.train, run.train_loss[-1], atol=1e-6)
    np.testing.assert_allclose(ended.gap, run.test_loss[-1] - run.train_loss[-1], atol=1e-6)


def test_starts_are_all_over_the_map() -> None:
    swarm = over_the_map(((-2.0, 4.0), (0.0, 1.0)))
    assert (swarm.start, *swarm.settings) == ("grid", (1.0, 0.5), (6.0, 1.0))


def test_words_follow_from_the_numbers() -> None:
    def series(drawn: bool, *seconds: float, spread: float = 1.01) -> Series:
        return Series("cpu", drawn, (1, 10), tuple(Estimate(s, s / spread, s * spread) for s in seconds))

    rows = time_rows([series(False, 1e-6, 1.4e-6), series(True, 1e-6, 1e-5)], (1, 10), 100)
    assert [(row.name, row.here) for row in rows] == [
        ("one update", ("same", "same")),
        ("one epoch", ("slower", "faster")),
        ("one epoch", ("same", "same")),
    ]
    assert [row.lecture for row in rows] == [("same", "same"), ("slower", "faster"), ("slower", "faster")]
    (unclear, _) = time_rows([series(False, 1e-6, 1.8e-6, spread=1.5)], (1, 10), 100)
    assert unclear.here == ("unclear", "unclear")
    assert gradient_row(np.full(50, 3.0), np.full(50, 0.1)).here == ("noisy", "stable")

    def ended(train: float, gap: float) -> Outcome:
        return Outcome(np.full(9, train), np.full(9, train + gap), 0)

    rows = quality_rows((ended(0.1, 0.2), ended(0.105, 0.1)), (ended(0.0, 0.1), ended(0.0, 0.3)), 1.0)
    assert [row.here for row in rows] == [("same",) * 2] * 2 + [("worse", "better"), ("better", "worse")]
    wide = Outcome(np.linspace(-1.0, 1.0, 9), np.linspace(-2.0, 2.0, 9), 0)
    assert quality_rows((wide, ended(0.0, 0.0)), (wide, wide), 1.0)[0].here == ("unclear", "unclear")
    (busy, _) = time_rows([series(False, 1e-6, 1.4e-6, spread=1.2)], (1, 10), 100)
    assert busy.here == ("unclear", "unclear")
    none = Outcome(np.empty(0), np.empty(0), 9)
    assert [row.here for row in quality_rows((none, none), (none, none), np.nan)] == [("unclear", "unclear")] * 4


def test_times_and_ratios_in_words() -> None:
    seconds = (5e-9, 9.994e-8, 99.96e-9, 1.5e-6, 0.25, 12.0, 350.0)
    assert [in_time(each) for each in seconds] == ["5 ns", "99.9 ns", "100 ns", "1.5 µs", "250 ms", "12 s", "350 s"]
    assert in_time(8e-7, 1.2e-6) == "0.8 to 1.2 µs"
    assert [times(ratio) for ratio in (1.234, 9.96, 1234.0)] == ["1.2 times", "10 times", "1,234 times"]


@pytest.mark.parametrize(
    ("look", "size"), [("light", (960, 540)), ("dark", (480, 270)), ("projector", (960, 540)), ("light", (1280, 720))]
)
def test_figure_has_every_line_and_no_text_over_another(found: BatchTimes, look: str, size: tuple[int, int]) -> None:
    chosen = replace(found.scenario, picture=found.scenario.picture._replace(theme=look, size=size))
    for each in (replace(found, scenario=chosen), replace(with_gpu(found), scenario=chosen)):
        texts = batch_texts(each)
        assert {"time of one update", "time of one epoch", "batch size"} <= {text.text for text in texts}
        boxes = [text.box for text in texts]
        assert all(box.inside(Box(0, 0, *size)) for box in boxes)
        assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
        picture = batch_figure(each).pixels
        assert picture.shape == (size[1], size[0], 3)
        middle = size[0] // 2
        for colour in group_colours(theme(look), range(len({series.device for series in each.series}))):
            hits = (np.abs(picture.astype(int) - colour) < 48).all(axis=-1)
            assert min(hits[size[1] // 5 :, :middle].sum(), hits[size[1] // 5 :, middle:].sum()) > 20


def test_times_stand_at_their_values_and_sizes_below_them(found: BatchTimes) -> None:
    plan, texts = _plan(found), batch_texts(found)
    for panel in _panels(found, plan):
        (low, high), area = panel.decades, panel.area
        ends = {in_time(10.0**low): area.bottom, in_time(10.0**high): area.top}
        beside = [each for each in texts if each.text in ends and area.left - 90 < each.left < area.left]
        assert beside
        for each in beside:
            assert (each.box.top + each.box.bottom) / 2 == pytest.approx(ends[each.text], abs=1.6)
        (first,) = (each for each in texts if each.text == "1" and area.left - 9 < each.left < area.right)
        assert (first.box.left + first.box.right) / 2 == pytest.approx(area.left + 0.02 * area.width, abs=1.6)


def test_command_prints_both_tables_and_writes_figure_and_numbers(errsurf: CommandLine) -> None:
    options = ("--examples", 64, "--large", 16, "--epochs", 2, "-o", "times.png", "-o", "times.json")
    assert errsurf("batches", errsurf.file(SMALL), *options) == 0
    assert errsurf.out.endswith("times.png\ntimes.json\n")
    for words in ("serial,", "error over length", "generalization", "128 updates of batch 1 or 8", "350 s", "No GPU"):
        assert words in errsurf.out
    told = json.loads(Path("times.json").read_text(encoding="utf-8"))
    assert (told["examples"], told["small"], told["large"], told["epochs"]) == (64, 1, 16, 2)
    assert [series["batch"] for series in told["series"]] == [[1, 2, 4, 8, 16, 32, 64]] * 3
    for series in told["series"]:
        assert set(series) == {"device", "drawn", "batch", "update", "epoch"}
        assert np.array(series["update"]).shape == np.array(series["epoch"]).shape == (7, 3)
    for row in told["table"]:
        assert set(row) == {"name", "what", "unit", "small", "large", "here", "lecture"}
        assert len(row["small"]) == len(row["large"]) == 3
    assert {row["name"] for row in told["table"]} == {
        "one update", "one epoch", "gradient", "optimization", "generalization",
    }  # fmt: skip
    with Image.open("times.png") as image:
        assert image.size == (960, 540)


def test_json_alone_is_json(errsurf: CommandLine) -> None:
    assert errsurf("batches", errsurf.file(SMALL), "--examples", 8, "--large", 4, "--json") == 0
    assert json.loads(errsurf.out)["surface"] == "saddle"


def test_a_data_file_keeps_its_examples(errsurf: CommandLine) -> None:
    Path("points.csv").write_text("input,target\n" + "".join(f"{k},{2 * k + 1}\n" for k in range(12)), encoding="utf-8")
    text = SMALL.replace('kind = "saddle"\ntilt = 0.4', 'kind = "linear_regression"\ndata = "points.csv"')
    assert errsurf("batches", errsurf.file(text), "--json", "--set", "optimizer.lr=0.01") == 0
    assert json.loads(errsurf.out)["examples"] == json.loads(errsurf.out)["large"] == 12


def test_ctrl_c_leaves_nothing(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("errsurf.engine.blocks.advance", pressed)
    assert errsurf("batches", errsurf.file(), "--examples", 8, "-o", "times.png") == 130
    assert errsurf.err.strip() == "errsurf: stopped"
    assert errsurf.names() == {"small.toml"}


def test_diverged_particles_are_counted_and_left_out(errsurf: CommandLine) -> None:
    file = errsurf.file(SMALL)
    assert errsurf("batches", file, "--examples", 8, "--large", 8, "--epochs", 30, "--set", "optimizer.lr=900") == 0
    assert "2,000 of the 2,000 particles diverged" in errsurf.out
    assert errsurf("batches", file, "--examples", 8, "--epochs", 30, "--set", "optimizer.lr=900", "--json") == 0
    assert json.loads(errsurf.out)["table"][-1]["small"] == [None, None, None]


MISTAKES = {
    "a strange suffix": (["-o", "a.gif"], "allowed: .html, .json, .pdf, .png, .svg"),
    "no folder": (["-o", "no/a.png"], "there is no folder no"),
    "an old file": (["-o", "old.png"], "old.png exists"),
    "no scenario": (["nothing"], "no such file"),
    "one example": (["--examples", "1"], "x>=2"),
    "too large a batch": (["--examples", "20", "--large", "21"], "allowed: 1 <= small < large <= 20"),
    "small is large": (["--examples", "20", "--small", "8", "--large", "8"], "small = 8, large = 8"),
    "no epochs": (["--epochs", "0"], "1<=x<=1000"),
    "too many examples": (["--examples", "900000000"], "of memory"),
    "a wrong change": (["--set", "run.updats=1"], "did you mean `updates`"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_said_in_a_line(errsurf: CommandLine, name: str) -> None:
    arguments, words = MISTAKES[name]
    Path("old.png").touch()
    assert errsurf("batches", *arguments) == 2
    assert words in errsurf.err
    assert errsurf.out == ""
    assert errsurf.names() == {"old.png"}
