"""Which numbers of a sweep a picture shows, and where."""

import numpy as np
import pytest

from errsurf import UserError, open_sweep, read_scenario, scenario_from, sweep
from errsurf.settings.value_lists import value_word
from errsurf.sweeps.plotting import sweep_plot
from errsurf.sweeps.sweep import Sweep
from helpers.command_line import CommandLine

SMALL = {"swarm.particles": 8, "run.epochs": 2}
RATES = (0.01, 0.1, 1.5)


@pytest.fixture(scope="module")
def found() -> Sweep:
    varied = {"optimizer.lr": RATES, "optimizer.batch": [1, 5, "full"], "optimizer.kind": ["sgd", "adam"]}
    return sweep("saddle_escape", varied, changes=SMALL)


def test_every_number_of_a_picture_is_that_of_its_row(found: Sweep) -> None:
    plot = sweep_plot(found, "train_loss")
    assert (plot.x.name, plot.y.name, plot.panels, plot.lines) == ("lr", "batch", ("sgd", "adam"), False)
    assert plot.y.values == (1, 5, "full")
    assert plot.value.shape == (2, 3, 3)
    for row in found.rows:
        at = plot.panels.index(str(row["kind"])), plot.y.values.index(row["batch"]), plot.x.values.index(row["lr"])
        assert plot.value[at] == row["train_loss"]
        assert (plot.low[at], plot.high[at]) == (row["train_loss_low"], row["train_loss_high"])


def test_groups_that_differ_in_what_varies_alone_are_one(found: Sweep) -> None:
    """The three groups of the scenario differ in their batch: each cell would run one group three times."""
    assert len(found.rows) == 18
    assert found.groups == ("group 1",) or len(found.groups) == 1
    apart = sweep("saddle_escape", {"optimizer.lr": RATES}, changes=SMALL)
    assert apart.groups == ("full batch", "batch 5", "batch 1")


def test_one_setting_gives_lines_and_groups_are_lines(found: Sweep) -> None:
    apart = sweep("saddle_escape", {"optimizer.lr": RATES}, changes=SMALL)
    plot = sweep_plot(apart)
    assert (plot.lines, plot.y.values, plot.panels) == (True, ("full batch", "batch 5", "batch 1"), ("",))
    some = sweep_plot(found, where={"optimizer.kind": "sgd", "optimizer.batch": 5})
    assert (some.lines, some.value.shape) == (True, (1, 1, 3))


def test_the_stability_limit_is_that_of_the_lowest_minimum(found: Sweep) -> None:
    """At the minima of the saddle's surface the sharpness is 2, so that sgd is stable up to 1; adam has no limit."""
    limits = sweep_plot(found).limits
    np.testing.assert_allclose(limits[0], 1.0, rtol=1e-6)
    assert np.isnan(limits[1]).all()


def test_the_limit_is_that_of_each_rule_and_of_the_lr_that_x_counts() -> None:
    """``2 (1 + momentum) / sharpness``, whether momentum is the group's own or varies; ``lr_scaling`` divides it."""
    one = {"optimizer": [{"kind": "sgd", "momentum": 0.5}], "claim": []}
    tables = sweep(scenario_from(read_scenario("saddle_escape"), changes=SMALL | one), {"optimizer.lr": RATES})
    np.testing.assert_allclose(sweep_plot(tables).limits, 1.5, rtol=1e-6)
    alike = sweep(
        "saddle_escape", {"optimizer.lr": RATES, "optimizer.batch": [1, 5]}, changes=SMALL | {"optimizer.momentum": 0.5}
    )
    np.testing.assert_allclose(sweep_plot(alike).limits, 1.5, rtol=1e-6)
    momenta = {"optimizer.lr": RATES, "optimizer.momentum": [0.0, 0.9], "optimizer.batch": [5, "full"]}
    plot = sweep_plot(sweep("saddle_escape", momenta, changes=SMALL), y="optimizer.batch")
    np.testing.assert_allclose(plot.limits, [[1.0, 1.0], [1.9, 1.9]], rtol=1e-6)
    scaled = SMALL | {"optimizer.lr_scaling": "linear", "optimizer.lr_batch": 5}
    plot = sweep_plot(sweep("saddle_escape", {"optimizer.lr": RATES, "optimizer.batch": [5, 10]}, changes=scaled))
    np.testing.assert_allclose(plot.limits, [[1.0, 0.5]], rtol=1e-6)


def test_keys_that_take_their_values_together_are_one_axis() -> None:
    varied = {"optimizer.lr": RATES, "optimizer.momentum": [0.9, 0.5, 0.0]}
    plot = sweep_plot(sweep("saddle_escape", varied, zipped=True, changes=SMALL))
    assert (plot.x.name, plot.y.name, plot.value.shape) == ("lr", "group", (1, 3, 3))
    assert np.isfinite(plot.value).all()


def test_intervals_are_over_seeds_where_there_are_several() -> None:
    several = sweep("saddle_escape", {"optimizer.lr": RATES}, seeds=3, changes=SMALL)
    plot, rows = sweep_plot(several, "train_loss"), several.over_seeds()
    assert plot.low[0, 2, 1] == next(
        row["train_loss_seeds_low"] for row in rows if (row["optimizer.lr"], row["group"]) == (0.1, "batch 1")
    )
    assert "means over 3 seeds" in plot.note


@pytest.mark.parametrize("value", [0.0299, "0.0299", "0.02987", "0.029871"])
def test_a_value_is_found_as_labels_say_it(value: object) -> None:
    close = sweep("saddle_escape", {"optimizer.lr": (0.029871, 0.1), "optimizer.batch": [1, 5]}, changes=SMALL)
    plot = sweep_plot(close, "train_loss", where={"optimizer.lr": value})
    assert plot.value.ravel().tolist() == [row["train_loss"] for row in close.rows if row["optimizer.lr"] == 0.029871]


@pytest.mark.parametrize("value", ["0.03", "0.0298", "1e-2", "nan"])
def test_a_value_that_several_or_none_round_to_is_not_guessed(value: str) -> None:
    close = sweep("saddle_escape", {"optimizer.lr": (0.029998, 0.030002)}, changes=SMALL)
    with pytest.raises(UserError, match=r"values of optimizer.lr: 0.029998, 0.030002"):
        sweep_plot(close, where={"optimizer.lr": value})


BAD = {
    "a column": ({"statistic": "trainloss"}, "no column with a number; closest: train_loss"),
    "a text column": ({"statistic": "kind"}, "no column with a number"),
    "a key": ({"x": "optimizer.rl"}, "no key with several values; closest: optimizer.lr"),
    "one key twice": ({"x": "optimizer.lr", "y": "optimizer.lr"}, "given for x and for y"),
    "a logarithm of words": (
        {"x": "optimizer.batch", "x_scale": "log"},
        "x_scale: log needs positive numbers, and full",
    ),
    "no scale": ({"scale": "sqrt"}, "scale: sqrt; allowed: log, linear"),
    "no such value": (
        {"where": {"optimizer.batch": 7}},
        "no finished cell has optimizer.batch=7; values of optimizer.batch: 1, 5",
    ),
    "no such key": ({"where": {"batch": 7}}, "no varied key"),
}


@pytest.mark.parametrize("given", BAD)
def test_what_cannot_be_drawn_is_said(found: Sweep, given: str) -> None:
    options, words = BAD[given]
    with pytest.raises(UserError, match=words):
        sweep_plot(found, **options)  # type: ignore[arg-type]


def test_the_command_draws_a_folder(errsurf: CommandLine) -> None:
    sweep("saddle_escape", {"optimizer.lr": RATES}, changes=SMALL, folder=errsurf.folder / "s")
    assert errsurf("plot", "s", "a.png", "a.html") == 0
    assert (errsurf.folder / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert errsurf("plot", "s", "a.png") == 2
    assert "exists" in errsurf.err
    assert errsurf("plot", "small", "b.png") == 2
    assert "small: no folder of a sweep" in errsurf.err


ESCAPE = {
    "measure": [{"statistic": "time_to_leave", "name": "escape", "point": [0, 0], "radius": 0.5}],
    "swarm": {"particles": 8, "start": "point", "at": [0, 0]},
    "run.updates": 40,
    "claim": [],
}


def test_a_picture_of_an_unfinished_sweep_says_so_and_tells_how_many_seeds_it_has(errsurf: CommandLine) -> None:
    folder = errsurf.folder / "s"
    found = sweep("saddle_escape", {"optimizer.lr": [0.01, 0.1]}, seeds=3, changes=SMALL, folder=folder)
    kept, journal = [str(row["cell"]) for row in found.rows[:12]], folder / "cells.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    journal.write_text("".join(each for each in lines if any(name in each for name in kept)), encoding="utf-8")
    part = open_sweep(folder)
    told = sweep_plot(part, "train_loss").note
    assert part.finished == 4
    assert "means over 1 to 3 seeds" in told
    assert "unfinished: 4 of 6 cells" in told


def test_times_that_never_came_are_counted(errsurf: CommandLine) -> None:
    """At lr 1e-5 nothing leaves within 40 updates."""
    found = sweep("saddle_escape", {"optimizer.lr": [1e-5, 0.5], "optimizer.batch": [1, 5]}, changes=ESCAPE)
    assert "never: 2 of 4 points" in sweep_plot(found).note
    changes = [f"--set={key}={value_word(value)}" for key, value in ESCAPE.items()]
    varied = ("--vary", "optimizer.lr=1e-5,0.5", "--vary", "optimizer.batch=1,5")
    assert errsurf("sweep", "saddle_escape", *varied, *changes) == 0
    assert "in 2 of 4 rows `escape` is inf: half of the particles or more did not get that far" in errsurf.err


def test_a_picture_names_statistic_unit_and_what_is_kept_and_needs_no_mark() -> None:
    found = sweep("saddle_escape", {"optimizer.lr": [0.1, 0.5], "optimizer.batch": [1, 5]}, changes=ESCAPE)
    plot = sweep_plot(found, where={"optimizer.batch": 5}, best="none")
    assert plot.statistic == "median escape, updates"
    assert "only batch = 5" in plot.note
    assert plot.best == ""
    assert sweep_plot(found, "train_loss").statistic == "median training loss"
