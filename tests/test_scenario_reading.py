"""Scenario files that are right: what they mean, and that they can be written and read again."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from errsurf import optimizers, surfaces, wrappers
from errsurf.sampling import orders as sampling
from errsurf.scenario import (
    Scenario,
    bundled,
    data_files,
    json_schema,
    read_scenario,
    resolved_toml,
    scenario_from,
    total_updates,
    updates_per_epoch,
)
from errsurf.scenario.tables import ChangeTable, GenericExamples, GroupTable, OwnExamples
from errsurf.scenario.writing import plain
from errsurf.starts import start_names

DESIGN = """
title = "Small steps out of a saddle"
about = "Full batch stalls at the saddle; single examples do not."
seed = 7

[surface]
kind = "saddle"
examples = 20                 # shift, scale and tilt are 0, 1 and 0 unless given: all examples agree
tilt = 0.4
test = { examples = 500, shift = [0.2, 0.0] }

[swarm]                       # the same starts for every group
particles = 2000
start = "cloud"               # point, points, cloud, grid or ring
at = [0.0, 0.9]
spread = 0.02

[run]
epochs = 40                   # or: updates = 800
precision = "float32"         # or float64
sampling = "reshuffle"
frames = 200                  # recorded, evenly over the run, first and last included; or "all": every update

[[optimizer]]
label = "full batch"
kind = "sgd"
batch = "full"
lr = 0.05

[[optimizer]]
label = "batch 1, momentum, warmup then cosine"
kind = "sgd"
batch = 1
lr = 0.05
momentum = 0.9
schedule = { warmup = 50, decay = "cosine" }   # a duration is updates (50), epochs ("2 epochs") or a share ("5%")

[picture]
window = { x = [-2, 2], y = [-1.5, 1.5] }
clock = "examples"            # frames in step by examples seen; or by updates

[output]
gif = "saddle.gif"
"""

SHORT: dict[str, Any] = {
    "surface": {"kind": "saddle"},
    "run": {"epochs": 10},
    "optimizer": [{"kind": "adam", "batch": 8}],
}


def written(folder: Path, text: str, name: str = "one") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def rewritten(folder: Path, scenario: Scenario) -> Scenario:
    return read_scenario(written(folder, resolved_toml(scenario), "resolved"))


def short(**tables: Any) -> dict[str, Any]:
    return SHORT | tables


def test_the_example_of_the_design_reads(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, DESIGN))
    assert (scenario.name, scenario.folder, scenario.seed) == ("one", tmp_path, 7)
    assert scenario.surface.train[:1] + scenario.surface.train[2:] == (20, 0.0, (0.0, 0.0), 1.0, 0.4)
    assert scenario.surface.test[:1] + scenario.surface.test[2:] == (500, 0.0, (0.2, 0.0), 1.0, 0.4)
    assert scenario.surface.settings == surfaces.surface("saddle").settings()
    assert (scenario.swarm.particles, scenario.swarm.settings.at, scenario.swarm.settings.spread) == (
        2000,
        (0.0, 0.9),
        0.02,
    )
    assert scenario.run.sampling == ("reshuffle", False, False)
    full, one = scenario.optimizer
    assert (full.label, full.batch, full.settings.lr) == ("full batch", "full", 0.05)
    assert (one.settings.momentum, one.schedule.warmup, one.schedule.settings.T_max) == (0.9, 50, 40 * 20 - 50)
    assert scenario.picture.window == ((-2.0, 2.0), (-1.5, 1.5))
    assert plain(scenario.output) == {"gif": "saddle.gif"}


def test_the_example_of_the_design_reads_back(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, DESIGN))
    assert rewritten(tmp_path, scenario) == scenario


@pytest.mark.parametrize("kind", surfaces.surface_names())
def test_every_surface_reads_back_with_its_defaults(tmp_path: Path, kind: str) -> None:
    scenario = scenario_from(short(surface={"kind": kind}))
    assert scenario.surface.settings == surfaces.surface(kind).settings()
    assert (scenario.surface.train.examples, scenario.surface.test.examples) == (20, 500)
    assert rewritten(tmp_path, scenario) == scenario


@pytest.mark.parametrize("kind", optimizers.optimizer_names())
def test_every_optimizer_reads_back_with_its_defaults(tmp_path: Path, kind: str) -> None:
    scenario = scenario_from(short(optimizer=[{"kind": kind}]))
    assert scenario.optimizer[0].settings == optimizers.optimizer(kind).settings()
    assert scenario.optimizer[0].label == f"{kind}, full batch"
    assert rewritten(tmp_path, scenario) == scenario


STARTS: list[dict[str, Any]] = [
    {"start": "point", "at": [1, 2]},
    {"start": "points", "points": [[0, 1], [2, 3.5]]},
    {"start": "points", "points": [[0, 1]], "particles": 7},
    {"start": "cloud", "spread": 0.25},
    {"start": "grid", "size": [1, 2.5]},
    {"start": "ring", "radius": 0.3},
]


@pytest.mark.parametrize("swarm", STARTS)
def test_every_start_reads_back(tmp_path: Path, swarm: dict[str, Any]) -> None:
    scenario = scenario_from(short(swarm=swarm))
    assert swarm.items() <= plain(scenario.swarm).items()
    assert scenario.swarm.particles == swarm.get("particles", len(swarm["points"]) if "points" in swarm else 1000)
    assert rewritten(tmp_path, scenario) == scenario


def test_tables_take_the_samplings_of_the_engine() -> None:
    for kind in sampling.KINDS:
        run = {"epochs": 1, "sampling": {"kind": kind, "shared": True}}
        assert scenario_from(short(run=run)).run.sampling == (kind, True, False)


def test_settings_of_records_leave_the_general_keys_alone() -> None:
    for name in surfaces.surface_names():
        record = surfaces.surface(name)
        general = GenericExamples if record.examples is None else OwnExamples
        assert not {"kind", "test", *general._fields} & set(record.settings._fields)
    for name in optimizers.optimizer_names():
        general = {"kind", *GroupTable._fields, *ChangeTable._fields}
        assert not general & set(optimizers.optimizer(name).settings._fields)
        assert "lr" in optimizers.optimizer(name).settings._fields
    for name in wrappers.wrapper_names():
        assert "kind" not in wrappers.wrapper(name).settings._fields


def test_nested_settings_are_tables(tmp_path: Path) -> None:
    surface = {"kind": "wells", "wells": [{"at": [1, 0]}, {"at": [-1, 0], "depth": 2, "width": 0.1}]}
    scenario = scenario_from(short(surface=surface))
    assert scenario.surface.settings.wells == (((1.0, 0.0), 1.0, 0.5), ((-1.0, 0.0), 2.0, 0.1))
    assert rewritten(tmp_path, scenario) == scenario


SHIFTS: list[tuple[Any, Any, tuple[Any, ...], tuple[Any, ...]]] = [
    (0.1, None, (0.1, (0.0, 0.0)), (0.1, (0.0, 0.0))),
    (0.1, 0.0, (0.1, (0.0, 0.0)), (0.0, (0.0, 0.0))),
    (0.1, [1, 2], (0.1, (0.0, 0.0)), (0.1, (1.0, 2.0))),
    ([1, 2], None, (0.0, (1.0, 2.0)), (0.0, (1.0, 2.0))),
    ([1, 2], 0.1, (0.0, (1.0, 2.0)), (0.1, (1.0, 2.0))),
    ([1, 2], [0, 0], (0.0, (1.0, 2.0)), (0.0, (0.0, 0.0))),
]


@pytest.mark.parametrize(("train", "test", "train_shift", "test_shift"), SHIFTS)
def test_a_shift_is_a_spread_or_a_displacement(
    tmp_path: Path, train: Any, test: Any, train_shift: tuple[Any, ...], test_shift: tuple[Any, ...]
) -> None:
    changed = {} if test is None else {"shift": test}
    surface = {"kind": "saddle", "shift": train, "scale": 1.5, "test": changed | {"tilt": 0.5}}
    scenario = scenario_from(short(surface=surface))
    assert scenario.surface.train[2:] == (*train_shift, 1.5, 0.0)
    assert scenario.surface.test[2:] == (*test_shift, 1.5, 0.5)
    assert rewritten(tmp_path, scenario) == scenario


def test_own_settings_may_differ_in_test() -> None:
    surface = {"kind": "linear_regression", "slope": 2, "noise": 0.1, "test": {"slope": 3}}
    train, test = scenario_from(short(surface=surface)).surface[2:4]
    assert (train.settings.slope, test.settings.slope, test.settings.noise) == (2.0, 3.0, 0.1)


def test_data_files_count_the_examples_and_are_copied_by_name(tmp_path: Path) -> None:
    for place, rows in (("points.csv", 3), ("test/points.csv", 2)):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("input,target\n" + "1,2\n" * rows)
    surface = {"kind": "linear_regression", "data": "points.csv"}
    tables = short(surface=surface, optimizer=[{"kind": "sgd", "batch": 3}])
    scenario = scenario_from(tables, tmp_path)
    assert (scenario.surface.train.examples, scenario.surface.test.examples) == (3, 3)
    assert scenario.surface.settings.data == str(tmp_path / "points.csv")
    assert rewritten(tmp_path, scenario) == scenario
    other = scenario_from(
        short(surface=surface | {"test": {"data": "test/points.csv"}}, optimizer=[{"kind": "sgd"}]), tmp_path
    )
    assert other.surface.test.examples == 2
    files = data_files(other)
    assert files == {"points.csv": tmp_path / "points.csv", "points-2.csv": tmp_path / "test" / "points.csv"}
    surface_table = tomllib.loads(resolved_toml(other))["surface"]
    assert (surface_table["data"], surface_table["test"]["data"]) == tuple(files)


def test_updates_of_an_epoch() -> None:
    assert updates_per_epoch("full", 1, 20) == 1
    assert updates_per_epoch(3, 1, 20) == 7
    assert updates_per_epoch(3, 2, 20) == 4
    assert updates_per_epoch(1, 50, 20) == 1


def test_durations_become_updates_of_each_group() -> None:
    schedule = {"decay": "linear", "warmup": "2 epochs", "total": "25%"}
    groups = [{"kind": "sgd", "batch": 1, "schedule": schedule}, {"kind": "sgd", "batch": 7, "schedule": schedule}]
    scenario = scenario_from(short(run={"epochs": 40}, optimizer=groups))
    one, seven = scenario.optimizer
    assert (one.schedule.warmup, one.schedule.settings.total, total_updates(scenario.run, one, 20)) == (40, 200, 800)
    assert (seven.schedule.warmup, seven.schedule.settings.total, total_updates(scenario.run, seven, 20)) == (
        6,
        30,
        120,
    )
    by_updates = scenario_from(short(run={"updates": 50}, optimizer=groups))
    assert [group.schedule.settings.total for group in by_updates.optimizer] == [13, 13]


def test_an_endless_share_stays_a_number() -> None:
    groups = [{"kind": "sgd", "batch": 1, "schedule": {"warmup": "999999999999%"}}]
    assert scenario_from(short(run={"epochs": 10**9}, optimizer=groups)).optimizer[0].schedule.warmup == 10**18


CHANGES: list[tuple[str, object, Any]] = [
    ("seed", "5", lambda s: s.seed == 5),
    ("title", "a new title", lambda s: s.title == "a new title"),
    ("surface.tilt", "0.25", lambda s: s.surface.train.tilt == 0.25),
    ("surface.test.shift", "[1, 2]", lambda s: s.surface.test.offset == (1.0, 2.0)),
    ("run.updates", 77, lambda s: (s.run.epochs, s.run.updates) == (None, 77)),
    ("optimizer.lr", "0.5", lambda s: [group.settings.lr for group in s.optimizer] == [0.5, 0.5]),
    ("optimizer[2].lr", "0.5", lambda s: [group.settings.lr for group in s.optimizer] == [0.05, 0.5]),
    ("full batch.lr", "0.5", lambda s: [group.settings.lr for group in s.optimizer] == [0.5, 0.05]),
    (
        "batch 1, momentum, warmup then cosine.schedule.eta_min",
        1e-3,
        lambda s: s.optimizer[1].schedule.settings.eta_min == 1e-3,
    ),
    ("picture.window.x[2]", "9", lambda s: s.picture.window.x == (-2.0, 9.0)),
    ("output.png", "last.png", lambda s: s.output.get("png") == "last.png"),
]


@pytest.mark.parametrize(("key", "value", "holds"), CHANGES)
def test_changes_reach_their_key(tmp_path: Path, key: str, value: object, holds: Any) -> None:
    path = written(tmp_path, DESIGN)
    assert not holds(read_scenario(path))
    assert holds(read_scenario(path, {key: value}))


def test_derived_labels_can_be_addressed() -> None:
    tables = short(optimizer=[{"kind": "adam", "batch": 8}, {"kind": "adam"}])
    changed = scenario_from(tables, changes={"adam, batch 8.lr": 0.5, "adam, full batch.lr": 0.25})
    assert [group.settings.lr for group in changed.optimizer] == [0.5, 0.25]
    assert tables["optimizer"][0] == {"kind": "adam", "batch": 8}


def test_labels_with_dots_can_be_addressed() -> None:
    groups = [{"kind": "sgd", "label": "lr 0"}, {"kind": "sgd", "label": "lr 0.1"}]
    changed = scenario_from(short(optimizer=groups), changes={"lr 0.1.lr": 0.5, "lr 0.momentum": 0.25})
    assert [group.settings[:2] for group in changed.optimizer] == [(0.001, 0.25), (0.5, 0.0)]


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_read_back(tmp_path: Path, name: str) -> None:
    scenario = read_scenario(name)
    for file, path in data_files(scenario).items():
        (tmp_path / file).write_bytes(path.read_bytes())
    again = rewritten(tmp_path, scenario)
    assert resolved_toml(again) == resolved_toml(scenario)


def test_a_file_of_its_own_is_read_before_a_bundled_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, DESIGN, "mine")
    assert read_scenario("mine.toml").folder == tmp_path


def test_the_schema_knows_every_kind_and_setting() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert {"surface", "optimizer"} == set(schema["required"])
    tables = {table["properties"]["kind"]["const"]: table for table in kinds(schema)}
    records = {name: surfaces.surface(name).settings for name in surfaces.surface_names()}
    records |= {name: optimizers.optimizer(name).settings for name in optimizers.optimizer_names()}
    assert set(tables) == set(records)
    for name, settings in records.items():
        described = tables[name]["properties"]
        assert tables[name]["additionalProperties"] is False
        for key, default in settings._field_defaults.items():
            assert described[key]["description"]
            assert described[key].get("default") == (None if default is None else plain(default))


def kinds(schema: dict[str, Any]) -> list[dict[str, Any]]:
    tables = (schema["properties"]["surface"], schema["properties"]["optimizer"]["items"])
    return [schema["$defs"][entry["$ref"].rpartition("/")[2]] for table in tables for entry in table["oneOf"]]


def test_starts_are_told_apart_in_the_schema() -> None:
    entries = json_schema()["properties"]["swarm"]["oneOf"]
    assert len(entries) == len(start_names())
