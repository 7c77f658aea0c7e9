"""`errsurf table`: the numbers of several runs side by side."""

import csv
import io
import json
from pathlib import Path

import pytest

from errsurf import open_sweep
from helpers.command_line import CommandLine

RUN = ("run", "saddle_escape", "--quiet", "--no-pictures", "--set", "claim=[]", "--set", "run.updates=20")


@pytest.fixture
def made(errsurf: CommandLine) -> CommandLine:
    assert errsurf(*RUN, "--out", "one", "--particles", "20") == 0
    assert errsurf(*RUN, "--out", "two", "--particles", "20", "--set", "surface.tilt=0.2", "--seed", "5") == 0
    return errsurf


def test_rows_are_those_of_the_runs_with_what_differs(made: CommandLine) -> None:
    assert made("table", "one", "two", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(made.out)))
    assert [(row["run"], row["surface.tilt"], row["seed"]) for row in rows] == 3 * [("one", "0.5", "7")] + 3 * [
        ("two", "0.2", "5")
    ]
    for folder in ("one", "two"):
        with Path(folder, "table.csv").open(newline="", encoding="utf-8") as file:
            for own, row in zip(csv.DictReader(file), (each for each in rows if each["run"] == folder), strict=True):
                assert own == {key: row[key] for key in own}
    assert made("table", "one", "two", "--json") == 0
    assert [row["group"] for row in json.loads(made.out)] == 2 * ["full batch", "batch 5", "batch 1"]


def test_the_table_has_the_usual_numbers_or_those_asked_for(made: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert made("table", "one", "two") == 0
    head, first, *_ = made.out.splitlines()
    assert head.split() == ["run", "group", "surface.tilt", "surface.test.tilt", "batch", "seed", "train_loss",
                            "test_loss", "sharpness", "share_diverged"]  # fmt: skip
    assert first.split()[:3] == ["one", "full", "batch"]
    assert made("table", "one", "--columns", "train_loss_q05, at_A") == 0
    assert made.out.splitlines()[0].split() == ["run", "group", "batch", "train_loss_q05", "at_A"]


def test_a_table_that_is_too_wide_for_the_terminal_is_cut_between_columns(
    made: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert made("table", "one", "two") == 0
    whole = made.out.splitlines()
    monkeypatch.setenv("COLUMNS", "60")
    assert made("table", "one", "two") == 0
    parts = [part.splitlines() for part in made.out.split("\n\n")]
    assert len(parts) > 1
    assert {len(part) for part in parts} == {len(whole)}
    assert all(line.startswith(whole[k].partition("  ")[0]) for part in parts for k, line in enumerate(part))
    assert max(len(line) for part in parts for line in part) <= 60
    assert [word for part in parts for word in part[0].split()[2:]] == whole[0].split()[2:]


LEAVING = """measure=[{statistic="time_to_leave", point=[0, 0], radius=0.5}]"""
COLUMN = "time_to_leave(point=0 0, radius=0.5)"


def test_measures_are_shown_and_found_by_their_name_or_statistic(
    errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert errsurf(*RUN, "--out", "one", "--particles", "20", "--set", LEAVING) == 0
    assert errsurf("table", "one") == 0
    assert COLUMN in errsurf.out.splitlines()[0]
    for name in (COLUMN, "time_to_leave", f"train_loss, {COLUMN}"):
        assert errsurf("table", "one", "--columns", name) == 0, errsurf.err
        assert errsurf.out.splitlines()[0].endswith(COLUMN)
    assert errsurf("table", "one", "--columns", "time_to_leaf") == 2
    assert "did you mean" not in errsurf.err or "`time_to_leaf`" not in errsurf.err
    two = LEAVING.replace("}]", '}, {statistic="time_to_leave", point=[0, 0], radius=0.4}]')
    assert errsurf(*RUN, "--out", "two", "--particles", "20", "--set", two) == 0
    assert errsurf("table", "two", "--columns", "time_to_leave") == 2
    assert "--columns time_to_leave: several such columns" in errsurf.err


def test_a_sweep_shows_each_setting_once_and_its_columns_are_of_one_kind(errsurf: CommandLine) -> None:
    small = ("--set", "swarm.particles=8", "--set", "run.updates=5", "--set", "claim=[]", "--set", LEAVING)
    varied = ("--vary", "optimizer.lr=0.01,0.1", "--vary", "optimizer.batch=1,full")
    assert errsurf("sweep", "saddle_escape", *varied, *small, "-o", "s") == 0
    assert errsurf("table", "s") == 0
    assert errsurf.out.split("time_to_leave")[0].split() == ["run", "group", "optimizer.lr", "optimizer.batch"]
    columns = open_sweep("s").to_dataframe()
    assert {type(value) for value in columns["batch"]} == {str}
    assert columns["train_loss"].dtype == float


def test_wrong_input_is_said(made: CommandLine) -> None:
    assert made("table", "one", "--columns", "trainloss") == 2
    assert "--columns trainloss: no such column" in made.err
    assert "did you mean `train_loss`?" in made.err
    assert made("table", "one", "nowhere") == 2
    assert made.err == "errsurf: nowhere: there is no such folder\n"
    assert made.out == ""


def test_a_sweep_has_a_table_and_one_of_means_over_seeds(errsurf: CommandLine) -> None:
    small = ("--set", "swarm.particles=8", "--set", "run.updates=5", "--set", "claim=[]")
    assert errsurf("sweep", "saddle_escape", "--vary", "optimizer.lr=0.01,0.1", "--seeds", "2", *small, "-o", "s") == 0
    assert errsurf("table", "s", "--over-seeds", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(errsurf.out)))
    means = open_sweep("s").over_seeds()
    assert [float(row["train_loss_seeds_low"]) for row in rows] == [row["train_loss_seeds_low"] for row in means]
    assert [(row["optimizer.lr"], row["seeds"]) for row in rows] == 3 * [("0.01", "2")] + 3 * [("0.1", "2")]
    assert errsurf("table", "s", "--json") == 0
    assert len(json.loads(errsurf.out)) == 12
    assert errsurf(*RUN, "--out", "one", "--particles", "20") == 0
    assert errsurf("table", "one", "--over-seeds") == 2
    assert "one: no folder of a sweep" in errsurf.err
