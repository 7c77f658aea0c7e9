"""Sweeps: rows, resuming, seeds, and what is refused."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import sleep

import numpy as np
import pytest

import errsurf as public
from errsurf.cli.sweep_rows import _show_lowest
from errsurf.errors import FolderError, FolderTakenError, RunError, ScenarioError, UserError
from errsurf.measures.intervals import student
from errsurf.measures.rows import group_rows
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import terrain_of
from errsurf.scenario import read_scenario
from errsurf.sweeps.computing import Rows, recorded_least
from errsurf.sweeps.journal import Journal
from errsurf.sweeps.sweeping import open_sweep, prepared, sweep
from errsurf.sweeps.table import merged
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine, interrupted, process
from helpers.doc_blocks import blocks

RATES = {"optimizer.lr": "0.05,0.1", "optimizer.batch": "1,full"}


def table(folder: Path) -> list[dict[str, str]]:
    """The rows of a sweep's table."""
    with (folder / "table.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rows_are_those_of_the_runs_themselves(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS + "momentum = 0.5\n")
    found = sweep(file, RATES, seeds=2, folder="grid")
    assert found.complete
    assert (found.cells, len(found.rows), found.groups) == (8, 16, ("slow", "fast"))
    assert [(axis.key, axis.values) for axis in found.axes] == [
        ("optimizer.lr", (0.05, 0.1)),
        ("optimizer.batch", (1, "full")),
    ]
    row = found.rows[-1]
    assert (row["group"], row["optimizer.lr"], row["optimizer.batch"], row["seed"]) == ("fast", 0.1, "full", 1)
    scenario = read_scenario(file, {"optimizer.lr": 0.1, "optimizer.batch": "full", "seed": 1})
    (_, alone) = group_rows(Findings(simulate(scenario), terrain_of(scenario)))
    assert alone == {key: row[key] for key in alone}
    assert found.columns == tuple(table(Path("grid"))[0])
    assert [each["cell"] for each in table(Path("grid"))] == [each["cell"] for each in found.rows]
    assert found.rows[3:5] == [found.rows[3], found.rows[4]]
    with pytest.raises(IndexError):
        found.rows[16]


def test_a_sweep_in_memory_and_one_in_a_folder_have_the_same_rows(errsurf: CommandLine) -> None:
    file = errsurf.file()
    kept = sweep(file, RATES, folder="kept")
    assert list(sweep(file, RATES).rows) == list(kept.rows) == list(open_sweep("kept").rows)
    assert sweep(read_scenario(file), RATES).rows[2]["train_loss"] == kept.rows[2]["train_loss"]


def test_only_what_is_missing_is_computed(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    file = errsurf.file()
    told: list[tuple[int, int]] = []
    sweep(file, {"optimizer.lr": "0.05,0.1"}, folder="grid", progress=lambda *now: told.append(now))
    assert told == [(0, 2), (1, 2), (2, 2)]
    told.clear()
    sweep(file, {"optimizer.lr": "0.01,0.05,0.1"}, seeds=2, folder="grid", progress=lambda *now: told.append(now))
    assert (told[0], told[-1]) == ((2, 6), (6, 6))
    sweep(file, {"optimizer.lr": "0.01,0.05,0.1"}, seeds=2, folder="fresh")
    for name in ("table.csv", "sweep.toml"):
        assert Path("grid", name).read_bytes() == Path("fresh", name).read_bytes()
    monkeypatch.setattr("errsurf.sweeps.runner.cell_rows", None)
    assert sweep(file, {"optimizer.lr": "0.01,0.05,0.1"}, seeds=2, folder="grid").complete


def test_a_torn_journal_and_a_damaged_line_cost_their_cells_only(errsurf: CommandLine) -> None:
    file = errsurf.file()
    sweep(file, RATES, folder="grid")
    whole, journal = Path("grid/table.csv").read_bytes(), Path("grid/cells.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    told: list[tuple[int, int]] = []
    for damaged in (
        [*lines[:-1], lines[-1][:100]],
        [lines[0][:-30] + b"\n", *lines[1:]],
        [b'{"cell": 3, "rows": []}\n', *lines[1:]],
        [b'{"cell": "x", "rows": [{"a": []}]}\n', *lines[1:]],
    ):
        journal.write_bytes(b"".join(damaged))
        told.clear()
        Path("grid/table.csv").write_text("torn", encoding="utf-8")
        sweep(file, RATES, folder="grid", progress=lambda *now: told.append(now))
        assert told[0] == (3, 4)
        assert Path("grid/table.csv").read_bytes() == whole


def test_a_stopped_sweep_keeps_what_is_finished(errsurf: CommandLine) -> None:
    file, stop, many = errsurf.file(), Event(), {"optimizer.lr": "lin:0.01:0.1:20"}
    some = sweep(file, many, folder="grid", stop=stop, progress=lambda done, _: stop.set() if done == 2 else None)
    assert not some.complete
    assert 2 <= some.finished < 20
    assert len(table(Path("grid"))) == some.finished
    assert sweep(file, many, folder="grid").complete
    sweep(file, many, folder="fresh")
    assert Path("grid/table.csv").read_bytes() == Path("fresh/table.csv").read_bytes()


def test_new_columns_join_the_table_where_they_belong(errsurf: CommandLine) -> None:
    found = sweep(errsurf.file(TWO_GROUPS), {"slow.kind": "sgd,adam"}, folder="kinds")
    rows = table(Path("kinds"))
    assert len({len(row) for row in rows}) == 1
    assert found.columns == tuple(rows[0]) == tuple(open_sweep("kinds").columns)
    assert {row["kind"] for row in rows} == {"sgd", "adam"}
    assert merged(["a", "c"], [{"a": 1, "b": 2, "c": 3, "d": 4}]) == ["a", "b", "c", "d"]


def test_groups_without_labels_keep_one_name(errsurf: CommandLine) -> None:
    file = errsurf.file(SMALL)
    assert {row["group"] for row in sweep(file, {"optimizer.batch": "1,2"}).rows} == {"sgd"}
    assert {row["group"] for row in sweep(file, {"optimizer.lr": "0.1,0.2"}).rows} == {"sgd, full batch"}
    found = sweep(file, {"optimizer.batch": "1,2", "optimizer.kind": "sgd,adam"})
    assert {row["group"] for row in found.rows} == {"group 1"}


def test_numbers_over_seeds_have_both_intervals(errsurf: CommandLine) -> None:
    found = sweep(errsurf.file(TWO_GROUPS), {"optimizer.lr": "0.05,0.1"}, seeds=4)
    rows = [row for row in found.over_seeds() if row["group"] == "fast"]
    assert [(row["optimizer.lr"], row["seeds"]) for row in rows] == [(0.05, 4), (0.1, 4)]
    losses = np.array([row["train_loss"] for row in found.rows if row["group"] == "fast"][:4], np.float64)
    half = student(4) * losses.std(ddof=1) / 2
    assert losses.min() < 0, "a plain interval, because losses may be negative here"
    assert rows[0]["train_loss"] == pytest.approx(losses.mean(), rel=1e-12)
    assert rows[0]["train_loss_seeds_low"] == pytest.approx(losses.mean() - half, rel=1e-12)
    assert rows[0]["train_loss_seeds_high"] == pytest.approx(losses.mean() + half, rel=1e-12)
    assert rows[0]["train_loss_low"] < rows[0]["train_loss"] < rows[0]["train_loss_high"]  # type: ignore[operator]
    assert rows[0]["train_loss_n"] == 64
    assert not {"cell", "seed"} & set(rows[0])
    alone = sweep(errsurf.folder / "small.toml", {"optimizer.lr": "0.05"}).over_seeds()[0]
    assert alone["train_loss_seeds_low"] is None


def test_intervals_over_seeds_hold_as_often_as_they_say() -> None:
    draw = np.random.default_rng(3)
    values = draw.normal(size=(20_000, 5))
    half = student(5) * values.std(axis=1, ddof=1) / np.sqrt(5)
    assert np.mean(np.abs(values.mean(axis=1)) <= half) == pytest.approx(0.95, abs=0.006)  # 4 standard errors


def test_seeds_that_are_given_stay(errsurf: CommandLine) -> None:
    fixed = {"swarm.seed": 3, "surface.seed": 4, "run.seed": 5}
    file = errsurf.file()
    with pytest.raises(UserError, match=r"nothing follows the seed"):
        sweep(file, seeds=2, changes=fixed)
    with pytest.raises(UserError, match=r"--seeds 0: allowed: 1 to"):
        sweep(file, seeds=0)
    same = sweep(file, {"optimizer.batch": "full"}, seeds=2, changes={"swarm.seed": 3, "surface.seed": 4})
    first, second = (dict(row) for row in same.rows)
    assert first["train_loss"] == second["train_loss"]  # full batch: nothing else is random


def test_another_sweep_in_the_folder_is_refused(errsurf: CommandLine) -> None:
    file = errsurf.file()
    sweep(file, {"optimizer.lr": "0.05,0.1"}, folder="grid")
    with pytest.raises(
        FolderError, match=r"grid holds another sweep: 1 of its 2 finished cells .* name another folder"
    ):
        sweep(file, {"optimizer.lr": "0.05,0.2"}, folder="grid")
    text = Path("grid/sweep.toml").read_text(encoding="utf-8")
    Path("grid/sweep.toml").write_text(text.replace('errsurf = "', 'errsurf = "0.'), encoding="utf-8")
    with pytest.raises(FolderError, match=r"grid holds a sweep of errsurf 0\..*, and this is"):
        sweep(file, {"optimizer.lr": "0.2"}, folder="grid")
    Path("other").mkdir()
    Path("other/thesis.txt").touch()
    with pytest.raises(FolderError, match=r"other exists and is not the folder of a sweep; it contains thesis.txt"):
        sweep(file, {"optimizer.lr": "0.2"}, folder="other")
    with pytest.raises(FolderError, match=r"small.toml cannot be used"):
        sweep(file, {"optimizer.lr": "0.2"}, folder=file)
    with pytest.raises(FolderError, match=r"nosuch: no folder of a sweep"):
        open_sweep("nosuch")
    Path("grid/sweep.toml").write_text("[", encoding="utf-8")
    with pytest.raises(FolderError, match=r"sweep.toml is damaged"):
        open_sweep("grid")


def test_two_sweeps_cannot_write_one_folder(errsurf: CommandLine) -> None:
    file = errsurf.file()
    first = prepared(file, {"optimizer.lr": "0.05,0.1"}, changes={})

    def another(done: int, _: int) -> None:
        if done == 1:
            with pytest.raises(FolderTakenError, match=r"grid is being written by another sweep"):
                sweep(file, {"optimizer.lr": "0.05,0.1"}, folder="grid")

    assert first.computed(Path("grid"), another).complete


def test_a_cell_that_fails_says_which_and_keeps_the_others(
    errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("errsurf.sweeps.cells.CHECKED", 0)
    varied = {"optimizer.momentum": "0.9,0,0.5,0.4", "optimizer.nesterov": "false,true"}
    with pytest.raises(ScenarioError, match=r"cell optimizer.momentum = 0, optimizer.nesterov = true"):
        sweep(errsurf.file(), varied, folder="grid")
    assert open_sweep("grid").finished >= 1


def test_an_unforeseen_error_names_its_cell(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("errsurf.sweeps.computing.group_rows", fails)
    with pytest.raises(RunError, match=r"cell optimizer.lr = 0.1: out of memory"):
        sweep(errsurf.file(), {"optimizer.lr": "0.1"})


def test_a_full_disk_keeps_what_was_finished(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, added = Journal.add, list[str]()

    def add(journal: Journal, name: str, rows: Rows) -> None:
        if len(added) == 3:
            raise OSError(28, "No space left on device")
        added.append(name)
        plain(journal, name, rows)

    monkeypatch.setattr(Journal, "add", add)
    with pytest.raises(RunError, match=r"grid: the disk is full; 3 of 4 cells are kept"):
        sweep(errsurf.file(), RATES, folder="grid")
    assert open_sweep("grid").finished == 3


def test_few_frames_are_recorded_unless_paths_are_measured() -> None:
    plain = read_scenario("saddle_escape", {"claim": []})
    assert (recorded_least(plain).run.frames, recorded_least(plain).run.losses) == (2, False)
    early = read_scenario("saddle_escape", {"claim": [], "measure": [{"statistic": "train_loss", "at": "50%"}]})
    assert recorded_least(early).run.frames == early.run.frames
    path = read_scenario("saddle_escape", {"claim": [], "measure": [{"statistic": "path_length"}]})
    assert recorded_least(path) == path


def test_a_sweep_in_which_all_diverge_says_so_and_one_particle_has_no_interval(errsurf: CommandLine) -> None:
    errsurf.file(SMALL)
    assert errsurf("sweep", "small.toml", "--vary", "optimizer.lr=1e6,1e7", "-o", "wild") == 0
    assert (
        errsurf.out
        == "no group has a training loss: every particle diverged\nwild/: table.csv, cells.jsonl, sweep.toml\n"
    )
    one = ("--set", "swarm.particles=1", "-o", "one")
    assert errsurf("sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1", *one) == 0
    assert " to " not in errsurf.out


def test_a_folder_of_a_sweep_of_another_scenario_says_what_differs(errsurf: CommandLine) -> None:
    errsurf.file(SMALL)
    again = ("sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1", "-o", "same")
    assert errsurf(*again) == 0
    assert errsurf(*again, "--set", "run.updates=13", "--set", "swarm.particles=8") == 2
    assert errsurf.err == (
        "errsurf: same holds another sweep: its scenario differs in swarm, run; name another folder with --out\n"
    )


def test_the_first_measure_has_its_lowest_number_printed(errsurf: CommandLine) -> None:
    measure = '\n[[measure]]\nstatistic = "distance"\npoint = [0.0, 0.0]\nname = "away"\n'
    errsurf.file(SMALL + measure)
    assert errsurf("sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1", "-o", "measured") == 0
    assert "lowest training loss of each group" in errsurf.out
    rows = errsurf.out.partition("lowest away of each group\n")[2].splitlines()
    least = min(table(Path("measured")), key=lambda row: float(row["away"]))
    assert rows[1].split()[-5:-3] == [least["optimizer.lr"], f"{float(least['away']):.4g}"]


@pytest.mark.parametrize(
    ("ends", "words"),
    [((1.0, 2.0), "1 to 2"), ((None, None), "no interval"), ((1.0, None), "1 or more"), ((None, 2.0), "up to 2")],
)
def test_an_interval_without_an_end_says_what_is_known(
    errsurf: CommandLine, capsys: pytest.CaptureFixture[str], ends: tuple[float | None, float | None], words: str
) -> None:
    errsurf.file(SMALL)
    found = sweep("small.toml", {"optimizer.lr": [0.1]}, seeds=2)
    row = {**found.over_seeds()[0], "train_loss_seeds_low": ends[0], "train_loss_seeds_high": ends[1]}
    _show_lowest(found, [row], "train_loss", "training loss")
    assert capsys.readouterr().out.rstrip().replace("\N{NO-BREAK SPACE}", " ").endswith(f"  {words}")


def test_the_command(errsurf: CommandLine) -> None:
    errsurf.file(SMALL + '\n[sweep]\nseeds = 2\nvary = { "optimizer.lr" = [0.05, 0.1] }\n')
    assert errsurf("sweep", "small.toml") == 0
    assert "lowest training loss of each group" in errsurf.out
    assert errsurf.out.splitlines()[-1] == "results/small-sweep/: table.csv, cells.jsonl, sweep.toml"
    assert len(table(Path("results/small-sweep"))) == 4
    assert errsurf("sweep", "small.toml", "--quiet", "--vary=optimizer.lr=0.2", "-o", "other") == 0
    assert errsurf.out == "other/table.csv\n"
    assert errsurf("sweep", "small.toml", "--json", "-o", "other", "--vary=optimizer.lr=0.2", "--parquet") == 0
    found = json.loads(errsurf.out)
    assert (found["axes"], found["seeds"], found["complete"], len(found["rows"])) == (
        {"optimizer.lr": [0.2]},
        [0, 1],
        True,
        2,
    )
    import pandas as pd

    assert pd.read_parquet("other/table.parquet")["train_loss"].tolist() == [row["train_loss"] for row in found["rows"]]
    assert list(open_sweep("other").to_dataframe().columns) == list(found["rows"][0])


def test_check_looks_at_the_cells_too(errsurf: CommandLine) -> None:
    errsurf.file(SMALL + '\n[sweep]\nseeds = 2\nvary = { "optimizer.lr" = [0.05, 0.1] }\n')
    assert errsurf("check", "small.toml") == 0
    assert errsurf.out.endswith("; a sweep of 4 cells\n")
    assert errsurf("check", "small.toml", '--set=sweep.vary={"optimizer.lr"=[1, -1]}') == 2
    assert "cell optimizer.lr = -1, seed = 0: optimizer[1].lr = -1: out of range" in errsurf.err


def test_wrong_commands_are_told_before_anything_is_written(errsurf: CommandLine) -> None:
    errsurf.file()
    errsurf.file("a\n", "cells.csv")
    for arguments, words in {
        ("--vary", "optimizer.lrr=1,2"): "did you mean `lr`?",
        ("--vary", "optimizer.lr"): "must look like KEY=VALUES",
        ("--vary", "optimizer.lr=1", "--vary", "optimizer.lr=2"): "given twice",
        ("--vary", "optimizer.lr=0.1,-1"): "cell optimizer.lr = -1: optimizer[1].lr = -1: out of range",
        ("--cells", "cells.csv"): "needs a line of keys",
        (): "nothing varies",
        ("--seeds", "2", "--vary", "seed=1,2"): "--seeds is given too",
        ("--vary", "surface.examples=lin:1:1000:1000", "--vary", "optimizer.lr=lin:1:2:1000000"): "1,000,000 values",
    }.items():
        assert errsurf("sweep", "small.toml", *arguments) == 2
        assert words in errsurf.err
        assert errsurf.names() == {"small.toml", "cells.csv"}


def test_a_killed_sweep_goes_on_where_it_was(errsurf: CommandLine) -> None:
    errsurf.file(TWO_GROUPS.replace("updates = 12", "updates = 2000").replace("particles = 16", "particles = 256"))
    arguments = ("sweep", "small.toml", "--vary=optimizer.lr=lin:0.01:0.1:40", "--quiet")
    journal = errsurf.folder / "killed" / "cells.jsonl"
    running = process(*arguments, "-o", "killed", folder=errsurf.folder)
    while running.poll() is None and not (journal.exists() and journal.stat().st_size):
        sleep(0.01)
    running.kill()
    running.communicate()
    assert 1 <= journal.read_bytes().count(b"\n") < 40
    assert errsurf(*arguments[:-1], "-o", "killed") == 0
    assert re.search(r"^\d+ of 40 cells were finished before$", errsurf.out, re.MULTILINE)
    assert errsurf(*arguments, "-o", "whole") == 0
    assert Path("killed/table.csv").read_bytes() == Path("whole/table.csv").read_bytes()


def test_ctrl_c_keeps_what_is_finished(errsurf: CommandLine) -> None:
    errsurf.file(SMALL.replace("updates = 12", "updates = 20000").replace("particles = 16", "particles = 256"))
    arguments = ("sweep", "small.toml", "--vary=optimizer.lr=lin:0.01:0.1:60", "--quiet", "-o", "grid")
    journal = errsurf.folder / "grid" / "cells.jsonl"
    running = process(*arguments, folder=errsurf.folder)
    code, out, err = interrupted(running, lambda: journal.exists() and journal.stat().st_size > 0)
    assert code == 130, err
    assert out == "grid/table.csv\n"
    assert "of 60 cells are finished, and the same command continues" in err
    assert len(table(errsurf.folder / "grid")) == open_sweep("grid").finished < 60


def test_the_page_about_sweeps(errsurf: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    exec("".join(blocks("docs/sweeps.md")), {})
    assert capsys.readouterr().out.startswith(
        "Sweep('flat_or_sharp': 18 of 18 cells, optimizer.lr, optimizer.batch: 18 rows)\n0.02 sgd -0.9"
    )
    assert errsurf.names() == {"rates"}


def test_names_are_public(errsurf: CommandLine) -> None:
    found = public.sweep(errsurf.file(), {"optimizer.lr": np.geomspace(0.01, 0.1, 3)})
    assert isinstance(found, public.Sweep)
    rates = [row["lr"] for row in found.rows]
    assert all(low < high for low, high in pairwise(rates))  # type: ignore[operator]
    assert repr(found) == "Sweep('small': 3 of 3 cells, optimizer.lr: 3 rows)"
